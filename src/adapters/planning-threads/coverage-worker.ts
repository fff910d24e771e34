import { cover, type CoverProgress } from '../../planning/coverage/cover.ts';
import type { CompiledModel } from '../../planning/coverage/model.ts';
import { serve, type Serving } from './serve.ts';

export interface CoverOrder {
  readonly model: CompiledModel;
  readonly seed: number;
  readonly moves: number | null;
  /** Milliseconds from the start of the thread. */
  readonly timeMs: number | null;
}

serve(({ model, seed, moves, timeMs }: CoverOrder, { isStopped, say, spentMs }: Serving<CoverProgress>) =>
  cover(model, {
    seed,
    ...(moves === null ? {} : { moves }),
    shouldStop: () => isStopped() || (timeMs !== null && spentMs() > timeMs),
    onProgress: say,
  }),
);
