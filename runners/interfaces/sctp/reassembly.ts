import { DATA_FLAG, type DataChunk } from './chunks.ts';

/** Fragments with consecutive numbers that belong to one message as far as they have come. */
interface Run {
  first: number;
  last: number;
  bytes: number;
  starts: boolean;
  ends: boolean;
  readonly sample: DataChunk;
}

export type Assembled =
  | { readonly state: 'waiting' }
  | {
      readonly state: 'whole';
      readonly bytes: Uint8Array;
      /** Of the first fragment. */
      readonly ppid: number;
      readonly fragments: number;
    }
  | { readonly state: 'violation' | 'tooLarge' };

const WAITING: Assembled = { state: 'waiting' };

/** Puts fragments together; the work per fragment does not depend on how many there are. @see RFC 9260 §6.9 */
export class Reassembly {
  readonly #maxBytes: number;
  readonly #chunks = new Map<number, DataChunk>();
  readonly #byFirst = new Map<number, Run>();
  readonly #byLast = new Map<number, Run>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @param number the unwrapped TSN, not seen before */
  add(number: number, chunk: DataChunk): Assembled {
    const [before, after] = [this.#byLast.get(number - 1), this.#byFirst.get(number + 1)];
    const run = makeRun(number, chunk);
    this.#chunks.set(number, chunk);
    if (!follows(before, run) || !follows(run, after)) return { state: 'violation' };
    const left = before === undefined || run.starts ? run : this.#join(before, run);
    const whole = after === undefined || left.ends ? left : this.#join(left, after);
    this.#byFirst.set(whole.first, whole);
    this.#byLast.set(whole.last, whole);
    if (whole.bytes > this.#maxBytes) return { state: 'tooLarge' };
    return whole.starts && whole.ends ? this.#take(whole) : WAITING;
  }

  #join(left: Run, right: Run): Run {
    this.#byLast.delete(left.last);
    this.#byFirst.delete(right.first);
    left.last = right.last;
    left.ends = right.ends;
    left.bytes += right.bytes;
    return left;
  }

  #take(run: Run): Assembled {
    this.#byFirst.delete(run.first);
    this.#byLast.delete(run.last);
    const bytes = new Uint8Array(run.bytes);
    let [at, ppid] = [0, run.sample.ppid];
    for (let number = run.first; number <= run.last; number += 1) {
      const chunk = this.#chunks.get(number);
      if (chunk === undefined) continue;
      this.#chunks.delete(number);
      if (number === run.first) ppid = chunk.ppid;
      bytes.set(chunk.bytes, at);
      at += chunk.bytes.length;
    }
    return { state: 'whole', bytes, ppid, fragments: run.last - run.first + 1 };
  }
}

function makeRun(number: number, sample: DataChunk): Run {
  return {
    ...{ first: number, last: number, sample },
    bytes: sample.bytes.length,
    starts: (sample.flags & DATA_FLAG.beginning) !== 0,
    ends: (sample.flags & DATA_FLAG.ending) !== 0,
  };
}

/** Whether the numbers may follow each other: either a message ends there and another begins, or both are of one. */
function follows(left: Run | undefined, right: Run | undefined): boolean {
  if (left === undefined || right === undefined) return true;
  if (left.ends !== right.starts) return false;
  return left.ends || isSameMessage(left.sample, right.sample);
}

function isSameMessage(a: DataChunk, b: DataChunk): boolean {
  const sameOrder = (a.flags & DATA_FLAG.unordered) === (b.flags & DATA_FLAG.unordered);
  return sameOrder && a.stream === b.stream && ((a.flags & DATA_FLAG.unordered) !== 0 || a.ssn === b.ssn);
}
