import type { Context, Contexts, SliceOwner } from './contexts.ts';
import type { Gap, JudgedMessage, Side } from './happening.ts';
import { keyOf } from './message-ids.ts';
import { advance, beginObligation, breakOff, type Obligation, type Sight } from './obligation.ts';
import type { Naming, Program, Seen } from './program.ts';
import { emptyMemory, endOf, sameUntil, stepGap, stepMessage } from './slice.ts';

/** When an obligation was decided, and which end has just shown, by a message, that it misses none. */
export interface Decision {
  readonly atMs: number;
  readonly side?: Side;
}

/** Called when nothing that is to come can change what an obligation is. */
export type OnDecided = (obligation: Obligation, decision: Decision) => void;

/** What a property needs while it looks at a message; all its watches share one. */
export interface Workspace {
  /** Of all steps. */
  readonly truths: number[];
  /** For slices that turn out to be as if nothing had been seen. */
  readonly scratch: number[];
}

export interface WatchOptions {
  readonly program: Program;
  readonly workspace: Workspace;
  /** Since when the association is known, if not from its beginning. */
  readonly joinedAtMs: number | undefined;
  /** Of open obligations. */
  readonly maxOpen: number;
  /** Of all properties that are judged for the same ids. */
  readonly contexts: Contexts;
  /** Where its slices stand in them, by their end. */
  readonly slicesAt: readonly [number, number];
  readonly onDecided: OnDecided;
  /** Whether something that is decided at once is sure, and how: then nothing has to be made for it. */
  readonly onSure: (truths: readonly number[], self: Side) => boolean;
}

/** So many that are passed over make it worth to shorten the list: there is one for every property and association. */
const MIN_PASSED = 16;

/** Watches one property in one association. Memory is bounded: what has to give way is not known any more. */
export class PropertyWatch implements SliceOwner {
  readonly #options: WatchOptions;
  readonly #program: Program;
  readonly #contexts: Contexts;
  readonly slicesAt: readonly [number, number];
  /** What a slice is of which no message was seen, by its end. */
  readonly #fresh: readonly [number[], number[]];
  /** Until when that stays so at a message that none of the property's atoms can be, by its end; `-Infinity` if it does not. */
  readonly #idleUntilMs: [number, number] = [-Infinity, -Infinity];
  readonly #scratch: number[];
  readonly #truths: number[];
  /** In the order of their triggers, which is that of their time limits; those decided before are passed over. */
  #due: Obligation[] = [];
  #dueAt = 0;
  /** The latest time that a message, or a gap, had. */
  #nowMs = -Infinity;

  constructor(options: WatchOptions) {
    const { program, joinedAtMs, contexts, slicesAt, workspace } = options;
    this.#options = options;
    this.#contexts = contexts;
    contexts.owners.push(this);
    this.slicesAt = slicesAt;
    this.#program = program;
    this.#fresh = [emptyMemory(program, joinedAtMs), emptyMemory(program, joinedAtMs)];
    this.#truths = workspace.truths;
    this.#scratch = workspace.scratch;
    this.#lookIdle();
  }

