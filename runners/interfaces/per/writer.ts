import { badValue } from './error.ts';
import type { BitString } from './values.ts';

export type Variant = 'aligned' | 'unaligned';

/** Lengths from here on are cut into fragments of one to four times this (X.691 clause 11.9.3.8). */
export const FRAGMENT = 16_384;
const MAX_BYTES = 1 << 27;
/** Deepest nesting of types that contain themselves. */
const MAX_DEPTH = 64;

/** Bits, one after the other, in a buffer that grows. */
export class Writer {
  readonly aligned: boolean;
  #bytes = new Uint8Array(4_096);
  /** Bits written so far. */
  #at = 0;
  #depth = 0;

  constructor(variant: Variant) {
    this.aligned = variant === 'aligned';
  }

  reset(): void {
    this.#at = 0;
    this.#depth = 0;
  }

  /** A copy of what was written; a complete encoding has at least one octet (X.691 clause 11.1). */
  complete(): Uint8Array {
    const length = Math.max(1, (this.#at + 7) >>> 3);
    if (this.#at === 0) this.#bytes[0] = 0;
    return this.#bytes.slice(0, length);
  }

  /** @param count 0 to 32 */
  bits(value: number, count: number): void {
    this.#grow(count);
    const first = this.#at & 7;
    if (first + count <= 8) {
      const index = this.#at >>> 3;
      const part = (value & ((1 << count) - 1)) << (8 - first - count);
      if (count > 0) this.#bytes[index] = first === 0 ? part : (this.#bytes[index] ?? 0) | part;
      this.#at += count;
      return;
    }
    for (let left = count; left > 0;) {
      const used = this.#at & 7;
      const now = Math.min(8 - used, left);
      left -= now;
      const part = (left === 0 ? value : value / 2 ** left) & ((1 << now) - 1);
      const index = this.#at >>> 3;
      const before = used === 0 ? 0 : (this.#bytes[index] ?? 0);
      this.#bytes[index] = before | (part << (8 - used - now));
      this.#at += now;
    }
  }

  bit(value: boolean): void {
    const used = this.#at & 7;
    if (used === 0) this.#grow(1);
    const index = this.#at >>> 3;
    const before = used === 0 ? 0 : (this.#bytes[index] ?? 0);
    this.#bytes[index] = value ? before | (128 >>> used) : before;
    this.#at += 1;
  }

  /** @param value not negative, less than 2^count */
  bigBits(value: bigint, count: number): void {
    const first = count % 32;
    if (first > 0) this.bits(Number(value >> BigInt(count - first)), first);
    for (let left = count - first; left > 0; left -= 32)
      this.bits(Number((value >> BigInt(left - 32)) & 0xffff_ffffn), 32);
  }

  /** To the next octet, with zeros, in the aligned variant. */
  align(): void {
    if (this.aligned) this.#at = (this.#at + 7) & ~7;
  }

  octets(source: Uint8Array): void {
    this.#grow(source.length * 8);
    if ((this.#at & 7) === 0) {
      this.#bytes.set(source, this.#at >>> 3);
      this.#at += source.length * 8;
    } else for (const octet of source) this.bits(octet, 8);
  }

  /** As many octets as the value needs, after their number in some bits (X.691 clause 11.5.7.4). */
  sized(value: number, lengthBits: number): void {
    const count = octetsOf(value);
    this.bits(count - 1, lengthBits);
    this.align();
    this.bits(value, count * 8);
  }

  /** Octets that begin at one, unless there are none. */
  alignedOctets(source: Uint8Array): void {
    if (source.length > 0) this.align();
    this.octets(source);
  }

  bitString({ bits, length }: BitString, aligned: boolean): void {
    if (aligned && length > 0) this.align();
    const whole = length >>> 3;
    const rest = length & 7;
    this.octets(rest === 0 ? bits : bits.subarray(0, whole));
    if (rest > 0) this.bits((bits[whole] ?? 0) >>> (8 - rest), rest);
  }

  /** Characters that stand for themselves. */
  text(text: string, bits: number, aligned: boolean): void {
    if (aligned && text.length > 0) this.align();
    for (let index = 0; index < text.length; index += 1) this.bits(text.charCodeAt(index), bits);
  }

  /** Goes into a type that can contain itself. */
  down(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw badValue('the value is nested too deeply');
  }

  up(): void {
    this.#depth -= 1;
  }

  /** A length determinant without limits, of less than a fragment. */
  length(count: number): void {
    this.align();
    if (count < 128) this.bits(count, 8);
    else this.bits(0x8000 | count, 16);
  }

  /** Some items with the lengths of their fragments before them (X.691 clause 11.9). */
  fragments(count: number, write: (from: number, to: number) => void): void {
    let from = 0;
    while (count - from >= FRAGMENT) {
      const blocks = Math.min(4, Math.floor((count - from) / FRAGMENT));
      this.align();
      this.bits(0xc0 | blocks, 8);
      write(from, from + blocks * FRAGMENT);
      from += blocks * FRAGMENT;
    }
    this.length(count - from);
    write(from, count);
  }

  /** Octets with their length. */
  octetsWithLength(source: Uint8Array): void {
    if (source.length < FRAGMENT) {
      this.length(source.length);
      this.octets(source);
    } else this.fragments(source.length, (from, to) => this.octets(source.subarray(from, to)));
  }

  /** A normally small number (X.691 clause 11.6). */
  small(value: number): void {
    this.bit(value >= 64);
    if (value < 64) {
      this.bits(value, 6);
      return;
    }
    const count = octetsOf(value);
    this.length(count);
    this.bits(value, count * 8);
  }

  /** A normally small length (X.691 clause 11.9.3.4), of less than a fragment. */
  smallLength(count: number): void {
    this.bit(count > 64);
    if (count <= 64) this.bits(count - 1, 6);
    else this.length(count);
  }

  /** Begins an open type in place: its length takes one octet for now. */
  enter(): number {
    this.align();
    const start = this.#at;
    this.bits(0, 8);
    return start;
  }

  /** Ends the open type that began there: fills it up to whole octets and puts its length. */
  leave(start: number): void {
    const rest = (this.#at - start) & 7;
    if (rest > 0) this.bits(0, 8 - rest);
    if (this.#at === start + 8) this.bits(0, 8);
    const count = (this.#at - start) / 8 - 1;
    if (count < 128) this.#put(start, count, 8);
    else if (count < FRAGMENT) {
      this.#grow(8);
      const from = (start + 8) >>> 3;
      this.#bytes.copyWithin(from + 1, from, (this.#at + 7) >>> 3);
      this.#at += 8;
      this.#put(start, 0x8000 | count, 16);
    } else {
      const contents = this.#cut(start + 8, count);
      this.#at = start;
      this.octetsWithLength(contents);
    }
  }

  /** Overwrites bits in place. */
  #put(at: number, value: number, count: number): void {
    for (let index = 0; index < count; index += 1) {
      const [place, mask] = [(at + index) >>> 3, 128 >>> ((at + index) & 7)];
      const before = this.#bytes[place] ?? 0;
      this.#bytes[place] = (value >>> (count - 1 - index)) & 1 ? before | mask : before & ~mask;
    }
  }

  /** A copy of some octets that need not begin at one. Bits after the last one of an unfinished octet are cleared. */
  #cut(from: number, count: number): Uint8Array {
    const [index, shift] = [from >>> 3, from & 7];
    if (shift === 0) return this.#bytes.slice(index, index + count);
    return Uint8Array.from({ length: count }, (_, at) => {
      const pair = ((this.#bytes[index + at] ?? 0) << 8) | (this.#bytes[index + at + 1] ?? 0);
      return (pair >>> (8 - shift)) & 255;
    });
  }

  #grow(bits: number): void {
    const needed = ((this.#at + bits) >>> 3) + 2;
    if (needed <= this.#bytes.length) return;
    if (needed > MAX_BYTES) throw badValue(`the encoding is longer than ${String(MAX_BYTES)} octets`);
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

function octetsOf(value: number): number {
  return value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x100_0000 ? 3 : 4;
}
