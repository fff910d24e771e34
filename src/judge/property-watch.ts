import type { Gap, JudgedMessage, Side } from './happening.ts';
import { type Ids, keyOf } from './message-ids.ts';
import { advance, beginObligation, breakOff, type Obligation, type Sight } from './obligation.ts';
import type { NamedSteps, Program } from './program.ts';
import type { Kept, Recency } from './recency.ts';
import { emptyMemory, stepGap, stepMessage } from './slice.ts';

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
  /** Of open obligations. */
  readonly maxOpen: number;
  /** Of slices that differ from one of which nothing was seen; shared with others. */
  readonly recency: Recency;
  readonly onDecided: OnDecided;
  /** Whether something that is decided at once is sure, and how: then nothing has to be made for it. */
  readonly onSure: (truths: readonly number[], self: Side) => boolean;
}

const NONE_OPEN: Obligation[] = [];

/** All messages of an association with the same values for which a property holds by itself, seen from one end. */
class Slice implements Kept {
  readonly watch: PropertyWatch;
  readonly self: Side;
  readonly ids: Ids;
  readonly memory: number[];
  open: Obligation[] = NONE_OPEN;
  older: Kept | undefined;
  newer: Kept | undefined;

  constructor(watch: PropertyWatch, self: Side, { ids, memory }: { ids: Ids; memory: number[] }) {
    this.watch = watch;
    this.self = self;
    this.ids = ids;
    this.memory = memory;
  }

  letGo(): void {
    this.watch.letGo(this);
  }
}

/** Watches one property in one association. Memory is bounded: what has to give way is not known any more. */
export class PropertyWatch {
  readonly #options: WatchOptions;
  readonly #program: Program;
  readonly #slices: readonly [Map<Ids['key'], Slice>, Map<Ids['key'], Slice>] = [new Map(), new Map()];
  /** What a slice is of which no message was seen, by its end. */
  readonly #fresh: readonly [number[], number[]];
  readonly #truths: number[];
  /** In the order of their triggers, which is that of their time limits; those decided before are passed over. */
  #due: Obligation[] = [];
  #dueAt = 0;
  /** The latest time that a message, or a gap, had. */
  #nowMs = -Infinity;

  constructor(options: WatchOptions) {
    const { program, joinedAtMs } = options;
    this.#options = options;
    this.#program = program;
    this.#fresh = [emptyMemory(program, joinedAtMs), emptyMemory(program, joinedAtMs)];
    this.#truths = program.steps.map(() => 0);
  }

