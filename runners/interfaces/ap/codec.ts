import { type ApRules, isRead } from './rules.ts';
import { Skimmer, type SkimmedMessage } from './skim.ts';
import { type ApMessage, type Criticality, type Element, type Kind, KINDS } from './types.ts';
import { type Fault, PerError } from '../per/error.ts';
import { decodeValue } from '../per/interpret-decode.ts';
import { encodeValue } from '../per/interpret-encode.ts';
import type { Schema, SchemaType } from '../per/schema.ts';
import { isObject, REST } from '../per/values.ts';

const PDU_NAMES = {
  initiating: 'initiatingMessage',
  successful: 'successfulOutcome',
  unsuccessful: 'unsuccessfulOutcome',
} as const satisfies Record<Kind, string>;

/** Where a message differs from what the specification says of it. */
export interface Deviation {
  readonly kind?: Kind;
  readonly code?: number;
  readonly criticality?: Criticality;
}

/** What can be known of a message without knowing its procedure. */
export interface Envelope {
  readonly kind: Kind;
  readonly code: number;
  readonly criticality: Criticality;
}

export interface DecodedPdu<Message = ApMessage> {
  readonly bytes: Uint8Array;
  /** The value as far as it could be read; `null` when nothing could. */
  readonly pdu: unknown;
  /** `null` when it could not be read, or is of a kind that did not exist when we were written. */
  readonly envelope: Envelope | null;
  /** `null` also where the procedure, or this message of it, does not exist. */
  readonly message: Message | null;
  /** What is wrong with the encoding, with the path: a transfer syntax error when not empty. */
  readonly faults: readonly Fault[];
}

/** Generated functions of a type; what they are given is checked by them. */
interface TypeCodec {
  readonly encode: (value: never) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
}

export interface ApCodecParts<Name extends string, Procedure extends string> {
  readonly rules: ApRules<Name, Procedure>;
  readonly schema: Schema;
  /** What the generated `make` gives. */
  readonly codecs: object;
}

/** Messages of a protocol as octets: `Messages` holds the elements of each by its name, `Any` is any message that was read. */
export class ApCodec<Messages, Any, Name extends keyof Messages & string, Procedure extends string> {
  readonly pduType: SchemaType;
  readonly #rules: ApRules<Name, Procedure>;
  readonly #schema: Schema;
  readonly #codecs: Readonly<Record<string, TypeCodec>>;
  readonly #pdu: TypeCodec;
  #skimmer: Skimmer | undefined;

  constructor({ rules, schema, codecs }: ApCodecParts<Name, Procedure>) {
    const name = `${rules.protocol}.${rules.protocol}-PDU`;
    this.pduType = { kind: 'reference', name, recursive: false };
    this.#rules = rules;
    this.#schema = schema;
    this.#codecs = codecs as Readonly<Record<string, TypeCodec>>;
    this.#pdu = this.#codec(name);
  }

  /**
   * The octets of a message whose elements are what the specification wants, in its order and with its criticality.
   *
   * @throws PerError PER_VALUE_INVALID with the path of what does not belong to its type
   */
  readonly encodeMessage = <One extends Name>(name: One, ies: Messages[One]): Uint8Array =>
    this.encodeElements(name, this.elementsFor(name, ies));

  /** The elements that {@link encodeMessage} writes: a start for messages that are to be wrong in one place. */
  readonly elementsFor = <One extends Name>(name: One, ies: Partial<Messages[One]>): readonly Element[] => {
    const values = ies as Readonly<Record<string, unknown>>;
    return this.#rules
      .message(name)
      .elements.flatMap(({ id, criticality, name: element }) =>
        values[element] === undefined ? [] : [{ id, criticality, value: values[element] }],
      );
  };

