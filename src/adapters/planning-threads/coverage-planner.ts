import type { Coverage, CoverProgress } from '../../planning/coverage/cover.ts';
import type { CompiledModel } from '../../planning/coverage/model.ts';
import type { CoverOrder } from './coverage-worker.ts';
import { makeThread } from './thread.ts';

export interface PlanCoverageOptions {
  readonly seed: number;
  /** With the same seed and so many moves the plan is the same everywhere; without `timeMs` nothing else ends the search early. */
  readonly moves?: number;
  readonly timeMs?: number;
  readonly onProgress?: (progress: CoverProgress) => void;
  /** Aborted, the search ends at once and the best plan so far is the answer. */
  readonly signal: AbortSignal;
}

export interface CoveragePlanner extends AsyncDisposable {
  /** One of `moves` and `timeMs` is needed, or a signal that ends it: a search goes on until it cannot be better. */
  plan(model: CompiledModel, options: PlanCoverageOptions): Promise<Coverage>;
}

/** Looks for coverage in threads of its own. */
export function makeCoveragePlanner(): CoveragePlanner {
  const thread = makeThread('coverage-worker');
  return {
    plan: (model, { seed, moves = null, timeMs = null, onProgress, signal }) => {
      const order: CoverOrder = { model, seed, moves, timeMs };
      return thread.ask(order, { finish: signal, onProgress });
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
