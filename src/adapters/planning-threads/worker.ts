import { parentPort, workerData } from 'node:worker_threads';
import { HarnessError } from '../../kernel/errors.ts';
import type { Code } from '../../kernel/codes.ts';
import { cover, type Coverage, type CoverProgress } from '../../planning/coverage/cover.ts';
import type { CompiledModel } from '../../planning/coverage/model.ts';

/** What a thread is started with. */
export interface CoverOrder {
  readonly model: CompiledModel;
  readonly seed: number;
  readonly moves: number | null;
  /** Milliseconds from the start of the thread. */
  readonly timeMs: number | null;
  /** One word, which is not 0 any more once the plan is wanted at once. */
  readonly stop: SharedArrayBuffer;
}

export type CoverAnswer =
  | { readonly progress: CoverProgress }
  | { readonly coverage: Coverage }
  | { readonly code: Code; readonly problem: string };

const order = workerData as CoverOrder;
const stop = new Int32Array(order.stop);
const endsAt = order.timeMs === null ? Infinity : performance.now() + order.timeMs;
const answer = (message: CoverAnswer): void => parentPort?.postMessage(message);

try {
  const coverage = cover(order.model, {
    seed: order.seed,
    ...(order.moves === null ? {} : { moves: order.moves }),
    shouldStop: () => Atomics.load(stop, 0) !== 0 || performance.now() > endsAt,
    onProgress: (progress) => answer({ progress }),
  });
  answer({ coverage });
} catch (error) {
  const { code, message } = HarnessError.from(error);
  answer({ code, problem: message });
}
