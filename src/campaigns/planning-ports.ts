import type { Priority } from '../domain/campaign.ts';
import type { CampaignId, Instant, OrganisationId, RunId, TestbedId } from '../domain/ids.ts';
import type { Place } from '../domain/reservation.ts';
import type { Code } from '../kernel/codes.ts';
import type { Reason } from '../kernel/errors.ts';
import type { Result } from '../kernel/result.ts';
import type { CampaignPlan, ReplanStage } from '../planning/campaign/campaign-plan.ts';
import type { Busy } from '../planning/campaign/campaign-problem.ts';
import type { PlanningInput, PlanningProgress } from '../planning/campaign/plan-campaign.ts';
import type { ReplanInput } from '../planning/campaign/replan-campaign.ts';

export interface PlanningHow {
  /** With a budget of moves, the same input and seed give the same plan. */
  readonly seed: number;
  readonly budget: { readonly moves: number } | { readonly ms: number };
  /** Changes tried at most to save runs, for each plan. */
  readonly coverageMoves: number;
  /** When it aborts, the best plan found so far is the answer. */
  readonly finish?: AbortSignal;
}

interface PlannerOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: PlanningProgress) => void) | undefined;
}

/** Finds plans, without holding up anybody. What makes a plan impossible is in the answer. */
export interface Planner {
  plan(
    input: PlanningInput,
    how: PlanningHow,
    options: PlannerOptions,
  ): Promise<Result<CampaignPlan, readonly Reason[]>>;
  /** A plan that is being carried out, from now on; see `replanCampaign`. */
  replan(
    input: ReplanInput,
    how: Omit<PlanningHow, 'coverageMoves'>,
    options: PlannerOptions,
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
  /** Runs that give their places back for it; `CONFLICT` when one of them has begun meanwhile. */
  readonly replaces: readonly RunId[];
}

/** Of the newest plan of a campaign, what tells whether it still holds. */
export interface PlanHead {
  readonly revision: number;
  readonly stage: ReplanStage | null;
  /** With a place, or under way when it was made. */
  readonly runs: readonly RunId[];
  readonly leftOut: readonly { readonly run: RunId; readonly code: Code }[];
}

/** A unit that is planned with or held. */
export interface Reserved extends Busy {
  readonly state: 'planned' | 'leased';
  readonly run: RunId;
  readonly campaign: CampaignId;
  readonly priority: Priority;
}

export interface PlanStore {
  /** The newest plan of a campaign. */
  campaignPlan(
    campaign: CampaignId,
  ): Promise<{ readonly revision: number; readonly plan: CampaignPlan } | null>;
  planHead(campaign: CampaignId): Promise<PlanHead | null>;
  /** Where a run is to take place, and the run that is planned before it on something that it needs; null: it has no place. */
  placeOf(run: RunId): Promise<{
    readonly testbed: TestbedId;
    readonly slot: number;
    readonly notBefore: Instant;
    readonly after: RunId | null;
  } | null>;
  /** Units that are planned with, and those that are held, however long they should be. */
  reserved(): Promise<readonly Reserved[]>;
  /** Milliseconds that former runs of these plans took, the newest of each. */
  formerDurations(plans: readonly string[]): Promise<Readonly<Record<string, readonly number[]>>>;
}
