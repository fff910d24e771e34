import { DATA_FLAG } from '../sctp/chunks.ts';
import { unwrap32 } from '../sctp/serial.ts';
import type { UserData } from './data-chunk.ts';
import { InterleavedParts } from './interleaved-parts.ts';
import { MessageParts, type WholeMessage } from './message-parts.ts';

/** How far a number may be ahead of what is known, before it is taken for the first one after a hole in the capture. */
const WINDOW = 65_536;
const MAX_LATE = 1_024;
const MAX_HELD = 1_024;

/** What all flows of a capture share. */
export interface FlowShare {
  /** For what is not whole yet, or waits for what was sent before it. */
  bytesLeft: number;
  retransmissions: number;
  /** Chunks of data that arrived, and that the capture does not have. */
  missing: number;
}

export interface FlowMessage {
  readonly stream: number;
  readonly ppid: number;
  readonly unordered: boolean;
  readonly bytes: Uint8Array;
  /** Chunks of data before this message that arrived, and that the capture does not have. */
  readonly missing: number;
  /** It had passed before, and waited for what was sent before it: nobody knows what was said to it meanwhile. */
  readonly isLate: boolean;
  /** When it came, something was not there that its end had sent before it. */
  readonly isUnsure: boolean;
  /** It comes behind something that its end had sent after it. */
  readonly isOvertaken: boolean;
}

export type OnMessage = (message: FlowMessage) => void;

/**
 * One direction of an association: what its receiver is given, as far as the capture shows. A message counts once, however
 * often it is sent, and comes when its receiver can have it: after those before it in its stream.
 */
export class Flow {
  readonly #share: FlowShare;
  readonly #onMessage: OnMessage;
  readonly #parts: MessageParts;
  #interleaved: InterleavedParts | undefined;
  /** The number that is due in each stream. */
  readonly #due = new Map<number, number>();
  /** By stream, then in the order of TSNs; no empty lists. */
  readonly #held = new Map<number, WholeMessage[]>();
  /** What every stream begins with; `undefined` when the capture joins in the middle. */
  readonly #firstDue: 0 | undefined;
  readonly #ahead = new Set<number>();
  /** Given up, because the receiver confirmed what the capture does not have; they may still come. */
  readonly #late = new Set<number>();
  /** Everything up to this TSN was seen or given up; `undefined` before anything is known. */
  #cumulative: number | undefined;
  /** The highest TSN of what was given on. */
  #highest = -Infinity;
  #heldCount = 0;
  #missing = 0;
  #isUnsure = false;

  /** @param initialTsn from the opening of the association; `undefined` for one that the capture joins in the middle */
  constructor(parts: {
    readonly share: FlowShare;
    readonly onMessage: OnMessage;
    readonly initialTsn?: number;
  }) {
    const { share, onMessage, initialTsn } = parts;
    this.#share = share;
    this.#onMessage = onMessage;
    this.#parts = new MessageParts(share);
    this.#cumulative = initialTsn === undefined ? undefined : initialTsn - 1;
    this.#firstDue = initialTsn === undefined ? undefined : 0;
  }

