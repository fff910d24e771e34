import type { Scalar } from '../domain/trace-property.ts';
import type { Gap, JudgedMessage, Side } from './happening.ts';
import type { Program } from './program.ts';
import { beginsAt, combine, endsAt } from './slice.ts';
import { TRUTH } from './truth.ts';

/** What is kept of a message, to show it. */
export interface Witness {
  readonly n: number;
  readonly atMs: number;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A message for which `when` held: `then` has to hold there too. */
export interface Obligation {
  readonly trigger: Witness;
  readonly association: number;
  readonly self: Side;
  readonly ids: readonly Scalar[];
  /** Of `when`. */
  readonly asked: number;
  /** Of all steps: at the trigger, and of those that look ahead so far. */
  readonly truths: Int8Array;
  /** Of what has to hold until something, for each step that looks ahead. */
  readonly holds: Int8Array;
  /** The message that has decided a step that looks ahead. */
  shownBy: Witness | undefined;
  isDecided: boolean;
}

export function witnessOf({ n, atMs, name, from, to }: JudgedMessage): Witness {
  return { n, atMs, name, from, to };
}

/** @param truths of all steps at the trigger */
export function beginObligation(
  program: Program,
  trigger: JudgedMessage,
  { ids, truths }: { readonly ids: readonly Scalar[]; readonly truths: Int8Array },
): Obligation {
  const own = truths.slice();
  // Nothing has come yet, and nothing has ended what holds.
  program.steps.forEach((step, index) => {
    if (step.op === 'until') own[index] = TRUTH.notBySilence;
  });
  return {
    ...{ trigger: witnessOf(trigger), association: trigger.association, self: trigger.side, ids },
    ...{ asked: truths[program.when] ?? 0, truths: own },
    // That something held until then is known by silence, unless nothing has to.
    holds: Int8Array.from(program.untils, ({ hold }) => (hold === undefined ? TRUTH.shown : TRUTH.bySilence)),
    ...{ shownBy: undefined, isDecided: false },
  };
}

/** A later message of its slice, of which the truths are given; whether the rest cannot change anything. */
export function advance(
  program: Program,
  obligation: Obligation,
  { message, truths }: { readonly message: JudgedMessage; readonly truths: Int8Array },
): boolean {
  return look(program, obligation, {
    truths,
    reaches: (deadlineMs) => message.atMs <= deadlineMs,
    shownBy: () => witnessOf(message),
    isGap: false,
  });
}

/** Messages of its slice may be missing. */
export function advanceGap(
  program: Program,
  obligation: Obligation,
  { gap, truths }: { readonly gap: Pick<Gap, 'atMs'>; readonly truths: Int8Array },
): boolean {
  return look(program, obligation, {
    truths,
    reaches: (deadlineMs) => gap.atMs <= deadlineMs,
    shownBy: () => undefined,
    isGap: true,
  });
}

interface Look {
  readonly truths: Int8Array;
  readonly reaches: (deadlineMs: number) => boolean;
  readonly shownBy: () => Witness | undefined;
  readonly isGap: boolean;
}

function look(
  { steps }: Program,
  obligation: Obligation,
  { truths, reaches, shownBy, isGap }: Look,
): boolean {
  let isOver = true;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index];
    if (step?.op !== 'until') continue;
    if (reaches(obligation.trigger.atMs + step.withinMs)) {
      const holds = obligation.holds[step.index] ?? 0;
      const reached = Math.min(beginsAt(truths[step.reach] ?? 0, isGap), holds);
      if (reached > (obligation.truths[index] ?? 0)) {
        obligation.truths[index] = reached;
        obligation.shownBy = shownBy() ?? obligation.shownBy;
      }
      if (step.hold !== undefined)
        narrow(obligation, { index: step.index, to: endsAt(truths[step.hold] ?? 0, isGap), shownBy });
    }
    // It cannot become truer than what has to hold until it comes.
    isOver &&= (obligation.truths[index] ?? 0) >= (obligation.holds[step.index] ?? 0);
  }
  return isOver;
}

function narrow(
  obligation: Obligation,
  { index, to, shownBy }: { index: number; to: number; shownBy: Look['shownBy'] },
): void {
  if (to >= (obligation.holds[index] ?? 0)) return;
  obligation.holds[index] = to;
  if (to < 0) obligation.shownBy = shownBy() ?? obligation.shownBy;
}

/** Nothing more is known of what comes after that. */
export function breakOff({ steps }: Program, obligation: Obligation, atMs: number): void {
  steps.forEach((step, index) => {
    if (step.op !== 'until' || atMs > obligation.trigger.atMs + step.withinMs) return;
    const reached = Math.min(TRUTH.unknown, obligation.holds[step.index] ?? 0);
    obligation.truths[index] = Math.max(obligation.truths[index] ?? 0, reached);
  });
}

/** The truth of "if `when`, then `then`". */
export function outcomeOf({ steps, when, then }: Program, { truths, asked }: Obligation): number {
  for (let index = when + 1; index < steps.length; index += 1) {
    const step = steps[index];
    if (step?.op === 'not' || step?.op === 'all' || step?.op === 'any') truths[index] = combine(step, truths);
  }
  return Math.max(-asked, truths[then] ?? 0);
}
