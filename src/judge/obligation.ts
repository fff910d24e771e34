import type { Scalar } from '../domain/trace-property.ts';
import type { JudgedMessage, Side } from './happening.ts';
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
  /** Where in its context the slice stands to which it belongs. */
  readonly slice: number;
  /** Of `when`. */
  readonly asked: number;
  /** Of all steps: at the trigger, and of those that look ahead so far. */
  readonly truths: number[];
  /** Of what has to hold until something, for each step that looks ahead. */
  readonly holds: number[];
  /** The message that has decided a step that looks ahead. */
  shownBy: Witness | undefined;
  isDecided: boolean;
}

export function witnessOf({ n, atMs, name, from, to }: JudgedMessage): Witness {
  return { n, atMs, name, from, to };
}

/** @param at the slice, and the truths of all steps at the trigger */
export function beginObligation(
  { untils, when }: Program,
  trigger: JudgedMessage,
  { ids, slice, truths }: Pick<Obligation, 'ids' | 'slice'> & { readonly truths: readonly number[] },
): Obligation {
  const own = truths.slice();
  const holds: number[] = [];
  for (const { at, hold } of untils) {
    // Nothing has come yet, and nothing has ended what holds.
    own[at] = TRUTH.notBySilence;
    // That something held until then is known by silence, unless nothing has to.
    holds.push(hold === undefined ? TRUTH.shown : TRUTH.bySilence);
  }
  return {
    trigger: witnessOf(trigger),
    association: trigger.association,
    self: trigger.side,
    ids,
    slice,
    asked: truths[when] ?? 0,
    truths: own,
    holds,
    shownBy: undefined,
    isDecided: false,
  };
}

/** What was seen of a slice: a message, or that some may be missing. */
export interface Sight {
  readonly atMs: number;
  /** Of all steps. */
  readonly truths: readonly number[];
  /** `undefined` where messages may be missing. */
  readonly message: JudgedMessage | undefined;
}

/** Whether nothing that is seen later can change anything. */
export function advance({ untils }: Program, obligation: Obligation, sight: Sight): boolean {
  const { atMs, truths, message } = sight;
  const isGap = message === undefined;
  let isOver = true;
  for (const { at, index, reach, hold, withinMs } of untils) {
    if (atMs <= obligation.trigger.atMs + withinMs) {
      const reached = Math.min(beginsAt(truths[reach] ?? 0, isGap), obligation.holds[index] ?? 0);
      if (reached > (obligation.truths[at] ?? 0)) {
        obligation.truths[at] = reached;
        if (message !== undefined) obligation.shownBy = witnessOf(message);
      }
      if (hold !== undefined) narrow(obligation, { index, to: endsAt(truths[hold] ?? 0, isGap), message });
    }
    // It cannot become truer than what has to hold until it comes.
    isOver &&= (obligation.truths[at] ?? 0) >= (obligation.holds[index] ?? 0);
  }
  return isOver;
}

function narrow(
  obligation: Obligation,
  { index, to, message }: { index: number; to: number; message: Sight['message'] },
): void {
  if (to >= (obligation.holds[index] ?? 0)) return;
  obligation.holds[index] = to;
  if (to < 0 && message !== undefined) obligation.shownBy = witnessOf(message);
}

/** Nothing more is known of what comes after that. */
export function breakOff({ untils }: Program, obligation: Obligation, atMs: number): void {
  for (const { at, index, withinMs } of untils) {
    if (atMs > obligation.trigger.atMs + withinMs) continue;
    const reached = Math.min(TRUTH.unknown, obligation.holds[index] ?? 0);
    obligation.truths[at] = Math.max(obligation.truths[at] ?? 0, reached);
  }
}

/** The truth of "if `when`, then `then`". */
export function outcomeOf({ steps, when, then }: Program, { truths, asked }: Obligation): number {
  for (let index = when + 1; index < steps.length; index += 1) {
    const step = steps[index];
    if (step?.op === 'not' || step?.op === 'all' || step?.op === 'any') truths[index] = combine(step, truths);
  }
  return Math.max(-asked, truths[then] ?? 0);
}
