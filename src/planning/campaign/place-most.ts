import type { Reason } from '../../kernel/errors.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { Timetable } from '../timetable/plan.ts';
import type { TimetableProblem } from '../timetable/problem.ts';

export interface Placed {
  readonly problem: TimetableProblem;
  readonly timetable: Timetable;
  /** So many of the runs, the first ones, have their place. */
  readonly fit: number;
}

/** When not all fit, so many are tried next. */
const KEEP = 0.9;

export interface Placing {
  readonly count: number;
  /** Fewer are an error, with what stands against the last of them. */
  readonly least: number;
  /** The problem of so many runs. */
  readonly problemOf: (fit: number) => TimetableProblem;
  readonly solve: (problem: TimetableProblem) => Result<Timetable, readonly Reason[]>;
}

/** Fewer runs, from the end of the list, until they fit. */
export function placeMost({ count, least, problemOf, solve }: Placing): Result<Placed, readonly Reason[]> {
  for (let fit = count; ; fit = Math.min(fit - 1, Math.floor(fit * KEEP))) {
    const problem = problemOf(fit);
    const solved = solve(problem);
    if (solved.ok) return ok({ problem, timetable: solved.value, fit });
    if (fit <= least || solved.error.some(({ code }) => code !== 'TIMETABLE_FULL')) return solved;
  }
}
