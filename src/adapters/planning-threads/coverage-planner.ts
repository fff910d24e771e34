import type { Worker } from 'node:worker_threads';
import { HarnessError } from '../../kernel/errors.ts';
import type { Coverage, CoverProgress } from '../../planning/coverage/cover.ts';
import type { CompiledModel } from '../../planning/coverage/model.ts';
import { startThread } from './start-thread.ts';
import type { CoverAnswer, CoverOrder } from './worker.ts';

export interface PlanCoverageOptions {
  readonly seed: number;
  /** With the same seed and so many moves the plan is the same everywhere; without `timeMs` nothing else ends the search early. */
  readonly moves?: number;
  readonly timeMs?: number;
  readonly onProgress?: (progress: CoverProgress) => void;
  /** Aborted, the search ends at once and the best plan so far is the answer. */
  readonly signal: AbortSignal;
}

/**
 * Looks for a plan in a thread of its own, so that nobody else waits. One of `moves` and `timeMs` is needed, or a signal
 * that ends it: a search goes on until it cannot be better.
 */
export async function planCoverage(model: CompiledModel, options: PlanCoverageOptions): Promise<Coverage> {
  const { seed, moves = null, timeMs = null, onProgress, signal } = options;
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const worker = startThread(import.meta.url, 'worker', {
    model,
    seed,
    moves,
    timeMs,
    stop,
  } satisfies CoverOrder);
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

function hear(worker: Worker, onProgress: PlanCoverageOptions['onProgress']): Promise<Coverage> {
  return new Promise((resolve, reject) => {
    worker.on('message', (answer: CoverAnswer) => {
      if ('progress' in answer) onProgress?.(answer.progress);
      else if ('coverage' in answer) resolve(answer.coverage);
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
