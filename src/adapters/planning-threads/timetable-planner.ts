import type { Reason } from '../../kernel/errors.ts';
import type { Result } from '../../kernel/result.ts';
import type { Timetable } from '../../planning/timetable/plan.ts';
import type { TimetableProblem } from '../../planning/timetable/problem.ts';
import type { Standing } from '../../planning/timetable/replan/repair.ts';
import type { Progress } from '../../planning/timetable/solve.ts';
import { inThread } from './in-thread.ts';
import type { ThreadBudget } from './serve.ts';
import type { TimetableOrder } from './timetable-worker.ts';

export interface PlanTimetableOptions {
  readonly seed: number;
  readonly budget: ThreadBudget;
  /** A plan that is being carried out: its repair comes first, as progress. */
  readonly standing?: Standing;
  /** Called for each better plan, which is complete and may be used at once. */
  readonly onProgress?: (progress: Progress) => void;
  /** Aborted, the search ends at once and the best plan so far is the answer. */
  readonly signal: AbortSignal;
}

/** Looks for a timetable in a thread of its own. */
export function planTimetable(
  problem: TimetableProblem,
  { seed, budget, standing, onProgress, signal }: PlanTimetableOptions,
): Promise<Result<Timetable, readonly Reason[]>> {
  const order: TimetableOrder = { problem, seed, budget, standing: standing ?? null };
  return inThread('timetable-worker', order, { finish: signal, onProgress });
}
