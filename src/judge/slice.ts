import type { End } from '../domain/trace-property.ts';
import type { Gap, JudgedMessage, Side } from './happening.ts';
import type { Atom, Program, Step } from './program.ts';
import { fade, TRUTH } from './truth.ts';

/** What a slice remembers of a trace that it knows from the beginning; of one that it joined, that anything may have been. */
export function emptyMemory({ steps, memory }: Program, joinedAtMs: number | undefined): Float64Array {
  const slots = new Float64Array(memory).fill(-Infinity);
  for (const step of steps) {
    if (step.op === 'previously')
      slots[step.memory] = joinedAtMs === undefined ? TRUTH.notBySilence : TRUTH.unknown;
    if (step.op === 'since' && joinedAtMs !== undefined) slots[step.memory] = joinedAtMs;
  }
  return slots;
}

/** Whether a message is what an atom wants, seen from an end. */
export function isWanted({ names, by, having }: Atom, message: JudgedMessage, self: Side): boolean {
  return (
    names.has(message.name) &&
    (by === undefined || endOf(message.side, self) === by) &&
    having.every(([path, values]) => {
      const value = message.value(path);
      return value !== undefined && values.includes(value);
    })
  );
}

export function endOf(side: Side, self: Side): End {
  return side === self ? 'self' : 'peer';
}

/**
 * The truth of each step at a message, into `truths`, and what has to be remembered of it. Steps that look ahead keep whatever
 * stands there.
 */
export function stepMessage(
  program: Program,
  slice: { readonly memory: Float64Array; readonly self: Side; readonly truths: Int8Array },
  message: JudgedMessage,
): void {
  const { memory, self, truths } = slice;
  for (const [index, step] of program.steps.entries()) {
    if (step.op === 'until') continue;
    const isAtom = step.op === 'atom';
    truths[index] = isAtom
      ? isWanted(step.atom, message, self)
        ? TRUTH.shown
        : TRUTH.shownNot
      : truthOf(step, { memory, truths, atMs: message.atMs, isGap: false });
  }
  remember(program, { memory, truths });
}

/** The same where messages are missing: any number of them, of that end. */
export function stepGap(
  program: Program,
  slice: { readonly memory: Float64Array; readonly self: Side; readonly truths: Int8Array },
  gap: Pick<Gap, 'side' | 'atMs'>,
): void {
  const { memory, self, truths } = slice;
  const end = endOf(gap.side, self);
  for (const [index, step] of program.steps.entries()) {
    if (step.op === 'until') continue;
    const isAtom = step.op === 'atom';
    truths[index] = isAtom
      ? step.atom.by === undefined || step.atom.by === end
        ? TRUTH.unknown
        : TRUTH.shownNot
      : truthOf(step, { memory, truths, atMs: gap.atMs, isGap: true });
  }
  rememberGap(program, { memory, truths });
}

interface At {
  readonly memory: Float64Array;
  readonly truths: Int8Array;
  readonly atMs: number;
  readonly isGap: boolean;
}

function truthOf(step: Exclude<Step, { op: 'atom' | 'until' }>, at: At): number {
  const { truths, memory } = at;
  switch (step.op) {
    case 'previously': {
      const before = memory[step.memory] ?? 0;
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
export function combine(step: Extract<Step, { op: 'not' | 'all' | 'any' }>, truths: Int8Array): number {
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
  { from, hold, withinMs, memory: base }: Extract<Step, { op: 'since' }>,
  { memory, truths, atMs, isGap }: At,
): number {
  const holds = hold === undefined ? TRUTH.shown : endsAt(truths[hold] ?? 0, isGap);
  const begins = beginsAt(truths[from] ?? 0, isGap);
  let [maybe = -Infinity, silent = -Infinity, shown = -Infinity] = memory.subarray(base, base + 3);
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
  memory.set([maybe, silent, shown], base);
  const oldest = atMs - withinMs;
  if (shown >= oldest && shown > -Infinity) return TRUTH.shown;
  if (silent >= oldest && silent > -Infinity) return TRUTH.bySilence;
  return maybe >= oldest && maybe > -Infinity ? TRUTH.unknown : TRUTH.notBySilence;
}

/** Where messages may be missing there may also be none: nothing is sure to begin there. */
export function beginsAt(truth: number, isGap: boolean): number {
  return isGap && truth > 0 ? TRUTH.unknown : truth;
}

/** Nor is anything sure to end there. */
export function endsAt(truth: number, isGap: boolean): number {
  return isGap && truth < 0 ? TRUTH.unknown : truth;
}

function remember({ steps }: Program, { memory, truths }: Pick<At, 'memory' | 'truths'>): void {
  for (const step of steps) if (step.op === 'previously') memory[step.memory] = fade(truths[step.of] ?? 0);
}

function rememberGap({ steps }: Program, { memory, truths }: Pick<At, 'memory' | 'truths'>): void {
  for (const step of steps)
    if (step.op === 'previously')
      memory[step.memory] = agreed(memory[step.memory] ?? 0, fade(truths[step.of] ?? 0));
}

function agreed(a: number, b: number): number {
  return a === b ? a : TRUTH.unknown;
}
