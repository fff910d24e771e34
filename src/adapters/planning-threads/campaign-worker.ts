import {
  planCampaign,
  type PlanningInput,
  type PlanningProgress,
} from '../../planning/campaign/plan-campaign.ts';
import { replanCampaign, type ReplanInput } from '../../planning/campaign/replan-campaign.ts';
import { serve, type Serving, type ThreadBudget } from './serve.ts';

export type CampaignOrder = { readonly seed: number; readonly budget: ThreadBudget } & (
  | { readonly kind: 'plan'; readonly input: PlanningInput; readonly coverageMoves: number }
  | { readonly kind: 'replan'; readonly input: ReplanInput }
);

serve((order: CampaignOrder, { isStopped, say, spentMs }: Serving<PlanningProgress>) => {
  const { seed, budget } = order;
  const search = {
    ...{ seed, stop: isStopped, onProgress: say },
    budget: 'ms' in budget ? { ms: budget.ms, spentMs } : budget,
  };
  if (order.kind === 'replan') return replanCampaign(order.input, search);
  return planCampaign(order.input, { ...search, coverageMoves: order.coverageMoves });
});
