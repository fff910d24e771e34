import { parentPort, workerData } from 'node:worker_threads';
import type { Code } from '../../kernel/codes.ts';
import { HarnessError, type Reason } from '../../kernel/errors.ts';
import type { Result } from '../../kernel/result.ts';
import type { Timetable } from '../../planning/timetable/plan.ts';
import type { TimetableProblem } from '../../planning/timetable/problem.ts';
import type { Standing } from '../../planning/timetable/replan/repair.ts';
import { solveTimetable, type Progress } from '../../planning/timetable/solve.ts';

/** What a thread is started with. */
export interface TimetableOrder {
  readonly problem: TimetableProblem;
  readonly seed: number;
  /** Milliseconds from the start of the search, or moves. */
  readonly budget: { readonly ms: number } | { readonly moves: number };
  readonly standing: Standing | null;
  /** One word, which is not 0 any more once the plan is wanted at once. */
  readonly stop: SharedArrayBuffer;
}

export type TimetableAnswer =
  | { readonly progress: Progress }
  | { readonly planned: Result<Timetable, readonly Reason[]> }
  | { readonly code: Code; readonly problem: string };

const { problem, seed, budget, standing, stop: word } = workerData as TimetableOrder;
const stop = new Int32Array(word);
const startedAt = performance.now();
const answer = (message: TimetableAnswer): void => parentPort?.postMessage(message);

try {
  const planned = solveTimetable(problem, {
    seed,
    budget: 'moves' in budget ? budget : { ms: budget.ms, spentMs: () => performance.now() - startedAt },
    stop: () => Atomics.load(stop, 0) !== 0,
    onProgress: (progress) => answer({ progress }),
    ...(standing === null ? {} : { standing }),
  });
  answer({ planned });
} catch (error) {
  const { code, message } = HarnessError.from(error);
  answer({ code, problem: message });
}
