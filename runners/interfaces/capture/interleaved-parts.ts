import { DATA_FLAG } from '../sctp/chunks.ts';
import type { UserData } from './data-chunk.ts';
import { joined, type WholeMessage } from './message-parts.ts';

const MAX_PILES = 1_024;
const MAX_FRAGMENTS = 4_096;

/** The fragments of one message. */
interface Pile {
  readonly fragments: Map<number, Uint8Array>;
  /** Of the TSNs. */
  lowest: number;
  highest: number;
  head: UserData | undefined;
  /** The number of the last one, once that has passed. */
  last: number | undefined;
}

/** Puts the fragments of messages together that take turns: they tell which message they are of. What waits too long gives way. @see RFC 8260 §2 */
export class InterleavedParts {
  readonly #budget: { bytesLeft: number };
  readonly #piles = new Map<string, Pile>();

  /** @param budget bytes that may be kept, shared with others */
  constructor(budget: { bytesLeft: number }) {
    this.#budget = budget;
  }

  /** @param number the unwrapped TSN, not seen before */
  add(number: number, chunk: UserData): WholeMessage | undefined {
    const { flags, stream, order, fragment = 0, bytes } = chunk;
    const isFirst = (flags & DATA_FLAG.beginning) !== 0;
    const isLast = (flags & DATA_FLAG.ending) !== 0;
    if (isFirst && isLast) return { first: number, last: number, chunk, bytes };
    const key = `${flags & DATA_FLAG.unordered} ${stream} ${order}`;
    const pile = this.#piles.get(key) ?? this.#begin(key, number);
    if (pile.fragments.has(fragment)) return undefined;
    if (pile.fragments.size >= MAX_FRAGMENTS || !this.#hasRoomFor(key, bytes)) {
      this.#drop(key, pile);
      return undefined;
    }
    this.#budget.bytesLeft -= bytes.length;
    pile.fragments.set(fragment, new Uint8Array(bytes));
    pile.lowest = Math.min(pile.lowest, number);
    pile.highest = Math.max(pile.highest, number);
    if (isFirst) pile.head = chunk;
    if (isLast) pile.last = fragment;
    const { head, last, lowest, highest } = pile;
    if (head === undefined || last === undefined || pile.fragments.size !== last + 1) return undefined;
    const parts = Array.from({ length: last + 1 }, (_, index) => pile.fragments.get(index));
    this.#drop(key, pile);
    if (parts.includes(undefined)) return undefined;
    return { first: lowest, last: highest, chunk: head, bytes: joined(parts) };
  }

  clear(): void {
    for (const [key, pile] of this.#piles) this.#drop(key, pile);
  }

  #begin(key: string, number: number): Pile {
    const [oldest] = this.#piles.size < MAX_PILES ? [] : this.#piles;
    if (oldest !== undefined) this.#drop(...oldest);
    const pile: Pile = {
      ...{ fragments: new Map(), lowest: number, highest: number, head: undefined, last: undefined },
    };
    this.#piles.set(key, pile);
    return pile;
  }

  /** Others make place, the oldest first. */
  #hasRoomFor(key: string, bytes: Uint8Array): boolean {
    for (const [other, pile] of this.#piles) {
      if (this.#budget.bytesLeft >= bytes.length) break;
      if (other !== key) this.#drop(other, pile);
    }
    return this.#budget.bytesLeft >= bytes.length;
  }

  #drop(key: string, { fragments }: Pile): void {
    for (const { length } of fragments.values()) this.#budget.bytesLeft += length;
    this.#piles.delete(key);
  }
}
