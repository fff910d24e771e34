import { parentPort, workerData } from 'node:worker_threads';
import type { Code } from '../../kernel/codes.ts';
import { HarnessError } from '../../kernel/errors.ts';

/** What a thread is started with. */
export interface ThreadStart<Order> {
  readonly order: Order;
  /** One word, which is not 0 any more once the best so far is wanted. */
  readonly stop: SharedArrayBuffer;
}

/** What a thread says: as often as it likes how far it is, and once how it ended. */
export type Said<Progress, Answer> =
  | { readonly progress: Progress }
  | { readonly answer: Answer }
  | { readonly code: Code; readonly problem: string };

/** A search is given milliseconds, from when it begins, or moves, so that the plan is the same everywhere. */
export type ThreadBudget = { readonly ms: number } | { readonly moves: number };

export interface Serving<Progress> {
  readonly isStopped: () => boolean;
  readonly say: (progress: Progress) => void;
  /** Milliseconds since the work began. */
  readonly spentMs: () => number;
}

/** The whole of a thread: works on what it was started with, and says what came of it. */
export function serve<Progress>(work: (order: never, serving: Serving<Progress>) => unknown): void {
  const { order, stop } = workerData as ThreadStart<never>;
  const word = new Int32Array(stop);
  const startedAt = performance.now();
  const tell = (said: Said<Progress, unknown>): void => parentPort?.postMessage(said);
  const serving: Serving<Progress> = {
    isStopped: () => Atomics.load(word, 0) !== 0,
    say: (progress) => {
      tell({ progress });
    },
    spentMs: () => performance.now() - startedAt,
  };
  try {
    tell({ answer: work(order, serving) });
  } catch (error) {
    const { code, message: problem } = HarnessError.from(error);
    tell({ code, problem });
  }
}
