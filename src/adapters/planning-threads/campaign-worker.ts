import {
  planCampaign,
  type PlanningInput,
  type PlanningProgress,
} from '../../planning/campaign/plan-campaign.ts';
import type { Standing } from '../../planning/timetable/replan/repair.ts';
import { serve, type Serving, type ThreadBudget } from './serve.ts';

export interface CampaignOrder {
  readonly input: PlanningInput;
  readonly seed: number;
  readonly budget: ThreadBudget;
  readonly coverageMoves: number;
  readonly standing: Standing | null;
}

serve((order: CampaignOrder, { isStopped, say, spentMs }: Serving<PlanningProgress>) => {
  const { input, seed, coverageMoves, standing, budget } = order;
  return planCampaign(input, {
    ...{ seed, coverageMoves, stop: isStopped },
    budget: 'ms' in budget ? { ms: budget.ms, spentMs } : budget,
    onProgress: say,
    ...(standing === null ? {} : { standing }),
  });
});
