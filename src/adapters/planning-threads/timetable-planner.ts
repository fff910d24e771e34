import type { Reason } from '../../kernel/errors.ts';
import type { Result } from '../../kernel/result.ts';
import type { Timetable } from '../../planning/timetable/plan.ts';
import type { TimetableProblem } from '../../planning/timetable/problem.ts';
import type { Standing } from '../../planning/timetable/replan/repair.ts';
import type { Progress } from '../../planning/timetable/solve.ts';
import type { ThreadBudget } from './serve.ts';
import { makeThread } from './thread.ts';
import type { TimetableOrder } from './timetable-worker.ts';

export interface PlanTimetableOptions {
  readonly seed: number;
  readonly budget: ThreadBudget;
  /** A plan that is being carried out: its repair comes first, as progress. */
  readonly standing?: Standing;
  /** Told of better plans, each complete, which may be used at once. */
  readonly onProgress?: (progress: Progress) => void;
  /** Aborted, the search ends at once and the best plan so far is the answer. */
  readonly signal: AbortSignal;
}

export interface TimetablePlanner extends AsyncDisposable {
  plan(
    problem: TimetableProblem,
    options: PlanTimetableOptions,
  ): Promise<Result<Timetable, readonly Reason[]>>;
}

/** Looks for timetables in threads of its own. */
export function makeTimetablePlanner(): TimetablePlanner {
  const thread = makeThread('timetable-worker');
  return {
    plan: (problem, { seed, budget, standing, onProgress, signal }) => {
      const order: TimetableOrder = { problem, seed, budget, standing: standing ?? null };
      return thread.ask(order, { finish: signal, onProgress });
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