  /** When the first of its time limits passes. */
  get dueMs(): number {
    for (; this.#due[this.#dueAt]?.isDecided === true; this.#dueAt += 1);
    const next = this.#due[this.#dueAt];
    return next === undefined ? Infinity : next.trigger.atMs + this.#program.horizonMs;
  }

  /** A message that the property names. */
  message(message: JudgedMessage, named: NamedSteps, ids: Ids): void {
    this.#nowMs = message.atMs;
    this.#seen(message, { self: 0, named, ids });
    this.#seen(message, { self: 1, named, ids });
  }

  gap(gap: Pick<Gap, 'side' | 'atMs'>): void {
    this.#nowMs = gap.atMs;
    const truths = this.#truths;
    const sight: Sight = { atMs: gap.atMs, truths, message: undefined };
    for (const self of [0, 1] as const) {
      for (const slice of this.#slices[self].values()) {
        stepGap(this.#program, { self, memory: slice.memory, truths }, gap);
        this.#look(slice, sight);
      }
      stepGap(this.#program, { self, memory: this.#fresh[self], truths }, gap);
      for (const slice of this.#slices[self].values()) this.#dropIfFresh(slice);
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
    this.#shorten();
  }

  /** Nothing more is seen of the association. */
  end(atMs: number): void {
    this.expire(atMs);
    for (const obligation of this.#due.slice(this.#dueAt)) this.#breakOff(obligation, atMs);
    this.#due = [];
    this.#dueAt = 0;
    for (const slices of this.#slices) {
      for (const slice of slices.values()) this.#options.recency.remove(slice);
      slices.clear();
    }
  }

  /** There is no room for it. */
  letGo(slice: Slice): void {
    this.#remove(slice);
    for (const obligation of slice.open) this.#breakOff(obligation, -Infinity);
    // It may come again: from now on, anything may have been before a slice that is not known.
    const unknown = emptyMemory(this.#program, this.#nowMs);
    for (const [index, slot] of unknown.entries()) this.#fresh[slice.self][index] = slot;
  }

  #seen(
    message: JudgedMessage,
    { self, named, ids }: { readonly self: Side; readonly named: NamedSteps; readonly ids: Ids },
  ): void {
    const program = this.#program;
    const truths = this.#truths;
    const known = this.#slices[self].get(ids.key);
    const slice = known ?? new Slice(this, self, { ids, memory: this.#fresh[self].slice() });
    stepMessage(program, { self, memory: slice.memory, truths }, { message, named });
    if (slice.open.length > 0) this.#look(slice, { atMs: message.atMs, truths, message });
    if (message.side === self && (truths[program.when] ?? 0) >= 0) this.#open(slice, message);
    if (known === undefined) this.#keep(slice);
    else if (!this.#dropIfFresh(known)) this.#options.recency.used(known);
  }

  #open(slice: Slice, message: JudgedMessage): void {
    const { untils } = this.#program;
    if (untils.length === 0 && this.#options.onSure(this.#truths, slice.self)) return;
    const ids = slice.ids.values;
    const obligation = beginObligation(this.#program, message, { ids, truths: this.#truths });
    if (untils.length === 0) {
      this.#decide(obligation, message);
      return;
    }
    slice.open = [...slice.open, obligation];
    this.#due.push(obligation);
    const oldest = this.#due[this.#dueAt];
    if (this.#due.length - this.#dueAt <= this.#options.maxOpen || oldest === undefined) return;
    this.#dueAt += 1;
    this.#breakOff(oldest, -Infinity);
    this.#forget(oldest);
  }

  #look(slice: Slice, sight: Sight): void {
    if (slice.open.length === 0) return;
    const { atMs, message } = sight;
    const left = slice.open.filter((open) => {
      if (open.isDecided) return false;
      if (!advance(this.#program, open, sight)) return true;
      this.#decide(open, message ?? { atMs });
      return false;
    });
    slice.open = left.length === 0 ? NONE_OPEN : left;
  }

  #decide(obligation: Obligation, decision: Decision): void {
    obligation.isDecided = true;
    this.#options.onDecided(obligation, decision);
    if (this.#due[this.#dueAt]?.isDecided === true) this.#shorten();
  }

  /** Those that are decided make no list long. */
  #shorten(): void {
    for (; this.#due[this.#dueAt]?.isDecided === true; this.#dueAt += 1);
    if (this.#dueAt < 1_024 || this.#dueAt * 2 < this.#due.length) return;
    this.#due = this.#due.slice(this.#dueAt);
    this.#dueAt = 0;
  }

  /** What came after that is not known. */
  #breakOff(obligation: Obligation, atMs: number): void {
    if (obligation.isDecided) return;
    breakOff(this.#program, obligation, atMs);
    this.#decide(obligation, { atMs: Math.max(atMs, obligation.trigger.atMs) });
  }

  /** A decided obligation must not keep its slice. */
  #forget({ ids, self }: Obligation): void {
    const slice = this.#slices[self].get(keyOf(ids));
    if (slice === undefined) return;
    slice.open = slice.open.filter(({ isDecided }) => !isDecided);
    this.#dropIfFresh(slice);
  }

  /** Keeps a slice only while it is another than one of which nothing was seen. */
  #keep(slice: Slice): void {
    if (this.#isFresh(slice)) return;
    this.#slices[slice.self].set(slice.ids.key, slice);
    this.#options.recency.add(slice);
  }

  #dropIfFresh(slice: Slice): boolean {
    if (!this.#isFresh(slice)) return false;
    this.#remove(slice);
    return true;
  }

  #remove(slice: Slice): void {
    this.#slices[slice.self].delete(slice.ids.key);
    this.#options.recency.remove(slice);
  }

  #isFresh({ open, memory, self }: Slice): boolean {
    if (open.length > 0) return false;
    const fresh = this.#fresh[self];
    for (let index = 0; index < memory.length; index += 1) if (memory[index] !== fresh[index]) return false;
    return true;
  }
}
