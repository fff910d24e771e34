import type { Scalar } from '../../../src/domain/trace-property.ts';
import type { Skimmed, SkimmedMessage } from '../ap/skim.ts';
import { isObject } from '../per/values.ts';
import type { JudgedContent } from './protocol.ts';

/** A message as a codec of application protocols of the RAN gives it. */
export interface DecodedContent {
  readonly message: { readonly name: string; readonly ies: object } | null;
  readonly faults: readonly unknown[];
}

export interface ContentCodec {
  readonly skimPdu: (bytes: Uint8Array) => SkimmedMessage | undefined;
  readonly decodePdu: (bytes: Uint8Array) => DecodedContent;
}

/** What is judged of messages: no more of one is read than what is asked for, unless something about it is odd. */
export class ContentReader {
  readonly #codec: ContentCodec;
  /** Paths that were asked for; properties name few. */
  readonly #ways = new Map<string, readonly Way[]>();

  constructor(codec: ContentCodec) {
    this.#codec = codec;
  }

  /** Never throws. */
  readonly look = (bytes: Uint8Array): JudgedContent => {
    const skimmed = this.#codec.skimPdu(bytes);
    return skimmed === undefined ? this.whole(bytes) : new SkimmedContent(bytes, this, skimmed);
  };

  /** The same, by reading all of it. */
  whole(bytes: Uint8Array): JudgedContent {
    const { message, faults } = this.#codec.decodePdu(bytes);
    const ies = (message?.ies ?? {}) as Readonly<Record<string, unknown>>;
    const element = (name: string): Skimmed => (Object.hasOwn(ies, name) ? { value: ies[name] } : 'absent');
    return {
      name: message?.name ?? '',
      isDamaged: faults.length > 0,
      value: (path) => valueAt(this.waysOf(path), element),
    };
  }

  waysOf(path: string): readonly Way[] {
    const known = this.#ways.get(path);
    if (known !== undefined) return known;
    const made = path.split('|').map((way) => {
      const [element = '', ...inside] = way.split('.');
      return { element, inside };
    });
    if (this.#ways.size < MAX_WAYS) this.#ways.set(path, made);
    return made;
  }
}

const MAX_WAYS = 4_096;

class SkimmedContent implements JudgedContent {
  readonly #bytes: Uint8Array;
  readonly #reader: ContentReader;
  readonly #skimmed: SkimmedMessage;
  #whole: JudgedContent | undefined;
  #isOdd = false;

  constructor(bytes: Uint8Array, reader: ContentReader, skimmed: SkimmedMessage) {
    this.#bytes = bytes;
    this.#reader = reader;
    this.#skimmed = skimmed;
  }

  get name(): string {
    return this.#skimmed.name;
  }

  get isDamaged(): boolean {
    return this.#read().isDamaged;
  }

  value(path: string): Scalar | undefined {
    if (this.#whole !== undefined) return this.#whole.value(path);
    const value = valueAt(this.#reader.waysOf(path), this.#element);
    return this.#isOdd ? this.#read().value(path) : value;
  }

  readonly #element = (name: string): Skimmed => {
    const skimmed = this.#skimmed.element(name);
    if (skimmed === 'odd') this.#isOdd = true;
    return skimmed;
  };

  #read(): JudgedContent {
    this.#whole ??= this.#reader.whole(this.#bytes);
    return this.#whole;
  }
}

interface Way {
  readonly element: string;
  readonly inside: readonly string[];
}

/** Of several ways, the first that leads to something. */
function valueAt(ways: readonly Way[], element: (name: string) => Skimmed): Scalar | undefined {
  for (const { element: name, inside } of ways) {
    const found = element(name);
    if (typeof found === 'string') continue;
    let here = found.value;
    for (const part of inside) here = isObject(here) && Object.hasOwn(here, part) ? here[part] : undefined;
    const value = scalarOf(here);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Identifiers of several numbers, such as RICrequestID, are one text. */
function scalarOf(value: unknown): Scalar | undefined {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (!isObject(value)) return undefined;
  const parts = Object.values(value).map(scalarOf);
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.join('/') : undefined;
}
