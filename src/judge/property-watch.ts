import type { Context, Contexts, Slice, SliceOwner } from './contexts.ts';
import type { Gap, JudgedMessage, Side } from './happening.ts';
import { keyOf } from './message-ids.ts';
import { advance, beginObligation, breakOff, type Obligation, type Sight } from './obligation.ts';
import type { NamedSteps, Program } from './program.ts';
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
  /** Of all properties that are judged for the same ids. */
  readonly contexts: Contexts;
  readonly onDecided: OnDecided;
  /** Whether something that is decided at once is sure, and how: then nothing has to be made for it. */
  readonly onSure: (truths: readonly number[], self: Side) => boolean;
}

const NONE_OPEN: readonly Obligation[] = [];

/** Watches one property in one association. Memory is bounded: what has to give way is not known any more. */
export class PropertyWatch implements SliceOwner {
  readonly #options: WatchOptions;
  readonly #program: Program;
  readonly #contexts: Contexts;
  /** Its place among those that are judged for the same ids. */
  readonly #place: number;
  /** What a slice is of which no message was seen, by its end. */
  readonly #fresh: readonly [number[], number[]];
  /** Whether that stays so at a message that none of the property's atoms can be, by its end. */
  readonly #isIdle: [boolean, boolean] = [false, false];
  /** For slices that turn out to be as if nothing had been seen. */
  readonly #scratch: number[] = [];
  readonly #truths: number[];
  /** In the order of their triggers, which is that of their time limits; those decided before are passed over. */
  #due: Obligation[] = [];
  #dueAt = 0;
  /** The latest time that a message, or a gap, had. */
  #nowMs = -Infinity;

  constructor(options: WatchOptions) {
    const { program, joinedAtMs, contexts } = options;
    this.#options = options;
    this.#contexts = contexts;
    this.#place = contexts.register(this);
    this.#program = program;
    this.#fresh = [emptyMemory(program, joinedAtMs), emptyMemory(program, joinedAtMs)];
    this.#truths = program.steps.map(() => 0);
    this.#lookIdle();
  }

