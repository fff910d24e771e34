import { PerError } from './error.ts';
import type { BitString } from './values.ts';
import { FRAGMENT, type Variant } from './writer.ts';

/** What a message may cost, whoever sent it. */
export interface Limits {
  /** Deepest nesting of types that contain themselves. */
  readonly depth: number;
  /** Items of all lists together, beyond eight for every octet of the message. */
  readonly items: number;
  /** Longest message, in octets. */
  readonly bytes: number;
}

export const LIMITS: Limits = { depth: 64, items: 65_536, bytes: 1 << 26 };

/** Longest integer, object identifier or real, in octets; there is no longer one in any protocol. */
export const MAX_NUMBER_OCTETS = 1_024;

export interface ReaderOptions {
  readonly variant: Variant;
  readonly limits?: Limits;
  /** Hears of what is wrong and can be read on; without it, that is thrown like the rest. */
  readonly complain?: (message: string, bitOffset: number) => void;
}

interface Outside {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** What is left of the limits: shared by all readers of one message. */
interface Budget {
  items: number;
  depth: number;
}

/** Bits of a message, one after the other. Everything that is wrong is a `PerError`; a path is for the caller to add. */
export class Reader {
  readonly aligned: boolean;
  readonly #complain: ReaderOptions['complain'];
  readonly #options: ReaderOptions;
  readonly #budget: Budget;
  /** Where in the message the octets of this reader begin, in bits. */
  readonly #base: number;
  readonly #outside: Outside[] = [];
  /** Where the open types begin that have been entered. */
  readonly #starts: number[] = [0];
  #bytes: Uint8Array;
  #at = 0;
  #end: number;

  constructor(
    bytes: Uint8Array,
    options: ReaderOptions,
    from?: { readonly budget: Budget; readonly base: number },
  ) {
    const { variant, limits = LIMITS, complain } = options;
    this.aligned = variant === 'aligned';
    this.#options = options;
    this.#complain = complain;
    this.#bytes = bytes;
    this.#end = bytes.length * 8;
    this.#budget = from?.budget ?? { items: limits.items + bytes.length * 8, depth: limits.depth };
    this.#base = from?.base ?? 0;
    if (bytes.length > limits.bytes) this.fail(`the message is longer than ${String(limits.bytes)} octets`);
  }

