import type { SchemaType } from '../per/schema.ts';

/** Reads integers that have bounds from octets of their own, without making anything: most identifiers are such. @see X.691 §13 */
export class IntegerShape {
  readonly #min: number;
  readonly #count: number;
  readonly #extensible: boolean;

  /** `undefined` for other types. */
  static of(type: SchemaType): IntegerShape | undefined {
    if (type.kind !== 'integer' || type.ranges.length !== 1) return undefined;
    const [range] = type.ranges;
    const { min, max } = range ?? { min: null, max: null };
    if (min === null || max === null || min < 0n || max > BigInt(Number.MAX_SAFE_INTEGER) - 1n)
      return undefined;
    return new IntegerShape(Number(min), Number(max - min) + 1, type.extensible);
  }

  private constructor(min: number, count: number, extensible: boolean) {
    this.#min = min;
    this.#count = count;
    this.#extensible = extensible;
  }

  /** What stands in the octets from `at` to before `end`; `undefined` when that is anything but its one plain encoding. */
  read(bytes: Uint8Array, at: number, end: number): number | undefined {
    const first = bytes[at] ?? 0;
    const preamble = this.#extensible ? 1 : 0;
    if (at >= end || (preamble === 1 && first >= 0x80)) return undefined;
    const count = this.#count;
    if (count <= 255) return count === 1 ? undefined : this.#bits(first << preamble, end - at);
    if (count <= 65_536) {
      const octets = count <= 256 ? 1 : 2;
      return this.#octets(bytes, at + preamble, { octets, end });
    }
    // How many octets follow is told in as few bits as can tell it.
    const lengthBits = bitsFor(octetsFor(count - 1));
    const octets = 1 + (((first << preamble) & 0xff) >>> (8 - lengthBits));
    if (octets > 1 && bytes[at + 1] === 0) return undefined;
    return this.#octets(bytes, at + 1, { octets, end });
  }

  #bits(first: number, length: number): number | undefined {
    const value = (first & 0xff) >>> (8 - bitsFor(this.#count));
    return length === 1 && value < this.#count ? this.#min + value : undefined;
  }

  #octets(
    bytes: Uint8Array,
    at: number,
    { octets, end }: { readonly octets: number; readonly end: number },
  ): number | undefined {
    if (at + octets !== end) return undefined;
    let value = 0;
    for (let index = at; index < end; index += 1) value = value * 256 + (bytes[index] ?? 0);
    return value < this.#count ? this.#min + value : undefined;
  }
}

/** Bits that tell so many things apart. */
function bitsFor(count: number): number {
  return 32 - Math.clz32(count - 1);
}

function octetsFor(value: number): number {
  return Math.max(1, Math.ceil(Math.log2(value + 1) / 8));
}
