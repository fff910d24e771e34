import type { Schema, SchemaType } from '../per/schema.ts';
import { PerError } from '../per/error.ts';
import { decodeValue } from '../per/interpret-decode.ts';
import { IntegerShape } from './plain-integer.ts';
import type { ApRules, MessageRule } from './rules.ts';
import { type Kind, KINDS } from './types.ts';

/** An element that was asked for by its name. */
interface ElementReader {
  readonly id: number;
  /** The value in octets of its own; `undefined` when it is not as it should be. */
  readonly read: (bytes: Uint8Array, at: number, end: number) => unknown;
}

interface Known {
  readonly rule: MessageRule;
  readonly readers: Map<string, ElementReader | null>;
}

export interface SkimParts {
  readonly rules: ApRules;
  readonly schema: Schema;
  /** What the generated `make` gives. */
  readonly codecs: object;
}

/** What was found without reading all of a message; `odd` when it has to be read whole to know. */
export type Skimmed = { readonly value: unknown } | 'absent' | 'odd';

/** Procedure and its criticality stand before the length of what is in the envelope. */
const ENVELOPE_BYTES = 3;
const SHORTEST_BYTES = 7;
const LIST_HEAD_BYTES = 3;
/** In an element, behind its identifier and its criticality. */
const LENGTH_AT = 3;
const [LONG_FORM, FRAGMENTED] = [0x80, 0xc0];

/**
 * Finds single elements in the octets of messages, each in its place, without reading the rest: a message of the RAN is an envelope
 * with elements that tell how long they are. Whatever is odd is left to whoever reads all of it. @see X.691 §11.2, §19, §20, §23
 */
export class Skimmer {
  readonly #parts: SkimParts;
  readonly #known: readonly ReadonlyMap<number, Known>[];
  /** By the first octet of a message. */
  readonly #kinds: ReadonlyMap<number, number>;

  constructor(parts: SkimParts) {
    this.#parts = parts;
    this.#kinds = firstOctets(parts.schema, parts.rules.protocol);
    this.#known = KINDS.map(
      (kind) =>
        new Map(
          parts.rules.messagesOf(kind).map((rule) => [rule.code, { rule, readers: new Map() }] as const),
        ),
    );
  }

  /** What message it is and where its elements begin; `undefined` when it has to be read whole. */
  open(bytes: Uint8Array): SkimmedMessage | undefined {
    const kind = this.#kinds.get(bytes[0] ?? 0xff);
    const known = kind === undefined ? undefined : this.#known[kind]?.get(bytes[1] ?? 0);
    if (known === undefined || !isCriticality(bytes[2]) || bytes.length < SHORTEST_BYTES) return undefined;
    const at = contentsAt(bytes, ENVELOPE_BYTES);
    // What stands before the elements: that there is nothing unknown behind them, and how many they are.
    if (at < 0 || endOf(bytes, ENVELOPE_BYTES) !== bytes.length || bytes[at] !== 0) return undefined;
    const count = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    if (!isList(bytes, at + LIST_HEAD_BYTES, count)) return undefined;
    return new SkimmedMessage({ skimmer: this, known, bytes, at: at + LIST_HEAD_BYTES });
  }

  readerOf({ rule, readers }: Known, element: string): ElementReader | null {
    const known = readers.get(element);
    if (known !== undefined) return known;
    const reader = this.#makeReader(rule, element);
    if (readers.size < MAX_READERS) readers.set(element, reader);
    return reader;
  }

  #makeReader({ name, elements }: MessageRule, element: string): ElementReader | null {
    const { rules, schema, codecs } = this.#parts;
    const id = elements.find((one) => one.name === element)?.id;
    const type = schema.tables.get(`${rules.protocol}.${name}-IEs/&Value`)?.get(String(id));
    if (id === undefined || type === undefined) return null;
    const integer = IntegerShape.of(type);
    if (integer !== undefined) return { id, read: (bytes, at, end) => integer.read(bytes, at, end) };
    const decode = decoderOf(type, schema, codecs as Readonly<Record<string, Decoder>>);
    return {
      id,
      read: (bytes, at, end) => {
        try {
          return decode(bytes.subarray(at, end));
        } catch (error) {
          if (!(error instanceof PerError)) throw error;
          return undefined;
        }
      },
    };
  }
}