  /** Gives on what the receiver can have with this chunk. */
  data(chunk: UserData): void {
    this.#cumulative ??= chunk.tsn - 1;
    const number = unwrap32(chunk.tsn, this.#cumulative);
    const isNext = number === this.#cumulative + 1 && this.#ahead.size === 0;
    if (isNext) this.#cumulative = number;
    else if (!this.#isNew(number, this.#cumulative)) {
      this.#share.retransmissions += 1;
      return;
    }
    this.#isUnsure = !isNext;
    const whole = this.#partsFor(chunk).add(number, chunk);
    if (!isNext) this.#advance();
    if (whole === undefined) this.#release();
    else if (isUnordered(whole) || this.#isDue(whole)) {
      this.#deliver(whole, false);
      this.#release();
    } else {
      this.#hold(whole);
      this.#release();
    }
  }

  /** The receiver says that it has everything up to a TSN; what is missing here will not come any more. */
  acknowledged(tsn: number): void {
    if (this.#cumulative === undefined) {
      this.#cumulative = tsn;
      return;
    }
    const number = unwrap32(tsn, this.#cumulative);
    if (number <= this.#cumulative || number > this.#cumulative + WINDOW) return;
    this.#isUnsure = true;
    this.#giveUpTo(number, this.#cumulative);
    this.#release();
  }

  /** Nothing comes any more: gives on whatever is whole, in its order. */
  end(): void {
    const held = [...this.#held.values()].flat();
    this.#held.clear();
    this.#parts.clear();
    this.#interleaved?.clear();
    this.#isUnsure = true;
    for (const message of held.sort((a, b) => a.first - b.first)) {
      const cumulative = this.#cumulative ?? message.first - 1;
      if (cumulative < message.first - 1) this.#giveUpTo(message.first - 1, cumulative);
      this.#deliver(message, true);
    }
  }

  #partsFor({ fragment }: UserData): MessageParts | InterleavedParts {
    if (fragment === undefined) return this.#parts;
    this.#interleaved ??= new InterleavedParts(this.#share);
    return this.#interleaved;
  }

  /** Marks it as seen. */
  #isNew(number: number, cumulative: number): boolean {
    if (number <= cumulative) return this.#late.delete(number);
    if (this.#ahead.has(number)) return false;
    if (number > cumulative + WINDOW) {
      this.#miss(number - 1 - cumulative - this.#ahead.size);
      this.#ahead.clear();
      this.#cumulative = number - 1;
    }
    this.#ahead.add(number);
    return true;
  }

  #miss(count: number): void {
    this.#missing += count;
    this.#share.missing += count;
  }

  #advance(): void {
    let cumulative = this.#cumulative ?? 0;
    while (this.#ahead.delete(cumulative + 1)) cumulative += 1;
    this.#cumulative = cumulative;
  }

  #giveUpTo(number: number, cumulative: number): void {
    for (let lost = cumulative + 1; lost <= number; lost += 1) {
      if (this.#ahead.delete(lost)) continue;
      this.#miss(1);
      const [oldest] = this.#late.size < MAX_LATE ? [] : this.#late;
      if (oldest !== undefined) this.#late.delete(oldest);
      this.#late.add(lost);
    }
    this.#cumulative = number;
    this.#advance();
  }

  #hold(message: WholeMessage): void {
    const { stream } = message.chunk;
    const held = this.#held.get(stream) ?? [];
    this.#held.set(stream, held);
    const after = held.findIndex(({ first }) => first > message.first);
    // What waits must not keep a whole piece of the file in memory.
    const bytes = new Uint8Array(message.bytes);
    const kept = { ...message, bytes, chunk: { ...message.chunk, bytes } };
    held.splice(after < 0 ? held.length : after, 0, kept);
    this.#heldCount += 1;
    this.#share.bytesLeft -= message.bytes.length;
    if (this.#heldCount <= MAX_HELD && this.#share.bytesLeft >= 0) return;
    const oldest = Math.min(...[...this.#held.values()].flatMap(([first]) => first?.first ?? []));
    this.#giveUpTo(oldest - 1, this.#cumulative ?? oldest - 1);
  }

  #release(): void {
    if (this.#heldCount === 0) return;
    const due: WholeMessage[] = [];
    for (const [stream, held] of this.#held) {
      for (let [next] = held; next !== undefined && this.#isDue(next); [next] = held) {
        held.shift();
        due.push(next);
        this.#due.set(stream, numberAfter(next.chunk));
      }
      if (held.length === 0) this.#held.delete(stream);
    }
    for (const message of due.sort((a, b) => a.first - b.first)) this.#deliver(message, true);
  }

  /** Whether nothing that was sent before it in its stream can still come. */
  #isDue({ chunk, first }: WholeMessage): boolean {
    if ((this.#cumulative ?? first) >= first - 1) return true;
    const next = this.#due.get(chunk.stream) ?? this.#firstDue;
    return next !== undefined && distance(chunk, next) <= 0;
  }

  #deliver({ chunk, last, bytes }: WholeMessage, isLate: boolean): void {
    if (isLate) {
      this.#heldCount -= 1;
      this.#share.bytesLeft += bytes.length;
    }
    const { stream, ppid, flags } = chunk;
    const [missing, isOvertaken, isUnsure] = [this.#missing, last < this.#highest, this.#isUnsure];
    this.#missing = 0;
    if (!isOvertaken) this.#highest = last;
    const unordered = (flags & DATA_FLAG.unordered) !== 0;
    if (!unordered) this.#passed(chunk);
    this.#onMessage({ stream, ppid, unordered, bytes, missing, isLate, isUnsure, isOvertaken });
  }

  #passed(chunk: UserData): void {
    const next = this.#due.get(chunk.stream);
    if (next === undefined || distance(chunk, next) >= 0) this.#due.set(chunk.stream, numberAfter(chunk));
  }
}

function isUnordered({ chunk }: WholeMessage): boolean {
  return (chunk.flags & DATA_FLAG.unordered) !== 0;
}

function numberAfter({ order, fragment }: UserData): number {
  return fragment === undefined ? (order + 1) & 0xffff : (order + 1) >>> 0;
}

/** How far the number of a message is behind another; both wrap, at 16 bits or, in I-DATA, at 32. */
function distance({ order, fragment }: UserData, next: number): number {
  return fragment === undefined ? ((order - next) << 16) >> 16 : (order - next) | 0;
}
