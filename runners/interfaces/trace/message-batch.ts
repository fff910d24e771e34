import type { EndPoint } from '../capture/end-point.ts';
import type { Instant } from '../capture/instant.ts';
import type { HeardMessage, MessageJudge } from './message-judge.ts';

/** The ends of an association, by the number that each has as sender. */
type Ends = readonly [EndPoint, EndPoint];

/** Messages on their way from one thread to another. */
export interface MessageBatch {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly records: number;
  /** Of associations that are new to the reader, in the order of the messages that say so. */
  readonly met: readonly Ends[];
}

const MAX_RECORDS = 4_096;
const MAX_OCTETS = 512 * 1024;
/** Numbers of a record, in the order in which they are written. */
const WIDTH = 10;
const [MESSAGE, ENDED] = [0, 1];
const FLAG = {
  sender: 1,
  isLate: 2,
  isUnsure: 4,
  isOvertaken: 8,
  inMiddle: 16,
  isNew: 32,
  isComplete: 64,
} as const;
/** So many associations both sides remember: what was told longest ago is told again. */
const MAX_KNOWN = 8_192;

/** Puts what is told into batches, octets and all: nothing else is kept of a message. */
export class BatchWriter {
  readonly #onBatch: (batch: MessageBatch) => void;
  readonly #spare: Pick<MessageBatch, 'numbers' | 'octets'>[] = [];
  readonly #known = new KnownEnds();
  #met: Ends[] = [];
  #numbers = new Float64Array(MAX_RECORDS * WIDTH);
  #octets = new Uint8Array(MAX_OCTETS);
  #records = 0;
  #filled = 0;

  constructor(onBatch: (batch: MessageBatch) => void) {
    this.#onBatch = onBatch;
  }

  message(message: HeardMessage): void {
    const { association, from, to, sender, bytes, isLate, isUnsure, isOvertaken, inMiddle } = message;
    this.#makeRoom(bytes.length);
    const isNew = this.#known.get(association) === undefined;
    if (isNew) this.#meet(association, sender === 0 ? [from, to] : [to, from]);
    const flags =
      (isNew ? FLAG.isNew : 0) |
      (sender === 1 ? FLAG.sender : 0) |
      (isLate ? FLAG.isLate : 0) |
      (isUnsure ? FLAG.isUnsure : 0) |
      (isOvertaken ? FLAG.isOvertaken : 0) |
      (inMiddle ? FLAG.inMiddle : 0);
    const at = this.#begin(MESSAGE, association, message);
    this.#numbers[at + 4] = flags;
    this.#numbers[at + 5] = message.n;
    this.#numbers[at + 6] = message.ppid;
    this.#numbers[at + 7] = message.missing;
    this.#numbers[at + 8] = this.#filled;
    this.#numbers[at + 9] = bytes.length;
    this.#octets.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  ended(association: number, instant: Instant, isComplete: boolean): void {
    this.#makeRoom(0);
    this.#known.delete(association);
    const at = this.#begin(ENDED, association, instant);
    this.#numbers[at + 4] = isComplete ? FLAG.isComplete : 0;
  }

  /** Gives on what there is. */
  flush(): void {
    if (this.#records === 0) return;
    const [numbers, octets, records, met] = [this.#numbers, this.#octets, this.#records, this.#met];
    const next = this.#spare.pop();
    this.#numbers = next?.numbers ?? new Float64Array(MAX_RECORDS * WIDTH);
    this.#octets = next?.octets ?? new Uint8Array(MAX_OCTETS);
    [this.#records, this.#filled, this.#met] = [0, 0, []];
    this.#onBatch({ numbers, octets, records, met });
  }

  /** A batch has come back, and may be filled again. */
  reuse({ numbers, octets }: Pick<MessageBatch, 'numbers' | 'octets'>): void {
    if (octets.length === MAX_OCTETS) this.#spare.push({ numbers, octets });
  }

  #makeRoom(octets: number): void {
    if (this.#records === MAX_RECORDS || this.#filled + octets > this.#octets.length) this.flush();
    if (octets > this.#octets.length) this.#octets = new Uint8Array(octets);
  }

  #meet(association: number, ends: Ends): void {
    this.#known.set(association, ends);
    this.#met.push(ends);
  }

  #begin(kind: number, association: number, { seconds, nanoseconds }: Instant): number {
    const at = this.#records * WIDTH;
    this.#numbers[at] = kind;
    this.#numbers[at + 1] = association;
    this.#numbers[at + 2] = seconds;
    this.#numbers[at + 3] = nanoseconds;
    this.#records += 1;
    return at;
  }
}

/** Tells a judge what comes in batches, as if it had never been in any. */
export class BatchReader {
  readonly #judge: Pick<MessageJudge, 'message' | 'ended'>;
  readonly #known = new KnownEnds();

  constructor(judge: Pick<MessageJudge, 'message' | 'ended'>) {
    this.#judge = judge;
  }

  read(batch: MessageBatch): void {
    const { numbers, records, met } = batch;
    let next = 0;
    for (let at = 0; at < records * WIDTH; at += WIDTH) {
      const flags = numberAt(numbers, at + 4);
      const association = numberAt(numbers, at + 1);
      const told = (flags & FLAG.isNew) === 0 ? undefined : met[next];
      if (told !== undefined) {
        this.#known.set(association, told);
        next += 1;
      }
      if (numbers[at] === ENDED) {
        this.#known.delete(association);
        const [seconds, nanoseconds] = [numberAt(numbers, at + 2), numberAt(numbers, at + 3)];
        this.#judge.ended(association, { seconds, nanoseconds }, (flags & FLAG.isComplete) !== 0);
      } else this.#message(batch, at, flags);
    }
  }

  #message({ numbers, octets }: MessageBatch, at: number, flags: number): void {
    const association = numberAt(numbers, at + 1);
    const ends = this.#known.get(association);
    if (ends === undefined) throw new TypeError(`nobody has told the ends of association ${association}`);
    const sender = (flags & FLAG.sender) === 0 ? 0 : 1;
    const start = numberAt(numbers, at + 8);
    // Written out, for there are millions of them.
    this.#judge.message({
      n: numberAt(numbers, at + 5),
      seconds: numberAt(numbers, at + 2),
      nanoseconds: numberAt(numbers, at + 3),
      from: ends[sender],
      to: sender === 0 ? ends[1] : ends[0],
      sender,
      association,
      inMiddle: (flags & FLAG.inMiddle) !== 0,
      ppid: numberAt(numbers, at + 6),
      bytes: octets.subarray(start, start + numberAt(numbers, at + 9)),
      missing: numberAt(numbers, at + 7),
      isLate: (flags & FLAG.isLate) !== 0,
      isUnsure: (flags & FLAG.isUnsure) !== 0,
      isOvertaken: (flags & FLAG.isOvertaken) !== 0,
    });
  }
}

/** A whole number: small ones are kept as such, which costs nothing. */
function numberAt(numbers: Float64Array, at: number): number {
  const value = numbers[at] ?? 0;
  const small = value | 0;
  return small === value ? small : value;
}

/** What both sides know of associations: the same, for both learn and forget in the same order. */
class KnownEnds {
  readonly #ends = new Map<number, Ends>();

  get(association: number): Ends | undefined {
    return this.#ends.get(association);
  }

  set(association: number, ends: Ends): void {
    const [oldest] = this.#ends.size < MAX_KNOWN ? [] : this.#ends.keys();
    if (oldest !== undefined) this.#ends.delete(oldest);
    this.#ends.set(association, ends);
  }

  delete(association: number): void {
    this.#ends.delete(association);
  }
}
