import { DATA_FLAG, type DataChunk } from '../sctp/chunks.ts';
import { unwrap32 } from '../sctp/serial.ts';
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
  /** DATA chunks that arrived, and that the capture does not have. */
  missing: number;
}

export interface FlowMessage {
  readonly stream: number;
  readonly ppid: number;
  readonly unordered: boolean;
  readonly bytes: Uint8Array;
  /** DATA chunks before this message that arrived, and that the capture does not have. */
  readonly missing: number;
  /** It had passed before, and waited for what was sent before it: nobody knows what was said to it meanwhile. */
  readonly isLate: boolean;
}

/**
 * One direction of an association: what its receiver is given, as far as the capture shows. A message counts once, however
 * often it is sent, and comes when its receiver can have it: after those before it in its stream.
 */
export class Flow {
  readonly #share: FlowShare;
  readonly #parts: MessageParts;
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
  #heldCount = 0;
  #missing = 0;

  /** @param initialTsn from the opening of the association; `undefined` for one that the capture joins in the middle */
  constructor(share: FlowShare, initialTsn?: number) {
    this.#share = share;
    this.#parts = new MessageParts(share);
    this.#cumulative = initialTsn === undefined ? undefined : initialTsn - 1;
    this.#firstDue = initialTsn === undefined ? undefined : 0;
  }

  /** What the receiver can have with this chunk. */
  data(chunk: DataChunk): readonly FlowMessage[] {
    this.#cumulative ??= chunk.tsn - 1;
    const number = unwrap32(chunk.tsn, this.#cumulative);
    if (!this.#isNew(number, this.#cumulative)) {
      this.#share.retransmissions += 1;
      return [];
    }
    const whole = this.#parts.add(number, chunk);
    this.#advance();
    if (whole === undefined) return this.#release();
    if (isUnordered(whole) || this.#isDue(whole)) return [this.#deliver(whole), ...this.#release()];
    this.#hold(whole);
    return this.#release();
  }

  /** The receiver says that it has everything up to a TSN; what is missing here will not come any more. */
  acknowledged(tsn: number): readonly FlowMessage[] {
    if (this.#cumulative === undefined) {
      this.#cumulative = tsn;
      return [];
    }
    const number = unwrap32(tsn, this.#cumulative);
    if (number <= this.#cumulative || number > this.#cumulative + WINDOW) return [];
    this.#giveUpTo(number, this.#cumulative);
    return this.#release();
  }

  /** Nothing comes any more: whatever is whole, in its order. */
  end(): readonly FlowMessage[] {
    const held = [...this.#held.values()].flat();
    this.#held.clear();
    this.#parts.clear();
    return held
      .sort((a, b) => a.first - b.first)
      .map((message) => {
        const cumulative = this.#cumulative ?? message.first - 1;
        if (cumulative < message.first - 1) this.#giveUpTo(message.first - 1, cumulative);
        return this.#deliverHeld(message);
      });
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

  #release(): readonly FlowMessage[] {
    if (this.#heldCount === 0) return [];
    const due: WholeMessage[] = [];
    for (const [stream, held] of this.#held) {
      for (let [next] = held; next !== undefined && this.#isDue(next); [next] = held) {
        held.shift();
        due.push(next);
        this.#due.set(stream, (next.chunk.ssn + 1) & 0xffff);
      }
      if (held.length === 0) this.#held.delete(stream);
    }
    return due.sort((a, b) => a.first - b.first).map((message) => this.#deliverHeld(message));
  }

  /** Whether nothing that was sent before it in its stream can still come. */
  #isDue({ chunk, first }: WholeMessage): boolean {
    if ((this.#cumulative ?? first) >= first - 1) return true;
    const next = this.#due.get(chunk.stream) ?? this.#firstDue;
    return next !== undefined && serial16(chunk.ssn, next) <= 0;
  }

  #deliverHeld(message: WholeMessage): FlowMessage {
    this.#heldCount -= 1;
    this.#share.bytesLeft += message.bytes.length;
    return { ...this.#deliver(message), isLate: true };
  }

  #deliver(message: WholeMessage): FlowMessage {
    const { chunk, bytes } = message;
    const missing = this.#missing;
    this.#missing = 0;
    const unordered = isUnordered(message);
    const next = this.#due.get(chunk.stream);
    const isLater = next === undefined || serial16(chunk.ssn, next) >= 0;
    if (!unordered && isLater) this.#due.set(chunk.stream, (chunk.ssn + 1) & 0xffff);
    return { stream: chunk.stream, ppid: chunk.ppid, unordered, bytes, missing, isLate: false };
  }
}

function isUnordered({ chunk }: WholeMessage): boolean {
  return (chunk.flags & DATA_FLAG.unordered) !== 0;
}

/** How far `a` is behind `b`, both of 16 bits that wrap. */
function serial16(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}
