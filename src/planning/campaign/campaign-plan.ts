import type { CampaignId, Instant, OrganisationId, RunId } from '../../domain/ids.ts';
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
  /** Absent in the first plan of a campaign. */
  readonly replanned?: Replanned;
}

export type ReplanStage = 'repaired' | 'improved';

/** What became of a plan that was being carried out. */
export interface Replanned {
  /** What happened. */
  readonly because: readonly Reason[];
  /** First what fits is kept and the rest put into gaps, at once; then a better plan is searched for. */
  readonly stage: ReplanStage;
  /** Keys of runs that had begun, or were over: they are in no timetable any more. */
  readonly begun: readonly string[];
  /** Keys of runs that are at another time or place than before. */
  readonly moved: readonly string[];
  /** So many could have been moved without need. */
  readonly mayMove: number;
}

export interface PlanRun {
  /** `r01`, in the order of what matters. */
  readonly key: string;
  readonly plan: { readonly id: string; readonly version: string };
  readonly subjects: readonly string[];
  readonly because: string;
  /** Once it is submitted. */
  readonly run?: RunId;
}

export interface LeftOut {
  readonly plan: string;
  readonly subjects: readonly string[];
  readonly reason: Reason;
  /** The run that has no place, where there is one, and what it was called. */
  readonly run?: RunId;
  readonly key?: string;
}
