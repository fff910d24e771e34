import type { End } from '../domain/trace-property.ts';
import type { JudgedMessage, Side } from './happening.ts';
import { type Atom, type Program, type Seen, SINCE_SLOTS, type Step } from './program.ts';
import { fade, TRUTH } from './truth.ts';

/** What a slice remembers of a trace that it knows from the beginning; of one that it joined, that anything may have been. */
export function emptyMemory({ steps, memory }: Program, joinedAtMs: number | undefined): number[] {
  const slots = Array.from({ length: memory }, () => -Infinity);
  for (const step of steps) {
    if (step.op === 'previously')
      slots[step.memory] = joinedAtMs === undefined ? TRUTH.notBySilence : TRUTH.unknown;
    if (step.op === 'since' && joinedAtMs !== undefined) slots[step.memory] = joinedAtMs;
  }
  return slots;
}

export function endOf(side: Side, self: Side): End {
  return side === self ? 'self' : 'peer';
}

/** A slice as it is stepped through. */
export interface Stepped {
  readonly memory: number[];
  /** Where in that the numbers of the slice begin. */
  readonly base: number;
  /** Of all steps; those that look ahead have no meaning. */
  readonly truths: number[];
}

/** The truth of each step at a message, and what has to be remembered of it. */
export function stepMessage(
  { steps, derived, previous }: Program,
  { memory, base, truths }: Stepped,
  { message, seen }: { readonly message: JudgedMessage; readonly seen: Seen },
): void {
  for (let index = 0; index < steps.length; index += 1) truths[index] = seen.truths[index] ?? 0;
  for (const { at, having } of seen.inside) if (!isInside(having, message)) truths[at] = TRUTH.shownNot;
  for (const index of derived) {
    const step = steps[index];
    if (step !== undefined && step.op !== 'atom' && step.op !== 'until')
      truths[index] = truthOf(step, { memory, base, truths, atMs: message.atMs, isGap: false });
  }
  for (const { of, memory: slot } of previous) memory[base + slot] = fade(truths[of] ?? 0);
}

function isInside(having: Atom['having'], message: JudgedMessage): boolean {
  for (const [path, values] of having) {
    const value = message.value(path);
    if (value === undefined || !values.includes(value)) return false;
  }
  return true;
}

/** The same where messages are missing: any number of them, of that end. */
export function stepGap(
  { steps, previous }: Program,
  { memory, base, truths }: Stepped,
  { atMs, by }: { readonly atMs: number; readonly by: End },
): void {
  for (const [index, step] of steps.entries()) {
    if (step.op === 'until') continue;
    const isAtom = step.op === 'atom';
    truths[index] = isAtom
      ? step.atom.by === undefined || step.atom.by === by
        ? TRUTH.unknown
        : TRUTH.shownNot
      : truthOf(step, { memory, base, truths, atMs, isGap: true });
  }
  for (const { of, memory: slot } of previous)
    memory[base + slot] = agreed(memory[base + slot] ?? 0, fade(truths[of] ?? 0));
}

interface At extends Readonly<Stepped> {
  readonly atMs: number;
  readonly isGap: boolean;
}

function truthOf(step: Exclude<Step, { op: 'atom' | 'until' }>, at: At): number {
  const { truths, memory, base } = at;
  switch (step.op) {
    case 'previously': {
      const before = memory[base + step.memory] ?? 0;
      // Among messages that are missing, the one before may be one of them.
      return at.isGap ? agreed(before, fade(truths[step.of] ?? 0)) : before;
    }
    case 'since':
      return sinceTruth(step, at);
    default:
      return combine(step, truths);
  }
}

/** The truth of a step that only puts others together. */
export function combine(
  step: Extract<Step, { op: 'not' | 'all' | 'any' }>,
  truths: readonly number[],
): number {
  if (step.op === 'not') return -(truths[step.of] ?? 0);
  let truth: number = step.op === 'all' ? TRUTH.shown : TRUTH.shownNot;
  for (const part of step.of) {
    const each = truths[part] ?? 0;
    if (step.op === 'all' ? each < truth : each > truth) truth = each;
  }
  return truth;
}

/** Slots hold since when it is at least unknown, true by silence, shown. */
function sinceTruth(
  { from, hold, withinMs, memory: slot }: Extract<Step, { op: 'since' }>,
  { memory, base, truths, atMs, isGap }: At,
): number {
  const at = base + slot;
  const holds = hold === undefined ? TRUTH.shown : endsAt(truths[hold] ?? 0, isGap);
  const begins = beginsAt(truths[from] ?? 0, isGap);
  let maybe = memory[at] ?? -Infinity;
  let silent = memory[at + 1] ?? -Infinity;
  let shown = memory[at + 2] ?? -Infinity;
  if (hold !== undefined) {
    // That it held between two messages is known by silence only.
    silent = Math.max(silent, shown);
    shown = -Infinity;
    if (holds < TRUTH.bySilence) {
      maybe = Math.max(maybe, silent);
      silent = -Infinity;
    }
    if (holds < TRUTH.unknown) maybe = -Infinity;
  }
  if (begins >= TRUTH.shown) shown = atMs;
  else if (begins === TRUTH.bySilence) silent = atMs;
  else if (begins === TRUTH.unknown) maybe = atMs;
  memory[at] = maybe;
  memory[at + 1] = silent;
  memory[at + 2] = shown;
  const oldest = atMs - withinMs;
  if (shown >= oldest && shown > -Infinity) return TRUTH.shown;
  if (silent >= oldest && silent > -Infinity) return TRUTH.bySilence;
  return maybe >= oldest && maybe > -Infinity ? TRUTH.unknown : TRUTH.notBySilence;
}

/** @returns until when nothing that is remembered grows too old to count, from a time on */
export function sameUntil({ steps }: Program, memory: readonly number[], atMs: number): number {
  let untilMs = Infinity;
  for (const step of steps) {
    if (step.op !== 'since') continue;
    for (let slot = step.memory; slot < step.memory + SINCE_SLOTS; slot += 1) {
      const lastMs = (memory[slot] ?? -Infinity) + step.withinMs;
      if (lastMs >= atMs && lastMs < untilMs) untilMs = lastMs;
    }
  }
  return untilMs;
}

/** Where messages may be missing there may also be none: nothing is sure to begin there. */
export function beginsAt(truth: number, isGap: boolean): number {
  return isGap && truth > 0 ? TRUTH.unknown : truth;
}

/** Nor is anything sure to end there. */
export function endsAt(truth: number, isGap: boolean): number {
  return isGap && truth < 0 ? TRUTH.unknown : truth;
}

function agreed(a: number, b: number): number {
  return a === b ? a : TRUTH.unknown;
}
