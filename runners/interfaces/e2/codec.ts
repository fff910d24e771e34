import { make } from './gen/e2ap.js';
import { schema } from './gen/e2ap-schema.js';
import { isRead, messageRule, messageRuleOf } from './messages.ts';
import {
  KINDS,
  type AnyMessage,
  type Criticality,
  type E2Message,
  type Element,
  type Ies,
  type Kind,
  type MessageName,
} from './types.ts';
import { type Fault, PerError } from '../per/error.ts';
import { decodeValue } from '../per/interpret-decode.ts';
import { encodeValue } from '../per/interpret-encode.ts';
import * as runtime from '../per/runtime.ts';
import type { SchemaType } from '../per/schema.ts';
import { isObject, REST } from '../per/values.ts';

/** Payload protocol identifier of E2AP, on every association. @see O-RAN.WG3.E2GAP; IANA SCTP payload protocol identifiers */
export const E2AP_PPID = 70;

export const PDU_TYPE: SchemaType = { kind: 'reference', name: 'E2AP.E2AP-PDU', recursive: false };

const CODECS = make(runtime);
const PDU = CODECS['E2AP.E2AP-PDU'];

const PDU_NAMES = {
  initiating: 'initiatingMessage',
  successful: 'successfulOutcome',
  unsuccessful: 'unsuccessfulOutcome',
} as const satisfies Record<Kind, string>;

/**
 * The octets of a message whose elements are what the specification wants, in its order and with its criticality.
 *
 * @throws PerError PER_VALUE_INVALID with the path of what does not belong to its type
 */
export function encodeMessage<Name extends MessageName>(name: Name, ies: Ies<Name>): Uint8Array {
  return encodeElements(name, elementsFor(name, ies));
}

/** The elements that {@link encodeMessage} writes: a start for messages that are to be wrong in one place. */
export function elementsFor<Name extends MessageName>(
  name: Name,
  ies: Partial<Ies<Name>>,
): readonly Element[] {
  const values: Readonly<Record<string, unknown>> = ies;
  return messageRule(name).elements.flatMap(({ id, criticality, name: element }) =>
    values[element] === undefined ? [] : [{ id, criticality, value: values[element] }],
  );
}

/** Where a message differs from what the specification says of it. */
export interface Deviation {
  readonly kind?: Kind;
  readonly code?: number;
  readonly criticality?: Criticality;
}

/**
 * The octets of a message with any elements in any order; `{ '...': octets }` as value of an element goes out as it is.
 *
 * @throws PerError PER_VALUE_INVALID with the path of what does not belong to its type
 */
export function encodeElements(
  name: MessageName,
  elements: readonly Element[],
  deviation: Deviation = {},
): Uint8Array {
  const rule = { ...messageRule(name), ...deviation };
  const contents = { protocolIEs: elements };
  // What stands in a message of another procedure has to be said; nothing else tells its type.
  const foreign = deviation.kind !== undefined || deviation.code !== undefined;
  return encodePdu({
    [PDU_NAMES[rule.kind]]: {
      procedureCode: rule.code,
      criticality: rule.criticality,
      value: foreign ? { [REST]: CODECS[`E2AP.${name}`].encode(contents) } : contents,
    },
  });
}

/** The octets of an E2AP-PDU as `per/values.ts` holds it. @throws PerError PER_VALUE_INVALID with the path */
export function encodePdu(pdu: unknown): Uint8Array {
  try {
    return PDU.encode(pdu as Parameters<typeof PDU.encode>[0]);
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    // The interpreter refuses the same, and says where.
    return encodeValue(schema, 'aligned', { type: PDU_TYPE, value: pdu });
  }
}

/** What can be known of a message without knowing its procedure. */
export interface Envelope {
  readonly kind: Kind;
  readonly code: number;
  readonly criticality: Criticality;
}

export interface DecodedPdu {
  readonly bytes: Uint8Array;
  /** The value as far as it could be read; `null` when nothing could. */
  readonly pdu: unknown;
  /** `null` when it could not be read, or is of a kind that did not exist when we were written. */
  readonly envelope: Envelope | null;
  /** `null` also where the procedure, or this message of it, does not exist. */
  readonly message: AnyMessage | null;
  /** What is wrong with the encoding, with the path: a transfer syntax error when not empty. */
  readonly faults: readonly Fault[];
}

/** Strictly; what breaks the rules is read leniently again, so that it can be said where and the rest can be shown. Never throws. */
export function decodePdu(bytes: Uint8Array): DecodedPdu {
  try {
    return readPdu(bytes, PDU.decode(bytes), []);
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
  }
  try {
    const decoding = { schema, variant: 'aligned', type: PDU_TYPE, mode: 'lenient' } as const;
    const { value, faults } = decodeValue(bytes, decoding);
    return readPdu(bytes, value, faults);
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return { bytes, pdu: null, envelope: null, message: null, faults: [error.found] };
  }
}

function readPdu(bytes: Uint8Array, pdu: unknown, faults: readonly Fault[]): DecodedPdu {
  const kind = isObject(pdu) ? KINDS.find((each) => isObject(pdu[PDU_NAMES[each]])) : undefined;
  if (kind === undefined || !isObject(pdu)) return { bytes, pdu, envelope: null, message: null, faults };
  const { procedureCode, criticality, value } = pdu[PDU_NAMES[kind]] as Readonly<Record<string, unknown>>;
  const envelope = { kind, code: Number(procedureCode), criticality: criticality as Criticality };
  return { bytes, pdu, envelope, message: readMessage(envelope, value), faults };
}

function readMessage({ kind, code, criticality }: Envelope, value: unknown): AnyMessage | null {
  const rule = messageRuleOf(kind, code);
  if (rule === undefined || !isObject(value) || !Array.isArray(value['protocolIEs'])) return null;
  const elements = value['protocolIEs'] as readonly Element[];
  const ies: Record<string, unknown> = {};
  for (const { id, value: contents } of elements) {
    const name = rule.places.get(id)?.name;
    if (name !== undefined && isRead(contents)) ies[name] ??= contents;
  }
  const message: E2Message = { name: rule.name, procedure: rule.procedure, kind, criticality, ies, elements };
  return message as AnyMessage;
}