  /**
   * The octets of a message with any elements in any order; `{ '...': octets }` as value of an element goes out as it is.
   *
   * @throws PerError PER_VALUE_INVALID with the path of what does not belong to its type
   */
  readonly encodeElements = (
    name: Name,
    elements: readonly Element[],
    deviation: Deviation = {},
  ): Uint8Array => {
    const rule = { ...this.#rules.message(name), ...deviation };
    const contents = { protocolIEs: elements };
    // What stands in a message of another procedure has to be said; nothing else tells its type.
    const foreign = deviation.kind !== undefined || deviation.code !== undefined;
    const own = foreign ? this.#codec(`${this.#rules.protocol}.${name}`) : null;
    return this.encodePdu({
      [PDU_NAMES[rule.kind]]: {
        procedureCode: rule.code,
        criticality: rule.criticality,
        value: own === null ? contents : { [REST]: own.encode(contents as never) },
      },
    });
  };

  /** The octets of a PDU as `per/values.ts` holds it. @throws PerError PER_VALUE_INVALID with the path */
  readonly encodePdu = (pdu: unknown): Uint8Array => {
    try {
      return this.#pdu.encode(pdu as never);
    } catch (error) {
      if (!(error instanceof PerError)) throw error;
      // The interpreter refuses the same, and says where.
      return encodeValue(this.#schema, 'aligned', { type: this.pduType, value: pdu });
    }
  };

  /** Strictly; what breaks the rules is read leniently again, so that it can be said where and the rest can be shown. Never throws. */
  readonly decodePdu = (bytes: Uint8Array): DecodedPdu<Any> => {
    try {
      return this.#read(bytes, this.#pdu.decode(bytes), []);
    } catch (error) {
      if (!(error instanceof PerError)) throw error;
    }
    try {
      const decoding = {
        schema: this.#schema,
        variant: 'aligned',
        type: this.pduType,
        mode: 'lenient',
      } as const;
      const { value, faults } = decodeValue(bytes, decoding);
      return this.#read(bytes, value, faults);
    } catch (error) {
      if (!(error instanceof PerError)) throw error;
      return { bytes, pdu: null, envelope: null, message: null, faults: [error.found] };
    }
  };

  /** What message it is, for single elements of it; `undefined` when it has to be read whole. Never throws. */
  readonly skimPdu = (bytes: Uint8Array): SkimmedMessage | undefined => {
    this.#skimmer ??= new Skimmer({ rules: this.#rules, schema: this.#schema, codecs: this.#codecs });
    return this.#skimmer.open(bytes);
  };

  #codec(name: string): TypeCodec {
    const codec = this.#codecs[name];
    if (codec === undefined) throw new TypeError(`there are no functions for ${name}`);
    return codec;
  }

  #read(bytes: Uint8Array, pdu: unknown, faults: readonly Fault[]): DecodedPdu<Any> {
    const kind = isObject(pdu) ? KINDS.find((each) => isObject(pdu[PDU_NAMES[each]])) : undefined;
    if (kind === undefined || !isObject(pdu)) return { bytes, pdu, envelope: null, message: null, faults };
    const { procedureCode, criticality, value } = pdu[PDU_NAMES[kind]] as Readonly<Record<string, unknown>>;
    const envelope = { kind, code: Number(procedureCode), criticality: criticality as Criticality };
    return { bytes, pdu, envelope, message: this.#readMessage(envelope, value), faults };
  }

  #readMessage({ kind, code, criticality }: Envelope, value: unknown): Any | null {
    const rule = this.#rules.messageOf(kind, code);
    if (rule === undefined || !isObject(value) || !Array.isArray(value['protocolIEs'])) return null;
    const elements = value['protocolIEs'] as readonly Element[];
    const ies: Record<string, unknown> = {};
    for (const { id, value: contents } of elements) {
      const name = rule.places.get(id)?.name;
      if (name !== undefined && isRead(contents)) ies[name] ??= contents;
    }
    const { name, procedure } = rule;
    return { name, procedure, kind, criticality, ies, elements } satisfies ApMessage as Any;
  }
}
