import type { Signatory } from '../attest/format/statement.ts';
import type { CampaignRequest } from '../domain/campaign.ts';
import type { CaseRecord } from '../domain/case-record.ts';
import type { Equipment } from '../domain/equipment.ts';
import type { CampaignId, Digest, Instant, OrganisationId } from '../domain/ids.ts';
import type { Contact, Organisation } from '../domain/organisation.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import type { Testbed } from '../domain/testbed.ts';
import type { Finding } from '../domain/verdict.ts';

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
  /** Whoever the report speaks of: vendors, who asked for it, owners of testbeds; as far as they are known here. */
  readonly organisations: readonly Organisation[];
  /** Every run of the campaign on these subjects, retries included, in any order; all of them final. */
  readonly runs: readonly ReportedRun[];
  /** Who will sign: at least the lab's system and its authorised signatory. */
  readonly signatories: readonly ReportSignatory[];
  /** When the report is issued, by the clock of the orchestrator. */
  readonly issuedAt: Instant;
  readonly clock: { readonly source: string; readonly maxErrorMs: number };
  /** Name and version of the harness. */
  readonly harness: { readonly name: string; readonly version: string };
  readonly revision: Revision;
  /** ISO/IEC 17025:2017, 7.8.7. */
  readonly opinions: readonly Opinion[];
  /** At most one for a case, and none in an original report. */
  readonly overrides: readonly Override[];
  /** Measured elsewhere: shown, never counted. */
  readonly imports: readonly ImportedResults[];
}

/** Which report of its series this is. @see ISO/IEC 17025:2017, 7.8.8 */
export type Revision =
  | { readonly kind: 'original'; readonly n: 1 }
  | {
      readonly kind: 'amendment' | 'replacement';
      /** 2 or more. */
      readonly n: number;
      /** What changed and why; visible to everybody. */
      readonly reason: string;
      readonly replaces: { readonly revision: number; readonly payload: string };
    };

export interface Opinion {
  readonly text: string;
  /** What it rests on. */
  readonly basis: string;
  /** The person who is authorised to hold it, by name; stays in a hidden section. */
  readonly by: string;
  readonly at: Instant;
  /** Numbers of cases; empty: the whole report. */
  readonly cases: readonly string[];
  /** Of a reply: the organisation whose product it is about, and whose words these are, not the lab's. */
  readonly repliesFor?: string;
}

/** A person decides otherwise than the machine; the machine's finding stays in the report, visible to everybody. */
export interface Override {
  /** As in `ReportedCase.number`. */
  readonly case: string;
  readonly finding: Finding;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
}

export const IMPORT_FORMATS = ['junit', 'oran-test-results'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export const IMPORT_MEDIA_TYPES = {
  junit: 'application/xml',
  'oran-test-results': 'application/json',
} as const satisfies Record<ImportFormat, string>;

/** Results of another harness, recounted rather than believed. @see ISO/IEC 17025:2017, 7.8.2.1 p */
export interface ImportedResults {
  readonly format: ImportFormat;
  /** Who measured, in the words of whoever brought the file. */
  readonly origin: string;
  /** Of the original file, which is kept as evidence. */
  readonly digest: Digest;
  readonly bytes: number;
  readonly importedAt: Instant;
  readonly cases: readonly ImportedCase[];
  /** What the file says and its own cases do not bear out, such as totals. */
  readonly remarks: readonly string[];
}

export interface ImportedCase {
  readonly suite: string;
  readonly name: string;
  readonly finding: Finding;
  /** The word of the file, such as `SKIP`. */
  readonly said: string;
  readonly text?: string;
  readonly durationMs?: number;
  /** The case of one of our plans that it stands for, as `plan:case`. */
  readonly standsFor?: string;
}

export interface ReportingLab {
  /** As in `signatories` and in the trust folder. */
  readonly id: string;
  readonly name?: string;
  readonly address?: string;
  readonly contacts?: readonly Contact[];
  /** What the lab is accredited for, in its own words. */
  readonly accreditation?: string;
}

export interface ReportSignatory extends Signatory {
  /** A pseudonym, as in `keys.json`. */
  readonly holder: string;
  /** Nobody but the lab itself vouches for the key. */
  readonly selfDeclared: boolean;
}

export interface ReportedRunner {
  readonly id: string;
  readonly capabilities: readonly string[];
  readonly tools: Readonly<Record<string, string>>;
}

export interface ReportedRun {
  readonly run: Run;
  readonly plan: TestPlan;
  /** Absent when the run never got one. */
  readonly testbed?: Testbed;
  /** The runners that the testbed had when the report was issued. */
  readonly runners: readonly ReportedRunner[];
  /** Name to version, as the runner and the orchestrator reported them. */
  readonly tools: Readonly<Record<string, string>>;
  readonly records: readonly CaseRecord[];
}