const MAX_READERS = 256;

interface Decoder {
  readonly decode: (bytes: Uint8Array) => unknown;
}

function decoderOf(
  type: SchemaType,
  schema: Schema,
  codecs: Readonly<Record<string, Decoder>>,
): (bytes: Uint8Array) => unknown {
  const named = type.kind === 'reference' ? codecs[type.name] : undefined;
  if (named !== undefined) return named.decode;
  return (bytes) => decodeValue(bytes, { schema, variant: 'aligned', type, mode: 'strict' }).value;
}

interface Opened {
  readonly skimmer: Skimmer;
  readonly known: Known;
  readonly bytes: Uint8Array;
  /** Where the first element begins; the last one ends with the message. */
  readonly at: number;
}

export class SkimmedMessage {
  readonly #opened: Opened;

  constructor(opened: Opened) {
    this.#opened = opened;
  }

  get name(): string {
    return this.#opened.known.rule.name;
  }

  /** The value of the first element of a name. */
  element(name: string): Skimmed {
    const { skimmer, known, bytes } = this.#opened;
    const reader = skimmer.readerOf(known, name);
    if (reader === null) return 'absent';
    let { at } = this.#opened;
    while (at < bytes.length) {
      const end = endOf(bytes, at + LENGTH_AT);
      if ((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) === reader.id) {
        const value = reader.read(bytes, contentsAt(bytes, at + LENGTH_AT), end);
        return value === undefined ? 'odd' : { value };
      }
      at = end;
    }
    return 'absent';
  }
}

/** Whether so many elements stand there, one behind the other, to the end. */
function isList(bytes: Uint8Array, from: number, count: number): boolean {
  let at = from;
  for (let left = count; left > 0; left -= 1) {
    if (at + LENGTH_AT >= bytes.length || !isCriticality(bytes[at + 2])) return false;
    if (contentsAt(bytes, at + LENGTH_AT) < 0) return false;
    at = endOf(bytes, at + LENGTH_AT);
    if (at > bytes.length) return false;
  }
  return at === bytes.length;
}

/** In the two highest bits of an octet of its own. */
function isCriticality(octet = 0xff): boolean {
  return (octet & 0x3f) === 0 && octet !== 0xc0;
}

/** Where the octets begin whose length stands at a place; -1 when they come in fragments. */
function contentsAt(bytes: Uint8Array, at: number): number {
  const length = bytes[at] ?? FRAGMENTED;
  return length < LONG_FORM ? at + 1 : length < FRAGMENTED ? at + 2 : -1;
}

/** Where they end. */
function endOf(bytes: Uint8Array, at: number): number {
  const length = bytes[at] ?? 0;
  return length < LONG_FORM ? at + 1 + length : at + 2 + (((length & 0x3f) << 8) | (bytes[at + 1] ?? 0));
}

/** The first octet of a message tells which of the three kinds it is: the index of an alternative, in two bits behind one for extensions. */
function firstOctets(schema: Schema, protocol: string): ReadonlyMap<number, number> {
  const type = schema.types.get(`${protocol}.${protocol}-PDU`);
  if (type?.kind !== 'choice') return new Map();
  const shift = type.extensible ? 5 : 6;
  const names: Readonly<Record<Kind, string>> = {
    initiating: 'initiatingMessage',
    successful: 'successfulOutcome',
    unsuccessful: 'unsuccessfulOutcome',
  };
  return new Map(
    KINDS.map((kind, index) => [type.root.findIndex(({ name }) => name === names[kind]) << shift, index]),
  );
}
