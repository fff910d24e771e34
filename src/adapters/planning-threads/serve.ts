import { parentPort } from 'node:worker_threads';
import type { Code } from '../../kernel/codes.ts';
import { HarnessError } from '../../kernel/errors.ts';

/** What a thread is asked. */
export interface ThreadOrder<Order> {
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
  /** Heard at once the first time, then now and then: listeners have other things to do. */
  readonly say: (progress: Progress) => void;
  /** Milliseconds since the work began. */
  readonly spentMs: () => number;
}

/** People cannot read faster. */
const PROGRESS_EVERY_MS = 100;

/** The whole of a thread: works on one order after the other, and says what came of each. */
export function serve<Progress>(work: (order: never, serving: Serving<Progress>) => unknown): void {
  parentPort?.on('message', ({ order, stop }: ThreadOrder<never>) => {
    const word = new Int32Array(stop);
    const startedAt = performance.now();
    let saidAt = -Infinity;
    const tell = (said: Said<Progress, unknown>): void => parentPort?.postMessage(said);
    const serving: Serving<Progress> = {
      isStopped: () => Atomics.load(word, 0) !== 0,
      say: (progress) => {
        const now = performance.now();
        if (now - saidAt < PROGRESS_EVERY_MS) return;
        saidAt = now;
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
  });
}
