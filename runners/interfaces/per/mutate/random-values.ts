import {
  keyText,
  type Alternative,
  type Member,
  type Schema,
  type SchemaType,
  type Size,
  type StringType,
  type StructureType,
} from '../schema.ts';
import { characterAt, textOf } from '../strings.ts';
import { plainInteger } from '../values.ts';

/** Random values of a type, repeatable by their seed; what lies deep becomes small, so that they end. */
export class RandomValues {
  readonly #schema: Schema;
  readonly #integerBits: number;
  #state: number;

  /** @param limits `integerBits`: how long integers become where nothing bounds them; default 70 */
  constructor(schema: Schema, seed: number, { integerBits = 70 }: { readonly integerBits?: number } = {}) {
    this.#schema = schema;
    this.#integerBits = integerBits;
    this.#state = seed >>> 0;
  }

  /** 0 to 1, without 1 (mulberry32). */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }

  value(type: SchemaType, depth = 0): unknown {
    switch (type.kind) {
      case 'reference':
        return this.value(this.#named(type.name), depth + 1);
      case 'boolean':
        return this.unit() < 0.5;
      case 'null':
        return null;
      case 'real':
        return this.pick([0, -0, 1, -1.5, 1e300, 5e-324, Infinity, this.unit() * 1e6 - 5e5, 3 * 2 ** 200]);
      case 'objectIdentifier':
        return `${this.pick(['0.3', '1.39', '2.999'])}.${this.below(2 ** 31)}.${this.below(200)}`;
      case 'relativeOid':
        return `${this.below(200)}.${this.below(2 ** 31)}`;
      case 'integer':
        return this.#integer(type);
      case 'enumerated':
        return this.pick(type.extensible ? [...type.root, ...type.additions] : type.root);
      case 'bits': {
        const length = this.#length(type.size, depth);
        const bits = this.octets(Math.ceil(length / 8));
        const last = bits.length - 1;
        if (length % 8 > 0) bits[last] = (bits[last] ?? 0) & (0xff << (8 - (length % 8)));
        // Zeros at the end of named bits do not count.
        if (type.named && length > 0) bits[last] = (bits[last] ?? 0) | (1 << ((8 - (length % 8)) % 8));
        return { bits, length };
      }
      case 'octets':
        return type.contents === null
          ? this.octets(this.#length(type.size, depth))
          : this.value(type.contents, depth + 1);
      case 'string':
        return this.#text(type, this.#length(type.size, depth));
      case 'list': {
        const length = this.#length(type.size, depth + (LIGHT.has(type.element.kind) ? 0 : 3));
        return Array.from({ length }, () => this.value(type.element, depth + 1));
      }
      case 'structure':
        return this.#structure(type, depth);
      case 'choice': {
        const all = depth > DEEP || !type.extensible ? type.root : [...type.root, ...type.additions];
        const { name, type: inner } = depth > DEEP ? this.#shallowest(all) : this.pick(all);
        return { [name]: this.value(inner, depth + 1) };
      }
      case 'open':
        return this.octets(1 + this.below(20));
    }
  }

  octets(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  #named(name: string): SchemaType {
    const type = this.#schema.types.get(name);
    if (type === undefined) throw new Error(`the schema has no ${name}`);
    return type;
  }

  #integer({ ranges, extensible }: SchemaType & { kind: 'integer' }): number | bigint {
    const { min, max } = this.pick(ranges);
    if (extensible && this.unit() < 0.2) {
      const above = ranges.at(-1)?.max;
      if (above !== null && above !== undefined && above < 2n ** BigInt(this.#integerBits))
        return plainInteger(above + 1n + BigInt(this.below(2 ** 20)));
    }
    const from = min ?? (max ?? 2n ** 20n) - 2n ** BigInt(1 + this.below(this.#integerBits));
    const to = max ?? from + 2n ** BigInt(1 + this.below(this.#integerBits));
    const edge = this.unit();
    if (edge < 0.2) return plainInteger(from);
    if (edge < 0.4) return plainInteger(to);
    return plainInteger(from + (BigInt(Math.floor(this.unit() * 2 ** 53)) * (to - from)) / 2n ** 53n);
  }

  #length({ ranges, extensible }: Size, depth: number): number {
    const { min, max } = this.pick(ranges);
    const low = Number(min ?? 0n);
    const highest = max === null ? low + 1_000 : Number(max);
    if (extensible && max !== null && this.unit() < 0.15 && depth <= DEEP)
      return Number(ranges.at(-1)?.max ?? 0n) + 1 + this.below(3);
    if (depth > DEEP) return low;
    const spread = this.unit() < 0.05 && depth < 3 ? 40_000 : this.pick([0, 1, 3, 8, 20]);
    return low + this.below(Math.min(highest - low, spread) + 1);
  }

  #text({ set, alphabet }: StringType, length: number): string {
    if (alphabet === null)
      return Array.from({ length }, () =>
        this.pick(set === 'UTF8String' ? ['a', 'ß', '語', '😀'] : ['a', 'é', '7']),
      ).join('');
    const count = Math.min(alphabet.count, 2 ** 16);
    return textOf(
      Array.from({ length }, () => notHalf(characterAt(alphabet, this.below(count)))),
      set,
    );
  }

  #structure(type: StructureType, depth: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    this.#members(type.root, value, depth);
    const chance = depth > DEEP || !type.extensible ? 0 : 0.3;
    for (const { members } of type.additions) {
      if (this.unit() < chance) this.#members(members, value, depth);
      for (const { name, default: standard } of members)
        if (standard !== null) value[name] ??= standard.value;
    }
    return value;
  }

  #members(members: readonly Member[], value: Record<string, unknown>, depth: number): void {
    for (const { name, type, optional, default: standard } of members) {
      if ((optional || standard !== null) && (depth > DEEP || this.unit() < 0.4)) {
        if (standard !== null) value[name] = standard.value;
        continue;
      }
      if (type.kind !== 'open') {
        value[name] = this.value(type, depth + 1);
        continue;
      }
      const rows = type.table === null ? undefined : this.#schema.tables.get(type.table.name);
      const at = type.table?.at[0];
      if (rows === undefined || rows.size === 0 || at === undefined) {
        // Others may know more than this schema does: what it knows nothing of gets a key that hardly anybody has.
        if (rows !== undefined && at !== undefined && typeof value[at] === 'number')
          value[at] = UNUSED_KEYS - this.below(UNUSED_KEY_COUNT);
        value[name] = this.value(type);
      } else {
        const known = rows.get(keyText(value[at]));
        const [key, inner] = known === undefined ? this.pick([...rows]) : [null, known];
        if (key !== null && typeof value[at] === 'number') value[at] = Number(key);
        else if (key !== null && typeof value[at] === 'string') value[at] = key;
        value[name] = this.value(inner, depth + 1);
      }
    }
  }

  /** Of the alternatives, one that seems to end soon. */
  #shallowest(all: readonly Alternative[]): Alternative {
    return (
      all.find(({ type }) => !['reference', 'structure', 'choice', 'list', 'open'].includes(type.kind)) ??
      this.pick(all)
    );
  }
}

const DEEP = 12;

/** The highest keys of protocols whose keys have 16 bits. */
const UNUSED_KEYS = 65_535;
const UNUSED_KEY_COUNT = 1_000;

/** Elements of which there may be many. */
const LIGHT = new Set(['boolean', 'null', 'integer']);

/** Half a surrogate pair is no character. */
function notHalf(code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? 0x41 : code;
}