  /** A reader for octets out of this message, with what is left of the limits. */
  inside(contents: Uint8Array): Reader {
    const base = this.#base + this.#at - contents.length * 8;
    return new Reader(contents, this.#options, { budget: this.#budget, base });
  }

  get bitOffset(): number {
    return this.#base + this.#at;
  }

  fail(message: string): never {
    throw new PerError('PER_INVALID', { path: '', bitOffset: this.bitOffset, message });
  }

  /** Something is wrong, but it is clear how to go on. */
  complain(message: string): void {
    if (this.#complain === undefined) this.fail(message);
    this.#complain(message, this.bitOffset);
  }

  bit(): number {
    const at = this.#at;
    if (at >= this.#end) this.fail(ENDS);
    this.#at = at + 1;
    return ((this.#bytes[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
  }

  /** @param count 0 to 32 */
  bits(count: number): number {
    const at = this.#at;
    if (at + count > this.#end) this.fail(ENDS);
    const first = at & 7;
    if (first + count <= 8) {
      this.#at = at + count;
      return ((this.#bytes[at >>> 3] ?? 0) >>> (8 - first - count)) & ((1 << count) - 1);
    }
    let value = 0;
    for (let left = count; left > 0;) {
      const used = this.#at & 7;
      const now = Math.min(8 - used, left);
      const part = ((this.#bytes[this.#at >>> 3] ?? 0) >>> (8 - used - now)) & ((1 << now) - 1);
      value = value * (1 << now) + part;
      this.#at += now;
      left -= now;
    }
    return value;
  }

  bigBits(count: number): bigint {
    let value = BigInt(this.bits(count % 32));
    for (let left = count - (count % 32); left > 0; left -= 32)
      value = (value << 32n) | BigInt(this.bits(32));
    return value;
  }

  /** To the next octet, in the aligned variant. */
  align(): void {
    const used = this.#at & 7;
    if (!this.aligned || used === 0) return;
    const rest = (this.#bytes[this.#at >>> 3] ?? 0) & (0xff >>> used);
    if (rest !== 0) this.complain(PADDING);
    this.#at += 8 - used;
  }

  /** Octets of the message itself where they begin at one, else a copy. */
  octets(count: number): Uint8Array {
    const at = this.#at;
    const end = at + count * 8;
    if (end > this.#end) this.fail(ENDS);
    const [index, shift] = [at >>> 3, at & 7];
    this.#at = end;
    const bytes = this.#bytes;
    if (shift === 0) return bytes.subarray(index, index + count);
    const copy = new Uint8Array(count);
    for (let place = 0; place < count; place += 1) {
      const pair = ((bytes[index + place] ?? 0) << 8) | (bytes[index + place + 1] ?? 0);
      copy[place] = (pair >>> (8 - shift)) & 255;
    }
    return copy;
  }

  /** Takes the next bit if it is zero, as an extension bit mostly is. */
  skipZero(): boolean {
    if (this.bit() === 0) return true;
    this.#at -= 1;
    return false;
  }

  /** @param count 8 or 16, from an octet on in the aligned variant */
  octetBits(count: number): number {
    this.align();
    return this.bits(count);
  }

  /** A number in octets whose number stands before them (X.691 clause 11.5.7.4). */
  sized(lengthBits: number): number {
    const count = this.bits(lengthBits) + 1;
    this.align();
    const value = this.bits(count * 8);
    if (count > 1 && value < 2 ** (count * 8 - 8)) this.complain('a number takes more octets than it needs');
    return value;
  }

  /** Octets that begin at one, unless there are none. */
  alignedOctets(count: number): Uint8Array {
    if (count > 0) this.align();
    return this.octets(count);
  }

  bitString(length: number, aligned: boolean): BitString {
    if (aligned && length > 0) this.align();
    const rest = length & 7;
    if (rest === 0) return { bits: this.octets(length >>> 3), length };
    const bits = new Uint8Array((length + 7) >>> 3);
    bits.set(this.octets(length >>> 3));
    bits[length >>> 3] = this.bits(rest) << (8 - rest);
    return { bits, length };
  }

  /** A length determinant without limits. From `FRAGMENT` on it is that of a fragment, and another one follows. */
  length(): number {
    this.align();
    const first = this.bits(8);
    if (first < 128) return first;
    if (first < 192) {
      const count = ((first & 63) << 8) | this.bits(8);
      if (count < 128) this.complain('a length takes more octets than it needs');
      return count;
    }
    const blocks = first & 63;
    if (blocks < 1 || blocks > 4) this.fail('a fragment has one to four blocks');
    return blocks * FRAGMENT;
  }

  /** A length that is not cut into fragments. */
  wholeLength(limit: number): number {
    const count = this.length();
    if (count > limit) this.fail(`more than ${String(limit)} octets`);
    return count;
  }

  /** Octets with their length. */
  octetsWithLength(): Uint8Array {
    const count = this.length();
    const first = this.octets(count);
    return count < FRAGMENT ? first : this.#joined(first);
  }

  #joined(first: Uint8Array): Uint8Array {
    const parts = [first];
    for (let count = FRAGMENT; count >= FRAGMENT;) {
      count = this.length();
      parts.push(this.octets(count));
    }
    return new Uint8Array(Buffer.concat(parts));
  }

  /** A normally small number (X.691 clause 11.6). */
  small(): number {
    if (this.bit() === 0) return this.bits(6);
    const count = this.wholeLength(4);
    const value = this.bits(count * 8);
    if (value < 64 || value < 2 ** ((count - 1) * 8))
      this.complain('a small number takes more octets than it needs');
    return value;
  }

  /** A normally small length (X.691 clause 11.9.3.4). */
  smallLength(): number {
    if (this.bit() === 0) return this.bits(6) + 1;
    const count = this.wholeLength(FRAGMENT - 1);
    if (count <= 64) this.complain('a small length takes more octets than it needs');
    return count;
  }

  /** Takes items of a list out of what the message may cost. */
  take(items: number): void {
    this.#budget.items -= items;
    if (this.#budget.items < 0) this.fail('the message has too many items');
  }

  /** Goes into a type that can contain itself. */
  down(): void {
    this.#budget.depth -= 1;
    if (this.#budget.depth < 0) this.fail('the message is nested too deeply');
  }

  up(): void {
    this.#budget.depth += 1;
  }

  /** Begins an open type; what is returned is for `leave`. */
  enter(): number {
    const count = this.length();
    const outerEnd = this.#end;
    if (count >= FRAGMENT) {
      const bytes = this.#joined(this.octets(count));
      this.#outside.push({ bytes: this.#bytes, at: this.#at, end: outerEnd });
      this.#starts.push(0);
      [this.#bytes, this.#at, this.#end] = [bytes, 0, bytes.length * 8];
      return -1;
    }
    const end = this.#at + count * 8;
    if (end > outerEnd) this.fail(ENDS);
    this.#end = end;
    this.#starts.push(this.#at);
    return outerEnd;
  }

  /** Ends the open type: nothing but the zeros that make octets whole may be left. */
  leave(outerEnd: number): void {
    this.finish();
    this.#starts.pop();
    if (outerEnd >= 0) {
      this.#at = this.#end;
      this.#end = outerEnd;
      return;
    }
    const outside = this.#outside.pop();
    if (outside !== undefined) ({ bytes: this.#bytes, at: this.#at, end: this.#end } = outside);
  }

  /** Checks what is left of a complete encoding: an empty one is a single octet of zeros (X.691 clause 11.1). */
  finish(): void {
    const left = this.#end - this.#at;
    const empty = this.#at === this.#starts.at(-1);
    if (empty && left === 0) this.complain('a complete encoding has at least one octet');
    else if (left > (empty ? 8 : 7))
      this.complain(`${String(left >>> 3)} octets follow where nothing should`);
    else if (left > 0 && this.bits(left) !== 0) this.complain(PADDING);
  }
}

const ENDS = 'the message ends too early';
const PADDING = 'bits that fill up an octet are not zero';
