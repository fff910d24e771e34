import { parentPort, workerData } from 'node:worker_threads';
import type { Reason } from '../../kernel/errors.ts';
import type { Result } from '../../kernel/result.ts';
import type { CampaignPlan } from '../../planning/campaign/campaign-plan.ts';
import {
  planCampaign,
  type PlanningInput,
  type PlanningProgress,
} from '../../planning/campaign/plan-campaign.ts';
import type { Standing } from '../../planning/timetable/replan/repair.ts';

/** What the thread is started with. */
export interface PlanningOrder {
  readonly input: PlanningInput;
  readonly seed: number;
  readonly budget: { readonly moves: number } | { readonly ms: number };
  readonly coverageMoves: number;
  readonly standing: Standing | null;
  /** Its first number becomes 1 when the plan is wanted now, however good it is. */
  readonly stop: SharedArrayBuffer;
}

export type PlanningMessage =
  { readonly progress: PlanningProgress } | { readonly answer: Result<CampaignPlan, readonly Reason[]> };

const PROGRESS_EVERY_MS = 100;

if (parentPort !== null) work(workerData as PlanningOrder, (message) => parentPort?.postMessage(message));

function work(order: PlanningOrder, say: (message: PlanningMessage) => void): void {
  const { input, seed, coverageMoves, standing } = order;
  const stop = new Int32Array(order.stop);
  const startedAt = performance.now();
  let saidAt = 0;
  const answer = planCampaign(input, {
    seed,
    coverageMoves,
    budget:
      'ms' in order.budget
        ? { ms: order.budget.ms, spentMs: () => performance.now() - startedAt }
        : order.budget,
    stop: () => Atomics.load(stop, 0) === 1,
    onProgress: (progress) => {
      if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
      saidAt = performance.now();
      say({ progress });
    },
    ...(standing === null ? {} : { standing }),
  });
  say({ answer });
}