  /** When the first of its time limits passes. */
  get dueMs(): number {
    for (; this.#due[this.#dueAt]?.isDecided === true; this.#dueAt += 1);
    const next = this.#due[this.#dueAt];
    return next === undefined ? Infinity : next.trigger.atMs + this.#program.horizonMs;
  }

  /** A message that the property names, in its context. @returns when a time limit passes that it has set, or one before that */
  message(message: JudgedMessage, named: NamedSteps, context: Context): number {
    this.#nowMs = message.atMs;
    this.#seen(message, { self: 0, named, context });
    this.#seen(message, { self: 1, named, context });
    return this.dueMs;
  }

  gap(gap: Pick<Gap, 'side' | 'atMs'>): void {
    this.#nowMs = gap.atMs;
    const truths = this.#truths;
    const sight: Sight = { atMs: gap.atMs, truths, message: undefined };
    const kept = [...this.#contexts.all()];
    for (const self of [0, 1] as const) {
      for (const context of kept) {
        const slice = context.slice(this.#place, self);
        if (slice === undefined) continue;
        stepGap(this.#program, { self, memory: slice.memory, truths }, gap);
        this.#look(slice, sight);
      }
      stepGap(this.#program, { self, memory: this.#fresh[self], truths }, gap);
      for (const context of kept) {
        const slice = context.slice(this.#place, self);
        if (slice !== undefined) this.#dropIfFresh(slice, context);
        this.#contexts.settle(context);
      }
    }
    this.#lookIdle();
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
  }

  /** There is no room for it. */
  letGo(slice: Slice): void {
    for (const obligation of slice.open) this.#breakOff(obligation, -Infinity);
    // It may come again: from now on, anything may have been before a slice that is not known.
    const unknown = emptyMemory(this.#program, this.#nowMs);
    for (const [index, slot] of unknown.entries()) this.#fresh[slice.self][index] = slot;
    this.#lookIdle();
  }

  #seen(
    message: JudgedMessage,
    { self, named, context }: { readonly self: Side; readonly named: NamedSteps; readonly context: Context },
  ): void {
    const known = context.slice(this.#place, self);
    const program = this.#program;
    const touches = message.side === self ? named.bySelf : named.byPeer;
    if (!touches && (program.isStill || (known === undefined && this.#isIdle[self]))) return;
    const truths = this.#truths;
    const memory = known?.memory ?? this.#copyOfFresh(self);
    stepMessage(program, { self, memory, truths }, { message, named });
    if (known !== undefined && known.open.length > 0)
      this.#look(known, { atMs: message.atMs, truths, message });
    const isAsked = message.side === self && (truths[program.when] ?? 0) >= 0;
    const opened = isAsked ? this.#open(message, { self, context }) : undefined;
    if (known !== undefined) {
      if (opened === undefined) this.#dropIfFresh(known, context);
      else {
        known.open = [...known.open, opened];
        context.set(this.#place, self, known);
      }
    } else if (opened !== undefined || !this.#isFresh(self, memory)) {
      const open = opened === undefined ? NONE_OPEN : [opened];
      context.set(this.#place, self, { self, ids: context.ids, memory: memory.slice(), open });
    }
  }

  #copyOfFresh(self: Side): number[] {
    const [fresh, scratch] = [this.#fresh[self], this.#scratch];
    for (let index = 0; index < fresh.length; index += 1) scratch[index] = fresh[index] ?? 0;
    return scratch;
  }

  /** What has to be waited for, if anything. */
  #open(
    message: JudgedMessage,
    { self, context }: { readonly self: Side; readonly context: Context },
  ): Obligation | undefined {
    const { untils } = this.#program;
    if (untils.length === 0 && this.#options.onSure(this.#truths, self)) return undefined;
    const ids = context.ids.values;
    const obligation = beginObligation(this.#program, message, { ids, truths: this.#truths });
    if (untils.length === 0) {
      this.#decide(obligation, message);
      return undefined;
    }
    this.#due.push(obligation);
    const oldest = this.#due[this.#dueAt];
    if (this.#due.length - this.#dueAt > this.#options.maxOpen && oldest !== undefined) {
      this.#breakOff(oldest, -Infinity);
      this.#forget(oldest);
    }
    return obligation;
  }

  #look(slice: Slice, sight: Sight): void {
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
    const context = this.#contexts.find({ key: keyOf(ids), values: ids });
    const slice = context?.slice(this.#place, self);
    if (context === undefined || slice === undefined) return;
    slice.open = slice.open.filter(({ isDecided }) => !isDecided);
    this.#dropIfFresh(slice, context);
    this.#contexts.settle(context);
  }

  /** Keeps a slice only while it is another than one of which nothing was seen. */
  #dropIfFresh({ open, memory, self }: Slice, context: Context): void {
    if (open.length === 0 && this.#isFresh(self, memory)) context.set(this.#place, self, undefined);
  }

  #isFresh(self: Side, memory: readonly number[]): boolean {
    const fresh = this.#fresh[self];
    for (let index = 0; index < fresh.length; index += 1) if (memory[index] !== fresh[index]) return false;
    return true;
  }

  #lookIdle(): void {
    const nothing: JudgedMessage = {
      ...{ n: 0, atMs: this.#nowMs, association: 0, from: '', to: '', protocol: '', name: '' },
      ...{ side: 0, isDamaged: false, value: () => undefined },
    };
    for (const self of [0, 1] as const) {
      const memory = this.#copyOfFresh(self);
      const stepped = { self, memory, truths: this.#truths };
      stepMessage(this.#program, stepped, { message: nothing, named: NO_STEPS });
      this.#isIdle[self] = this.#isFresh(self, memory) && (this.#truths[this.#program.when] ?? 0) < 0;
    }
  }
}

const NO_STEPS: NamedSteps = { steps: [], bySelf: false, byPeer: false };
