import type { TimetableProblem } from '../../planning/timetable/problem.ts';
import type { Standing } from '../../planning/timetable/replan/repair.ts';
import { type Progress, solveTimetable } from '../../planning/timetable/solve.ts';
import { serve, type Serving, type ThreadBudget } from './serve.ts';

export interface TimetableOrder {
  readonly problem: TimetableProblem;
  readonly seed: number;
  readonly budget: ThreadBudget;
  readonly standing: Standing | null;
}

serve((order: TimetableOrder, { isStopped, say, spentMs }: Serving<Progress>) => {
  const { problem, seed, budget, standing } = order;
  return solveTimetable(problem, {
    ...{ seed, stop: isStopped, onProgress: say },
    budget: 'ms' in budget ? { ms: budget.ms, spentMs } : budget,
    ...(standing === null ? {} : { standing }),
  });
});
