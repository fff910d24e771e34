import type { Bound, PlannedEntry } from './plan.ts';

/** One way to search: after each move it says whether a better plan was found. */
export interface Engine {
  readonly name: 'project' | 'line' | 'campaign' | 'replan';
  /** Asked for when a plan is known: it may take longer than finding one. */
  readonly bound: () => Bound;
  /** A plan at the bound cannot be improved: nothing but the makespan counts. */
  readonly endsAtBound: boolean;
  readonly search: Iterator<Sketch | null>;
}

/** A plan found: turned into entries only when it is wanted. Good until the next move. */
export interface Sketch {
  readonly makespan: number;
  readonly entries: () => readonly PlannedEntry[];
}

export interface Budget {
  /** How much of it is spent, 0 to 1. */
  readonly spent: () => number;
  /** Moves that the budget is good for, when it is counted in moves. */
  readonly moves: number | null;
  /** Milliseconds of it otherwise. */
  readonly ms: number;
}
