import { type Fault, PerError } from './error.ts';
import { decodeLeaf, readCount } from './interpret-decode-leaf.ts';
import { canBeAbsent, valueAt } from './interpret-encode.ts';
import { readConstrained } from './numbers.ts';
import { type Limits, Reader } from './reader.ts';
import {
  type ChoiceType,
  keyText,
  type Member,
  type OpenType,
  type Schema,
  type SchemaType,
  type StructureType,
} from './schema.ts';
import { REST, sameValue, type UnknownAddition } from './values.ts';
import type { Variant } from './writer.ts';

export interface Decoding {
  readonly schema: Schema;
  readonly variant: Variant;
  readonly type: SchemaType;
  /** `lenient` goes on behind what is wrong wherever it is clear how. */
  readonly mode: 'strict' | 'lenient';
  readonly limits?: Limits;
  /** Hears where every field stands. */
  readonly seen?: (field: Field) => void;
}

/** Where in a message the encoding of a component is, with its length or count where it has one. */
export interface Field {
  readonly path: string;
  readonly kind: SchemaType['kind'];
  /** In bits from the beginning; inside fragments that were joined, from where these begin. */
  readonly from: number;
  readonly to: number;
}

export interface Decoded {
  readonly value: unknown;
  /** The first hundred; the first of them is what a strict decoder throws. */
  readonly faults: readonly Fault[];
}

const MAX_FAULTS = 100;

/**
 * The value that some octets encode, by walking the schema: slow, and plain to follow.
 *
 * @throws PerError PER_INVALID with the path and the bit of the first fault; when lenient, of the fault behind which nothing can be read
 */
export function decodeValue(bytes: Uint8Array, decoding: Decoding): Decoded {
  return new Decoder(decoding).decode(bytes);
}

class Decoder {
  readonly #decoding: Decoding;
  readonly #path: string[] = [];
  readonly #faults: Fault[] = [];

  constructor(decoding: Decoding) {
    this.#decoding = decoding;
  }

  decode(bytes: Uint8Array): Decoded {
    const { variant, limits, mode, type } = this.#decoding;
    const complain = (message: string, bitOffset: number) =>
      this.#note({ path: this.#place(), bitOffset, message });
    try {
      const reader = new Reader(bytes, {
        variant,
        ...(limits === undefined ? {} : { limits }),
        ...(mode === 'lenient' ? { complain } : {}),
      });
      const value = this.#read(reader, type);
      reader.finish();
      return { value, faults: this.#faults };
    } catch (error) {
      throw error instanceof PerError ? error.at(this.#place()) : error;
    }
  }

  #place(): string {
    return this.#path.join('').replace(/^\./u, '');
  }

  #note(fault: Fault): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(fault);
  }

  #read(reader: Reader, type: SchemaType): unknown {
    const { seen } = this.#decoding;
    if (seen === undefined || type.kind === 'reference') return this.#value(reader, type);
    const from = reader.bitOffset;
    const value = this.#value(reader, type);
    seen({ path: this.#place(), kind: type.kind, from, to: reader.bitOffset });
    return value;
  }

  #value(reader: Reader, type: SchemaType): unknown {
    switch (type.kind) {
      case 'reference':
        return this.#reference(reader, type);
      case 'structure':
        return this.#structure(reader, type);
      case 'choice':
        return this.#choice(reader, type);
      case 'list':
        return this.#list(reader, type);
      case 'octets': {
        const octets = decodeLeaf(reader, type);
        const { contents } = type;
        if (contents === null || !(octets instanceof Uint8Array)) return octets;
        return this.#whole(reader.inside(octets), contents, () => octets);
      }
      case 'open':
        return reader.fail('an open type stands in no SEQUENCE');
      default:
        return decodeLeaf(reader, type);
    }
  }

