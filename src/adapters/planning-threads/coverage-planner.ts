import type { Coverage, CoverProgress } from '../../planning/coverage/cover.ts';
import type { CompiledModel } from '../../planning/coverage/model.ts';
import type { CoverOrder } from './coverage-worker.ts';
import { inThread } from './in-thread.ts';

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
 * Looks for a plan in a thread of its own. One of `moves` and `timeMs` is needed, or a signal that ends it: a search
 * goes on until it cannot be better.
 */
export function planCoverage(model: CompiledModel, options: PlanCoverageOptions): Promise<Coverage> {
  const { seed, moves = null, timeMs = null, onProgress, signal } = options;
  const order: CoverOrder = { model, seed, moves, timeMs };
  return inThread('coverage-worker', order, { finish: signal, onProgress });
}
