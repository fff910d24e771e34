import type { Scalar } from '../domain/trace-property.ts';
import type { Gap, JudgedMessage, Side } from './happening.ts';
import { advance, advanceGap, beginObligation, breakOff, type Obligation } from './obligation.ts';
import type { Program } from './program.ts';
import { emptyMemory, stepGap, stepMessage } from './slice.ts';

/** All messages of an association with the same values for which a property holds by itself, seen from one end. */
interface Slice {
  readonly self: Side;
  readonly memory: Float64Array;
  readonly ids: readonly Scalar[];
  open: Obligation[];
}

/** When an obligation was decided, and which end has just shown, by a message, that it misses none. */
export interface Decision {
  readonly atMs: number;
  readonly side?: Side;
}

/** Called when nothing that is to come can change what an obligation is. */
export type OnDecided = (obligation: Obligation, decision: Decision) => void;

export interface WatchOptions {
  readonly program: Program;
  /** Since when the association is known, if not from its beginning. */
  readonly joinedAtMs: number | undefined;
  /** Of slices that differ from one of which nothing was seen, and of open obligations. */
  readonly maxKept: number;
  readonly onDecided: OnDecided;
}

type SliceKey = string | number | boolean;

/** Watches one property in one association. Memory is bounded: what has to give way is not known any more. */
export class PropertyWatch {
  readonly #program: Program;
  readonly #maxKept: number;
  readonly #onDecided: OnDecided;
  readonly #slices: readonly [Map<SliceKey, Slice>, Map<SliceKey, Slice>] = [new Map(), new Map()];
  /** What a slice is of which no message was seen, by its end. */
  readonly #fresh: readonly [Float64Array, Float64Array];
  readonly #truths: Int8Array;
  /** In the order of their triggers, which is that of their time limits; those decided before are passed over. */
  #due: Obligation[] = [];
  #dueAt = 0;

  constructor({ program, joinedAtMs, maxKept, onDecided }: WatchOptions) {
    this.#program = program;
    this.#maxKept = maxKept;
    this.#onDecided = onDecided;
    this.#fresh = [emptyMemory(program, joinedAtMs), emptyMemory(program, joinedAtMs)];
    this.#truths = new Int8Array(program.steps.length);
  }

  /** A message that the property names. @returns false when it does not tell what the property is judged for */
  message(message: JudgedMessage): boolean {
    const ids: Scalar[] = [];
    for (const path of this.#program.property.forEvery) {
      const id = message.value(path);
      if (id === undefined) return false;
      ids.push(id);
    }
    const key = ids.length === 1 ? (ids[0] ?? '') : JSON.stringify(ids);
    this.#seen(message, { self: 0, key, ids });
    this.#seen(message, { self: 1, key, ids });
    return true;
  }

  gap(gap: Pick<Gap, 'side' | 'atMs'>): void {
    const truths = this.#truths;
    for (const self of [0, 1] as const) {
      for (const slice of this.#slices[self].values()) {
        stepGap(this.#program, { self, memory: slice.memory, truths }, gap);
        this.#look(slice, gap, (open) => advanceGap(this.#program, open, { gap, truths }));
      }
      stepGap(this.#program, { self, memory: this.#fresh[self], truths }, gap);
      for (const [key, slice] of this.#slices[self]) this.#keep(key, slice, gap.atMs);
    }
  }

  /** Time limits that have passed. */
  expire(nowMs: number): void {
    const { horizonMs } = this.#program;
    for (let next = this.#due[this.#dueAt]; next !== undefined; next = this.#due[this.#dueAt]) {
      const deadlineMs = next.trigger.atMs + horizonMs;
      if (!next.isDecided && deadlineMs >= nowMs) break;
      this.#dueAt += 1;
      if (next.isDecided) continue;
      this.#decide(next, { atMs: deadlineMs });
      this.#forget(next);
    }
    if (this.#dueAt < 1_024 || this.#dueAt * 2 < this.#due.length) return;
    this.#due = this.#due.slice(this.#dueAt);
    this.#dueAt = 0;
  }

  /** Nothing more is seen of the association. */
  end(atMs: number): void {
    this.expire(atMs);
    for (const obligation of this.#due.slice(this.#dueAt)) this.#breakOff(obligation, atMs);
    this.#due = [];
    this.#dueAt = 0;
  }

  #seen(
    message: JudgedMessage,
    { self, key, ids }: { self: Side; key: SliceKey; ids: readonly Scalar[] },
  ): void {
    const slice = this.#slices[self].get(key) ?? this.#begin(self, ids);
    const truths = this.#truths;
    stepMessage(this.#program, { self, memory: slice.memory, truths }, message);
    this.#look(slice, message, (open) => advance(this.#program, open, { message, truths }));
    if (message.side === self && (truths[this.#program.when] ?? 0) >= 0) this.#open(slice, message);
    this.#keep(key, slice, message.atMs);
  }

  #begin(self: Side, ids: readonly Scalar[]): Slice {
    return { self, memory: this.#fresh[self].slice(), ids, open: [] };
  }

  #open(slice: Slice, message: JudgedMessage): void {
    const obligation = beginObligation(this.#program, message, { ids: slice.ids, truths: this.#truths });
    if (this.#program.untils.length === 0) {
      this.#decide(obligation, message);
      return;
    }
    slice.open.push(obligation);
    this.#due.push(obligation);
    const oldest = this.#due[this.#dueAt];
    if (this.#due.length - this.#dueAt <= this.#maxKept || oldest === undefined) return;
    this.#dueAt += 1;
    this.#breakOff(oldest, -Infinity);
    this.#forget(oldest);
  }

  #look(slice: Slice, by: JudgedMessage | Pick<Gap, 'atMs'>, isOver: (open: Obligation) => boolean): void {
    if (slice.open.length === 0) return;
    slice.open = slice.open.filter((open) => {
      if (open.isDecided) return false;
      if (!isOver(open)) return true;
      this.#decide(open, 'n' in by ? by : { atMs: by.atMs });
      return false;
    });
  }

  #decide(obligation: Obligation, decision: Decision): void {
    obligation.isDecided = true;
    this.#onDecided(obligation, decision);
  }

  /** What came after that is not known. */
  #breakOff(obligation: Obligation, atMs: number): void {
    if (obligation.isDecided) return;
    breakOff(this.#program, obligation, atMs);
    this.#decide(obligation, { atMs: Math.max(atMs, obligation.trigger.atMs) });
  }

  /** A decided obligation must not keep its slice. */
  #forget({ ids, self, trigger }: Obligation): void {
    const key = ids.length === 1 ? (ids[0] ?? '') : JSON.stringify(ids);
    const slice = this.#slices[self].get(key);
    if (slice === undefined) return;
    slice.open = slice.open.filter(({ isDecided }) => !isDecided);
    this.#keep(key, slice, trigger.atMs);
  }

  /** Keeps a slice only while it is another than one of which nothing was seen. */
  #keep(key: SliceKey, slice: Slice, atMs: number): void {
    const slices = this.#slices[slice.self];
    const fresh = this.#fresh[slice.self];
    if (slice.open.length === 0 && slice.memory.every((slot, index) => slot === fresh[index])) {
      slices.delete(key);
      return;
    }
    slices.set(key, slice);
    if (slices.size <= this.#maxKept) return;
    const [oldest] = slices;
    if (oldest === undefined) return;
    slices.delete(oldest[0]);
    for (const obligation of oldest[1].open) this.#breakOff(obligation, -Infinity);
    // It may come again: from now on, anything may have been before a slice that is not known.
    fresh.set(emptyMemory(this.#program, atMs));
  }
}
