import type { Signatory } from '../attest/format/statement.ts';
import type { CampaignRequest } from '../domain/campaign.ts';
import type { CaseRecord } from '../domain/case-record.ts';
import type { Equipment } from '../domain/equipment.ts';
import type { CampaignId, Instant, OrganisationId } from '../domain/ids.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import type { Testbed } from '../domain/testbed.ts';

/** Everything a report is made of, as it is stored. A report is a pure function of it: same input, same bytes. */
export interface ReportInput {
  readonly lab: ReportingLab;
  readonly campaign: {
    readonly id: CampaignId;
    readonly organisation: OrganisationId;
    /** 128 random bits, base64url: 22 characters. */
    readonly reference: string;
    readonly request: CampaignRequest;
  };
  /** What the report is about: one product, or the two of a pairing, in the order of the plan's subjects. */
  readonly subjects: readonly Equipment[];
  /** Every run of the campaign on these subjects, retries included, in any order; all of them final. */
  readonly runs: readonly ReportedRun[];
  /** Who will sign: at least the lab's system and its authorised signatory. */
  readonly signatories: readonly ReportSignatory[];
  /** When the report is issued, by the clock of the orchestrator. */
  readonly issuedAt: Instant;
  readonly clock: { readonly source: string; readonly maxErrorMs: number };
  /** Name and version of the harness. */
  readonly harness: { readonly name: string; readonly version: string };
}

export interface ReportingLab {
  /** As in `signatories` and in the trust folder. */
  readonly id: string;
  readonly name?: string;
  readonly address?: string;
  /** What the lab is accredited for, in its own words. */
  readonly accreditation?: string;
}

export interface ReportSignatory extends Signatory {
  /** A pseudonym, as in `keys.json`. */
  readonly holder: string;
  /** Nobody but the lab itself vouches for the key. */
  readonly selfDeclared: boolean;
}

export interface ReportedRun {
  readonly run: Run;
  readonly plan: TestPlan;
  /** Absent when the run never got one. */
  readonly testbed?: Testbed;
  /** Name to version, as the runner and the orchestrator reported them. */
  readonly tools: Readonly<Record<string, string>>;
  readonly records: readonly CaseRecord[];
}