  /** When the first of its time limits passes. */
  get dueMs(): number {
    for (; this.#due[this.#dueAt]?.isDecided === true; this.#dueAt += 1);
    const next = this.#due[this.#dueAt];
    return next === undefined ? Infinity : next.trigger.atMs + this.#program.horizonMs;
  }

  /** A message that the property names, in its context. @returns when a time limit passes that it has set, or one before that */
  message(message: JudgedMessage, naming: Naming, context: Context): number {
    this.#nowMs = message.atMs;
    const { side } = message;
    this.#seen(message, { self: 0, seen: side === 0 ? naming.self : naming.peer, context });
    this.#seen(message, { self: 1, seen: side === 1 ? naming.self : naming.peer, context });
    return this.dueMs;
  }

  gap({ side, atMs }: Pick<Gap, 'side' | 'atMs'>): void {
    this.#nowMs = atMs;
    const truths = this.#truths;
    const sight: Sight = { atMs, truths, message: undefined };
    const kept = [...this.#contexts.all()];
    for (const self of [0, 1] as const) {
      const at = this.slicesAt[self];
      const gap = { atMs, by: endOf(side, self) };
      for (const context of kept) {
        if (!context.keeps(at)) continue;
        stepGap(this.#program, { memory: context.memory, base: at + 1, truths }, gap);
        this.#look(context, at, sight);
      }
      stepGap(this.#program, { memory: this.#fresh[self], base: 0, truths }, gap);
      for (const context of kept) {
        this.#dropIfFresh(context, self);
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

  letGo({ self, open }: { readonly self: Side; readonly open: readonly Obligation[] }): void {
    for (const obligation of open) this.#breakOff(obligation, -Infinity);
    // It may come again: from now on, anything may have been before a slice that is not known.
    const unknown = emptyMemory(this.#program, this.#nowMs);
    for (const [index, slot] of unknown.entries()) this.#fresh[self][index] = slot;
    this.#lookIdle();
  }

  #seen(
    message: JudgedMessage,
    { self, seen, context }: { readonly self: Side; readonly seen: Seen; readonly context: Context },
  ): void {
    const at = this.slicesAt[self];
    const isKept = context.keeps(at);
    const program = this.#program;
    if (!seen.touches && (program.isStill || (!isKept && this.#isIdle(self, message.atMs)))) return;
    const truths = this.#truths;
    const [memory, base] = isKept ? [context.memory, at + 1] : [this.#copyOfFresh(self), 0];
    stepMessage(program, { memory, base, truths }, { message, seen });
    if (isKept && context.open.length > 0) this.#look(context, at, { atMs: message.atMs, truths, message });
    const isAsked = message.side === self && (truths[program.when] ?? 0) >= 0;
    const opened = isAsked ? this.#open(message, { slice: at, context }) : undefined;
    if (opened === undefined && (isKept || this.#isFresh(self, memory, 0))) {
      this.#dropIfFresh(context, self);
      return;
    }
    if (!isKept) context.write(at, memory, program.memory);
    context.keep(at);
    if (opened !== undefined) context.add(opened);
  }

  #copyOfFresh(self: Side): number[] {
    const [fresh, scratch] = [this.#fresh[self], this.#scratch];
    for (let index = 0; index < fresh.length; index += 1) scratch[index] = fresh[index] ?? 0;
    return scratch;
  }

  /** What has to be waited for, if anything. */
  #open(
    message: JudgedMessage,
    { slice, context }: { readonly slice: number; readonly context: Context },
  ): Obligation | undefined {
    const { untils } = this.#program;
    if (untils.length === 0 && this.#options.onSure(this.#truths, message.side)) return undefined;
    const ids = context.ids.values;
    const obligation = beginObligation(this.#program, message, { ids, slice, truths: this.#truths });
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

  #look(context: Context, at: number, sight: Sight): void {
    const { atMs, message } = sight;
    let isAnyDecided = false;
    for (const open of context.open) {
      if (open.slice !== at) continue;
      if (!open.isDecided && advance(this.#program, open, sight)) this.#decide(open, message ?? { atMs });
      isAnyDecided ||= open.isDecided;
    }
    if (isAnyDecided) context.forgetDecided();
  }

  #decide(obligation: Obligation, decision: Decision): void {
    obligation.isDecided = true;
    this.#options.onDecided(obligation, decision);
    if (this.#due[this.#dueAt]?.isDecided === true) this.#shorten();
  }

  /** Those that are decided make no list long. */
  #shorten(): void {
    for (; this.#due[this.#dueAt]?.isDecided === true; this.#dueAt += 1);
    if (this.#dueAt < MIN_PASSED || this.#dueAt * 2 < this.#due.length) return;
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
    const context = this.#contexts.find(keyOf(ids));
    if (context === undefined) return;
    context.forgetDecided();
    this.#dropIfFresh(context, self);
    this.#contexts.settle(context);
  }

  /** Keeps a slice only while it is another than one of which nothing was seen. */
  #dropIfFresh(context: Context, self: Side): void {
    const at = this.slicesAt[self];
    if (!context.keeps(at) || !this.#isFresh(self, context.memory, at + 1) || context.hasOpen(at)) return;
    context.drop(at);
  }

  #isFresh(self: Side, memory: readonly number[], base: number): boolean {
    const fresh = this.#fresh[self];
    for (let index = 0; index < fresh.length; index += 1)
      if (memory[base + index] !== fresh[index]) return false;
    return true;
  }

  #isIdle(self: Side, atMs: number): boolean {
    // What a gap has made possible becomes impossible again with time.
    if (this.#idleUntilMs[self] > -Infinity && atMs > this.#idleUntilMs[self]) this.#lookIdle();
    return this.#idleUntilMs[self] > -Infinity;
  }

  /** At a time that a message can have: there is none before the first. */
  #lookIdle(): void {
    const atMs = Math.max(0, this.#nowMs);
    const nothing: JudgedMessage = {
      ...{ n: 0, atMs, association: 0, from: '', to: '', protocol: '', name: '' },
      ...{ side: 0, isDamaged: false, value: () => undefined },
    };
    for (const self of [0, 1] as const) {
      const memory = this.#copyOfFresh(self);
      const stepped = { memory, base: 0, truths: this.#truths };
      stepMessage(this.#program, stepped, { message: nothing, seen: this.#program.unnamed });
      const isIdle = this.#isFresh(self, memory, 0) && (this.#truths[this.#program.when] ?? 0) < 0;
      this.#idleUntilMs[self] = isIdle ? sameUntil(this.#program, this.#fresh[self], atMs) : -Infinity;
    }
  }
}
