import type { Field } from './fields.ts';

/** An element with an identifier, as it was found. */
export interface FoundElement {
  /** `null` where the message has none of that identifier. */
  readonly field: Field | null;
  readonly iei: number;
  /** `null` where the octets end before it does. */
  readonly value: number | Uint8Array | null;
  readonly offset: number;
}

/** Elements one after the other. */
export class NasReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** The upper half of an octet of which the lower one has been read. */
  #upper: number | null = null;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  get offset(): number {
    return this.#at;
  }

  /** The value of an element without identifier; `null` where the octets end before it does. */
  mandatory({ format, octets }: Field): number | Uint8Array | null {
    if (format === 'half') return this.#half();
    if (format === 'v') return this.#octets(octets[0]);
    return this.#withLength(format === 'lv-e' ? 2 : 1);
  }

  /** `null` at the end. */
  optional(fields: readonly Field[]): FoundElement | null {
    const offset = this.#at;
    const first = this.#bytes[offset];
    if (first === undefined) return null;
    this.#at += 1;
    const isHalf = first >= 0x80;
    const iei = isHalf ? first & 0xf0 : first;
    const field = fields.find((each) => each.iei === iei && (each.format === 'tv1') === isHalf) ?? null;
    if (isHalf) return { field, iei, value: first & 0xf, offset };
    if (field?.format === 'tv') return { field, iei, value: this.#octets(field.octets[0]), offset };
    // TS 24.007 clause 11.2.4: of unknown elements, the identifier tells how long their length is.
    return { field, iei, value: this.#withLength(first >> 4 === 7 ? 2 : 1), offset };
  }

  #half(): number | null {
    if (this.#upper !== null) {
      const value = this.#upper;
      this.#upper = null;
      return value;
    }
    const octet = this.#bytes[this.#at];
    if (octet === undefined) return null;
    this.#at += 1;
    this.#upper = octet >> 4;
    return octet & 0xf;
  }

  #withLength(width: number): Uint8Array | null {
    const head = this.#octets(width);
    return head === null ? null : this.#octets(head.reduce((sum, octet) => sum * 0x100 + octet, 0));
  }

  #octets(count: number): Uint8Array | null {
    const end = this.#at + count;
    if (end > this.#bytes.length) {
      this.#at = this.#bytes.length;
      return null;
    }
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }
}
