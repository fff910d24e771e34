import type { CampaignId, Digest, Instant, OrganisationId } from '../domain/ids.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Testbed } from '../domain/testbed.ts';
import type { Finding } from '../domain/verdict.ts';
import type { ImportedResults, Opinion, Override, ReportedRunner, Revision } from '../reports/input.ts';

/** All revisions of the report on one SUT of one campaign. */
export interface ReportSeries {
  readonly campaign: CampaignId;
  readonly organisation: OrganisationId;
  /** `org.equipment`, or two joined by +. */
  readonly sut: string;
}

/**
 * An order to issue a revision, or to withdraw one: everything that is decided about a report, stored before anything
 * is signed and never changed. Whoever finds an order without its result carries it out; the bytes come out the same.
 */
export type ReportOrder = IssueOrder | WithdrawOrder;

interface OrderHead extends ReportSeries {
  /** 1, 2, 3 … in its series. */
  readonly seq: number;
  readonly at: Instant;
  /** The id of the report that is issued, or withdrawn. */
  readonly report: string;
}

export interface IssueOrder extends OrderHead {
  readonly op: 'issue';
  readonly revision: Revision;
  /** Id of the report that this one takes the place of; `null` for the original. */
  readonly supersedes: string | null;
  /** What was asked for; `null` for the original, which nobody asks for. */
  readonly asked: AmendmentWish | null;
  /** All that hold for this revision, those of earlier ones included. */
  readonly opinions: readonly Opinion[];
  readonly overrides: readonly Override[];
  /** Ids of the results of others that are in it. */
  readonly imports: readonly string[];
  readonly frame: ReportFrame;
  /** What the salts of the series come from: 32 bytes, base64url; the same in every revision. */
  readonly secret: string;
}

export interface WithdrawOrder extends OrderHead {
  readonly op: 'withdraw';
  readonly asked: WithdrawalWish;
  readonly revision: number;
  readonly payload: string;
}

/** What could change between two tries, as it was when the order was given. */
export interface ReportFrame {
  readonly organisations: readonly Organisation[];
  readonly testbeds: readonly { readonly testbed: Testbed; readonly runners: readonly ReportedRunner[] }[];
  /** Of the harness. */
  readonly version: string;
}

export interface AmendmentWish {
  readonly kind: 'amendment' | 'replacement';
  readonly reason: string;
  readonly overrides: readonly {
    readonly case: string;
    readonly finding: Finding;
    readonly reason: string;
    readonly by: string;
  }[];
  readonly opinions: readonly {
    readonly text: string;
    readonly basis: string;
    readonly by: string;
    readonly cases: readonly string[];
    /** Of a reply: the organisation whose product it is about. */
    readonly repliesFor?: string;
  }[];
}

export interface WithdrawalWish {
  readonly reason: string;
  /** The person who decides it. */
  readonly by: string;
}

export const STATUS_CHANGES = ['amend', 'replace', 'withdraw'] as const;
export type StatusChange = (typeof STATUS_CHANGES)[number];

/** What became of a report after it was issued, as a signed statement. */
export interface StoredStatus {
  readonly report: string;
  readonly op: StatusChange;
  readonly organisation: OrganisationId;
  readonly at: Instant;
  readonly reason: string;
  /** Of the envelope, in the evidence store; it is a file of the report's bundle. */
  readonly file: Digest;
}

/** Results of another harness that somebody brought. */
export interface StoredImport extends ReportSeries {
  /** Made of what it is: the same results of the same origin for the same SUT are there once. */
  readonly id: string;
  readonly results: ImportedResults;
}

export interface ReportStore {
  /** `ALREADY_EXISTS` when another order has this number in the series; the same once more is nothing. */
  putReportOrder(order: ReportOrder): Promise<void>;
  /** In order. */
  reportOrders(series: Pick<ReportSeries, 'campaign' | 'sut'>): Promise<readonly ReportOrder[]>;
  /** Orders of final campaigns that have no result yet, oldest first. */
  unfinishedOrders(limit: number): Promise<readonly ReportOrder[]>;
  /** The first one stands; gives what is stored. */
  putReportStatus(status: StoredStatus): Promise<StoredStatus>;
  /** Of all reports of a campaign, in no particular order. */
  reportStatuses(campaign: CampaignId): Promise<readonly StoredStatus[]>;
  /** Idempotent; gives what is stored. */
  putReportImport(one: StoredImport): Promise<StoredImport>;
  /** In the order in which they came. */
  reportImports(series: Pick<ReportSeries, 'campaign' | 'sut'>): Promise<readonly StoredImport[]>;
}
