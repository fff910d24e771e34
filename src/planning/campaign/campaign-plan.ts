import type { CampaignId, Instant, OrganisationId } from '../../domain/ids.ts';
import type { Reason } from '../../kernel/errors.ts';
import type { Timetable } from '../timetable/plan.ts';
import type { TimetableProblem } from '../timetable/problem.ts';
import type { PlanCoverage } from './pairings.ts';

/** A plan of a campaign with everything it was made from, so that anybody can check it or make it again. Plain data. */
export interface CampaignPlan {
  readonly apiVersion: 'patchbay/v1';
  readonly kind: 'CampaignPlan';
  readonly campaign: CampaignId;
  readonly organisation: OrganisationId;
  readonly madeAt: Instant;
  /** Minute 0 of the problem. */
  readonly origin: Instant;
  /** IANA name, for people. */
  readonly timeZone: string;
  readonly coverage: readonly PlanCoverage[];
  readonly runs: readonly PlanRun[];
  readonly problem: TimetableProblem;
  readonly timetable: Timetable;
  readonly leftOut: readonly LeftOut[];
  readonly remarks: readonly Reason[];
}

export interface PlanRun {
  /** `r01`, in the order of what matters. */
  readonly key: string;
  readonly plan: { readonly id: string; readonly version: string };
  readonly subjects: readonly string[];
  readonly because: string;
}

export interface LeftOut {
  readonly plan: string;
  readonly subjects: readonly string[];
  readonly reason: Reason;
}