  #reference(reader: Reader, { name, recursive }: SchemaType & { kind: 'reference' }): unknown {
    const type = this.#decoding.schema.types.get(name);
    if (type === undefined) return reader.fail(`the schema has no ${name}`);
    if (recursive) reader.down();
    const value = this.#read(reader, type);
    if (recursive) reader.up();
    return value;
  }

  #inside<T>(step: string, read: () => T): T {
    this.#path.push(step);
    const value = read();
    this.#path.pop();
    return value;
  }

  #list(reader: Reader, { element, size }: SchemaType & { kind: 'list' }): readonly unknown[] {
    const items: unknown[] = [];
    readCount(reader, size, (count) => {
      reader.take(count);
      for (let left = count; left > 0; left -= 1)
        items.push(this.#inside(`[${String(items.length)}]`, () => this.#read(reader, element)));
    });
    return items;
  }

  /** @see ITU-T X.691 clause 19 */
  #structure(reader: Reader, type: StructureType): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const extended = type.extensible && reader.bit() === 1;
    this.#members(reader, type.root, value);
    if (extended) this.#additions(reader, type, value);
    for (const { name, default: standard } of type.additions.flatMap(({ members }) => members))
      if (standard !== null && value[name] === undefined) value[name] = standard.value;
    return value;
  }

  #members(reader: Reader, members: readonly Member[], value: Record<string, unknown>): void {
    const present = members.map((member) => !canBeAbsent(member) || reader.bit() === 1);
    for (const [index, member] of members.entries()) {
      if (present[index] === true) this.#member(reader, member, value);
      else if (member.default !== null) value[member.name] = member.default.value;
    }
  }

  #member(reader: Reader, { name, type, default: standard }: Member, value: Record<string, unknown>): void {
    this.#inside(`.${name}`, () => {
      value[name] = type.kind === 'open' ? this.#open(reader, type, value) : this.#read(reader, type);
      if (standard !== null && isSimple(type) && sameValue(standard.value, value[name]))
        reader.complain('a value that is the default is left out');
    });
  }

  #additions(reader: Reader, type: StructureType, value: Record<string, unknown>): void {
    const count = reader.smallLength();
    const present = Array.from({ length: count }, () => reader.bit() === 1);
    const unknown: UnknownAddition[] = [];
    for (const [index, isThere] of present.entries()) {
      const addition = type.additions[index];
      if (!isThere) continue;
      if (addition === undefined) unknown.push({ index, bytes: reader.octetsWithLength() });
      else {
        const contents = reader.octetsWithLength();
        const inner = reader.inside(contents);
        if (addition.group) this.#members(inner, addition.members, value);
        else for (const member of addition.members) this.#member(inner, member, value);
        inner.finish();
      }
    }
    if (count !== type.additions.length || !present.includes(true))
      value[REST] = { count, additions: unknown };
  }

  /** @see ITU-T X.691 clause 23 */
  #choice(reader: Reader, { root, additions, extensible }: ChoiceType): unknown {
    if (extensible && reader.bit() === 1) {
      const index = reader.small();
      const alternative = additions[index];
      if (alternative === undefined) return { [REST]: { index, bytes: reader.octetsWithLength() } };
      const { name, type } = alternative;
      const contents = reader.octetsWithLength();
      return {
        [name]: this.#inside(`.${name}`, () =>
          this.#whole(reader.inside(contents), type, () => ({ [REST]: contents })),
        ),
      };
    }
    const alternative = root[Number(readConstrained(reader, BigInt(root.length)))];
    if (alternative === undefined) return reader.fail('there is no such alternative');
    return {
      [alternative.name]: this.#inside(`.${alternative.name}`, () => this.#read(reader, alternative.type)),
    };
  }

  /** @see ITU-T X.691 clause 11.2 */
  #open(reader: Reader, { table }: OpenType, whole: Record<string, unknown>): unknown {
    const type =
      table === null
        ? undefined
        : this.#decoding.schema.tables.get(table.name)?.get(keyText(valueAt(whole, table.at)));
    const from = reader.bitOffset;
    const contents = reader.octetsWithLength();
    this.#decoding.seen?.({ path: this.#place(), kind: 'open', from, to: reader.bitOffset });
    if (type === undefined) return contents;
    return this.#whole(reader.inside(contents), type, () => ({ [REST]: contents }));
  }

  /** A complete encoding inside another one; when lenient, what cannot be read stays as it is. */
  #whole(inner: Reader, type: SchemaType, instead: () => unknown): unknown {
    const depth = this.#path.length;
    try {
      const value = this.#read(inner, type);
      inner.finish();
      return value;
    } catch (error) {
      if (this.#decoding.mode === 'strict' || !(error instanceof PerError)) throw error;
      this.#note({ ...error.found, path: this.#place() });
      this.#path.length = depth;
      return instead();
    }
  }
}

/** Types whose default the sender must leave out (X.691 clause 19.5); others it may send. */
export function isSimple({ kind }: SchemaType): boolean {
  return ['boolean', 'integer', 'enumerated', 'null'].includes(kind);
}
