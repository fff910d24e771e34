import type { SackChunk } from './chunks.ts';

interface Range {
  first: number;
  last: number;
}

/** Which TSNs have come, unwrapped. Bounded: numbers too far ahead, or with too many holes before them, are refused. */
export class ReceivedNumbers {
  readonly #maxRanges: number;
  /** In order, not touching each other, all beyond the cumulative number. */
  readonly #ahead: Range[] = [];
  #cumulative: number;

  /** @param maxRanges at most so many gap blocks, which is what a SACK can carry */
  constructor(initial: number, maxRanges: number) {
    this.#cumulative = initial - 1;
    this.#maxRanges = maxRanges;
  }

  get cumulative(): number {
    return this.#cumulative;
  }

  get highest(): number {
    return this.#ahead.at(-1)?.last ?? this.#cumulative;
  }

  get hasGaps(): boolean {
    return this.#ahead.length > 0;
  }

  has(number: number): boolean {
    if (number <= this.#cumulative) return true;
    const range = this.#ahead[this.#indexBefore(number)];
    return range !== undefined && number <= range.last;
  }

  /** Whether there is a place for a number that has not come yet. @see RFC 9260 §3.3.4: offsets have 16 bits */
  hasPlaceFor(number: number): boolean {
    if (number - this.#cumulative > 0xffff) return false;
    return number === this.#cumulative + 1 || this.#ahead.length < this.#maxRanges || this.#touches(number);
  }

  add(number: number): void {
    if (number === this.#cumulative + 1) {
      this.#cumulative = number;
      if (this.#ahead[0]?.first === number + 1) this.#cumulative = this.#ahead.shift()?.last ?? number;
      return;
    }
    const index = this.#indexBefore(number);
    const [before, after] = [this.#ahead[index], this.#ahead[index + 1]];
    const joinsBefore = before?.last === number - 1;
    if (joinsBefore && after?.first === number + 1) {
      before.last = after.last;
      this.#ahead.splice(index + 1, 1);
    } else if (joinsBefore) before.last = number;
    else if (after?.first === number + 1) after.first = number;
    else this.#ahead.splice(index + 1, 0, { first: number, last: number });
  }

  gaps(): SackChunk['gaps'] {
    return this.#ahead.map(({ first, last }) => [first - this.#cumulative, last - this.#cumulative]);
  }

  #touches(number: number): boolean {
    const index = this.#indexBefore(number);
    return this.#ahead[index]?.last === number - 1 || this.#ahead[index + 1]?.first === number + 1;
  }

  /** Of the last range that begins at `number` or before; -1 when none does. Mostly it is one of the last. */
  #indexBefore(number: number): number {
    let index = this.#ahead.length - 1;
    while (index >= 0 && (this.#ahead[index]?.first ?? 0) > number) index -= 1;
    return index;
  }
}
