import type { CampaignId, Instant, OrganisationId, RunId, TestbedId } from '../domain/ids.ts';
import type { Place } from '../domain/reservation.ts';
import type { Reason } from '../kernel/errors.ts';
import type { Result } from '../kernel/result.ts';
import type { CampaignPlan } from '../planning/campaign/campaign-plan.ts';
import type { Busy } from '../planning/campaign/campaign-problem.ts';
import type { PlanningInput, PlanningProgress } from '../planning/campaign/plan-campaign.ts';
import type { Standing } from '../planning/timetable/replan/repair.ts';

export interface PlanningHow {
  /** With a budget of moves, the same input and seed give the same plan. */
  readonly seed: number;
  readonly budget: { readonly moves: number } | { readonly ms: number };
  /** Changes tried at most to save runs, for each plan. */
  readonly coverageMoves: number;
  /** When it aborts, the best plan found so far is the answer. */
  readonly finish?: AbortSignal;
  /** A plan that is being carried out. */
  readonly standing?: Standing;
}

/** Finds plans, without holding up anybody. What makes a plan impossible is in the answer. */
export interface Planner {
  plan(
    input: PlanningInput,
    how: PlanningHow,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress?: ((progress: PlanningProgress) => void) | undefined;
    },
  ): Promise<Result<CampaignPlan, readonly Reason[]>>;
}

export interface NewPlan {
  readonly campaign: CampaignId;
  readonly organisation: OrganisationId;
  /** From 1. */
  readonly revision: number;
  readonly madeAt: Instant;
  readonly plan: CampaignPlan;
  readonly places: readonly Place[];
}

export interface PlanStore {
  /** The newest plan of a campaign. */
  campaignPlan(
    campaign: CampaignId,
  ): Promise<{ readonly revision: number; readonly plan: CampaignPlan } | null>;
  /** Where a run is to take place, and the run that is planned before it on something that it needs; null: it has no place. */
  placeOf(run: RunId): Promise<{
    readonly testbed: TestbedId;
    readonly slot: number;
    readonly notBefore: Instant;
    readonly after: RunId | null;
  } | null>;
  /** Units that are reserved or held after this moment. */
  reserved(from: Instant): Promise<readonly Busy[]>;
  /** Milliseconds that former runs of these plans took, the newest of each. */
  formerDurations(plans: readonly string[]): Promise<Readonly<Record<string, readonly number[]>>>;
}
