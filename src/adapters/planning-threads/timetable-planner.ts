import type { Worker } from 'node:worker_threads';
import { HarnessError, type Reason } from '../../kernel/errors.ts';
import type { Result } from '../../kernel/result.ts';
import type { Timetable } from '../../planning/timetable/plan.ts';
import type { TimetableProblem } from '../../planning/timetable/problem.ts';
import type { Standing } from '../../planning/timetable/replan/repair.ts';
import type { Progress } from '../../planning/timetable/solve.ts';
import { startThread } from './start-thread.ts';
import type { TimetableAnswer, TimetableOrder } from './timetable-worker.ts';

export interface PlanTimetableOptions {
  readonly seed: number;
  /** Milliseconds; or moves, so that the plan is the same everywhere. */
  readonly budget: TimetableOrder['budget'];
  /** A plan that is being carried out: its repair comes first, as progress. */
  readonly standing?: Standing;
  /** Called for each better plan, which is complete and may be used at once. */
  readonly onProgress?: (progress: Progress) => void;
  /** Aborted, the search ends at once and the best plan so far is the answer. */
  readonly signal: AbortSignal;
}

/** Looks for a timetable in a thread of its own, so that nobody else waits. */
export async function planTimetable(
  problem: TimetableProblem,
  { seed, budget, standing, onProgress, signal }: PlanTimetableOptions,
): Promise<Result<Timetable, readonly Reason[]>> {
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const order: TimetableOrder = { problem, seed, budget, standing: standing ?? null, stop };
  const worker = startThread(import.meta.url, 'timetable-worker', order);
  const end = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await hear(worker, onProgress);
  } finally {
    signal.removeEventListener('abort', end);
    await worker.terminate();
  }
}

function hear(
  worker: Worker,
  onProgress: PlanTimetableOptions['onProgress'],
): Promise<Result<Timetable, readonly Reason[]>> {
  return new Promise((resolve, reject) => {
    worker.on('message', (answer: TimetableAnswer) => {
      if ('progress' in answer) onProgress?.(answer.progress);
      else if ('planned' in answer) resolve(answer.planned);
      else reject(new HarnessError(answer.code, answer.problem));
    });
    worker.on('error', (cause) =>
      reject(new HarnessError('UNEXPECTED', 'the thread that plans failed', { cause })),
    );
    worker.on('exit', (code) =>
      reject(new HarnessError('UNEXPECTED', `the thread that plans ended with ${code}`)),
    );
  });
}
