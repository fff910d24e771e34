import type { DispositionReason } from './case-record.ts';
import type { Equipment } from './equipment.ts';
import type { CampaignId, CaseId, OrganisationId, RunId, TestbedId } from './ids.ts';
import type { TestPlan } from './plan.ts';
import type { Disposition } from './verdict.ts';

/**
 * Everything a runner needs to execute one run, frozen when the lease was granted.
 * It travels as JSON and is stored with the run.
 */
export interface Assignment {
  readonly run: RunId;
  readonly retryOf: RunId | null;
  readonly campaign: CampaignId;
  readonly organisation: OrganisationId;
  readonly testbed: TestbedId;
  readonly slot: number;
  readonly fence: number;
  readonly plan: TestPlan;
  /** In the order of the plan's subjects. */
  readonly subjects: readonly Equipment[];
  /** Cases that the review of ICS and IXIT already decided; the runner records them without running them. */
  readonly decided: Readonly<Record<CaseId, DecidedCase>>;
  /** Such as the version of the orchestrator; goes into the evidence of the run. */
  readonly tools: Readonly<Record<string, string>>;
}

export interface DecidedCase {
  readonly disposition: Disposition;
  readonly reason: DispositionReason;
}
