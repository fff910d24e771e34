import { DATA_FLAG } from '../sctp/chunks.ts';
import type { UserData } from './data-chunk.ts';

export interface WholeMessage {
  /** The lowest and the highest of its unwrapped TSNs. */
  readonly first: number;
  readonly last: number;
  /** Of the first fragment. */
  readonly chunk: UserData;
  /** A view of what was read, where nothing had to be put together. */
  readonly bytes: Uint8Array;
}

const MAX_PARTS = 4_096;

/** Puts the fragments of messages together, in whatever order they pass. What waits too long gives way. @see RFC 9260 §6.9 */
export class MessageParts {
  readonly #budget: { bytesLeft: number };
  readonly #parts = new Map<number, UserData>();

  /** @param budget bytes that may be kept, shared with others */
  constructor(budget: { bytesLeft: number }) {
    this.#budget = budget;
  }

  /** @param number the unwrapped TSN, not seen before */
  add(number: number, chunk: UserData): WholeMessage | undefined {
    if (begins(chunk) && ends(chunk)) return { first: number, last: number, chunk, bytes: chunk.bytes };
    this.#keep(number, chunk);
    // In order, a message is whole with its last fragment; only what overtook others makes one look further.
    if (!ends(chunk) && !this.#parts.has(number + 1)) return undefined;
    let [first, last] = [number, number];
    while (!this.#is(first, begins) && this.#parts.has(first - 1)) first -= 1;
    while (!this.#is(last, ends) && this.#parts.has(last + 1)) last += 1;
    const head = this.#parts.get(first);
    if (head === undefined || !begins(head) || !this.#is(last, ends)) return undefined;
    return { first, last, chunk: head, bytes: this.#take(first, last) };
  }

  clear(): void {
    for (const number of this.#parts.keys()) this.#drop(number);
  }

  #is(number: number, what: (chunk: UserData) => boolean): boolean {
    const part = this.#parts.get(number);
    return part !== undefined && what(part);
  }

  #keep(number: number, chunk: UserData): void {
    for (const oldest of this.#parts.keys()) {
      if (this.#parts.size < MAX_PARTS && this.#budget.bytesLeft >= chunk.bytes.length) break;
      this.#drop(oldest);
    }
    if (this.#budget.bytesLeft < chunk.bytes.length) return;
    this.#budget.bytesLeft -= chunk.bytes.length;
    this.#parts.set(number, { ...chunk, bytes: new Uint8Array(chunk.bytes) });
  }

  #drop(number: number): void {
    this.#budget.bytesLeft += this.#parts.get(number)?.bytes.length ?? 0;
    this.#parts.delete(number);
  }

  #take(first: number, last: number): Uint8Array {
    const parts = Array.from(
      { length: last - first + 1 },
      (_, index) => this.#parts.get(first + index)?.bytes,
    );
    const bytes = joined(parts);
    for (let number = first; number <= last; number += 1) this.#drop(number);
    return bytes;
  }
}

/** One behind the other. */
export function joined(parts: readonly (Uint8Array | undefined)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part ?? [], at);
    at += part?.length ?? 0;
  }
  return bytes;
}

function begins({ flags }: UserData): boolean {
  return (flags & DATA_FLAG.beginning) !== 0;
}

function ends({ flags }: UserData): boolean {
  return (flags & DATA_FLAG.ending) !== 0;
}
