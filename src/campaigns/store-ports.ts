/**
 * What the use cases need from the store. It is the truth: each of its methods is one transaction, which has happened whole
 * and durably when the promise resolves, and not at all when it rejects. Contract suite: `test/contract/store.test.ts`.
 */
import type { Tick } from './ports.ts';
import type { NewPlan, PlanStore } from './planning-ports.ts';
import type { ReportStore } from './report-orders.ts';
import type { Assignment } from '../domain/assignment.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { CaseRecord, EvidenceItem } from '../domain/case-record.ts';
import type { Equipment } from '../domain/equipment.ts';
import type {
  CampaignId,
  CaseId,
  Digest,
  EquipmentId,
  Instant,
  LeaseId,
  OrganisationId,
  RunId,
  RunnerId,
  TestbedId,
} from '../domain/ids.ts';
import type { Grant, Lease, ReservedUnit } from '../domain/lease.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { Run, RunState } from '../domain/run.ts';
import type { Testbed } from '../domain/testbed.ts';
import type { Reason } from '../kernel/errors.ts';

/**
 * Changes that happen together or not at all. Every aggregate in it carries the version it is based on; the store
 * writes version + 1. When somebody was faster, nothing is written and `CONFLICT` is thrown.
 */
export interface Change {
  readonly campaigns?: readonly Campaign[];
  readonly runs?: readonly Run[];
  readonly newRuns?: readonly NewRun[];
  /** Plans, each with its reservations; `CONFLICT` when one of them was made from what is not so any more. */
  readonly plans?: readonly NewPlan[];
  readonly leases?: readonly Lease[];
  readonly newLeases?: readonly Lease[];
  /** Reservations of these leases become `done` and their slots free. */
  readonly release?: readonly LeaseId[];
  /** Reservations of these leases become `done`, but their slots are quarantined until somebody clears them. */
  readonly quarantine?: readonly { readonly lease: LeaseId; readonly reason: Reason }[];
  /** Records that the orchestrator makes itself, for cases that a run never came to. Skipped where one exists. */
  readonly records?: readonly CaseRecord[];
}

export interface NewRun {
  readonly run: Run;
  /** Everything of the assignment that is known before a lease is granted. */
  readonly draft: AssignmentDraft;
}

export type AssignmentDraft = Omit<Assignment, 'testbed' | 'slot' | 'fence'>;

/** What a run wants to hold, all or nothing. */
export interface LeaseWish {
  readonly lease: Lease;
  /** Best first; the first with a free slot and free instruments is taken. */
  readonly testbeds: readonly TestbedId[];
  /** Of the one testbed: the slot that was reserved. It is this run's turn, whatever is planned after it. */
  readonly slot?: number;
  /** Units of things other than the slot, such as `equipment:org/id`. Each exists once. */
  readonly resources: readonly string[];
  readonly from: Instant;
  readonly to: Instant;
  /** The lease ends by itself unless renewed. */
  readonly ttlMs: number;
}

export type LeaseAnswer =
  | { readonly granted: true; readonly grant: Grant; readonly units: readonly ReservedUnit[] }
  | { readonly granted: false; readonly reason: Reason };

/** What a runner is to be told about one of the runs of its testbed. */
export interface Desired {
  readonly run: RunId;
  readonly state: RunState;
  readonly slot: number;
  readonly fence: number;
  readonly assignment: Assignment;
  readonly runVersion: number;
}

/** One numbered observation of a run, as the store keeps it. */
export type RunObservation = { readonly seq: number; readonly at: Instant } & (
  | { readonly kind: 'caseStarted'; readonly case: CaseId }
  | { readonly kind: 'caseRecord'; readonly record: CaseRecord }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
);

export interface ObservationBatch {
  readonly run: RunId;
  readonly fence: number;
  readonly observations: readonly RunObservation[];
}

export type BatchAnswer =
  | { readonly ok: true; readonly run: RunId; readonly seq: number }
  | { readonly ok: false; readonly run: RunId; readonly reason: Reason };

export interface RunProgress {
  readonly lastSeq: number;
  /** The case under way, if one was started and has no record yet. */
  readonly startedCase: CaseId | null;
  readonly lastProgressAt: Instant | null;
  readonly records: number;
}

export interface SlotView {
  readonly testbed: TestbedId;
  readonly slot: number;
  readonly fence: number;
  readonly state: 'free' | 'leased' | 'quarantined';
  readonly reason: Reason | null;
  readonly lease: LeaseId | null;
}

export interface TestbedView {
  readonly testbed: Testbed;
  readonly mode: 'open' | 'draining';
  readonly slots: readonly SlotView[];
  readonly runners: readonly RunnerView[];
}

export interface RunnerView {
  readonly id: RunnerId;
  readonly testbed: TestbedId;
  readonly organisation: OrganisationId;
  readonly lastSeenAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly capabilities: readonly string[];
  readonly tools: Readonly<Record<string, string>>;
}

export interface StoredReport {
  readonly id: string;
  readonly campaign: CampaignId;
  readonly organisation: OrganisationId;
  /** `org.equipment`, or two joined by +. */
  readonly sut: string;
  readonly revision: number;
  /** SHA-256 of the signed payload, hexadecimal. */
  readonly payloadDigest: string;
  readonly issuedAt: Instant;
  /** Name of each file of the bundle and the digest of its bytes in the evidence store. */
  readonly files: Readonly<Record<string, Digest>>;
}

export interface ApiToken {
  readonly id: string;
  readonly organisation: OrganisationId;
  readonly scopes: readonly string[];
  readonly expiresAt: Instant | null;
}

export interface DocumentStore {
  putOrganisation(organisation: Organisation): Promise<void>;
  organisation(id: OrganisationId): Promise<Organisation | null>;
  putTestbed(testbed: Testbed): Promise<void>;
  testbed(id: TestbedId): Promise<TestbedView | null>;
  testbeds(): Promise<readonly TestbedView[]>;
  setTestbedMode(id: TestbedId, mode: 'open' | 'draining'): Promise<void>;
  /** `quarantine` also works on a leased slot: it then stays quarantined when the lease ends. */
  setSlot(testbed: TestbedId, slot: number, state: { quarantined: Reason } | 'cleared'): Promise<void>;
  /** The runner proved that the slot is clean after the lease with this fence; clears a quarantine of that fence or an older one. */
  clearSlotAfter(testbed: TestbedId, slot: number, fence: number): Promise<boolean>;
  /** A new revision when the document differs from the newest one. */
  putEquipment(equipment: Equipment): Promise<{ readonly revision: number }>;
  equipment(id: EquipmentId): Promise<Equipment | null>;
  /** Takes it away until it is submitted again; `NOT_FOUND`. */
  withdrawEquipment(id: EquipmentId, reason: Reason): Promise<void>;
  /** Those of them that were taken away, and why. */
  withdrawn(ids: readonly EquipmentId[]): Promise<ReadonlyMap<EquipmentId, Reason>>;
  /** Without what was taken away. */
  listEquipment(filter: { organisation?: OrganisationId; role?: string }): Promise<readonly Equipment[]>;
  /** Idempotent; `ALREADY_EXISTS` when that version was published with other content. */
  publishPlan(plan: TestPlan, digest: string): Promise<void>;
  plan(id: string, version: string): Promise<TestPlan | null>;
  plans(): Promise<readonly TestPlan[]>;
}

export interface CampaignStore {
  /** Idempotent for an equal request; `ALREADY_EXISTS` for a different one of the same id. */
  createCampaign(campaign: Campaign): Promise<Campaign>;
  campaign(id: CampaignId): Promise<Campaign | null>;
  campaigns(filter: {
    organisation?: OrganisationId;
    open?: boolean;
    limit: number;
  }): Promise<readonly Campaign[]>;
  run(id: RunId): Promise<Run | null>;
  runsOf(campaign: CampaignId): Promise<readonly Run[]>;
  runs(filter: { state?: RunState; testbed?: TestbedId; limit: number }): Promise<readonly Run[]>;
  draft(run: RunId): Promise<AssignmentDraft>;
  lease(id: LeaseId): Promise<Lease | null>;
  commit(change: Change): Promise<void>;
  /**
   * Grants the wish or says what it waits for. On success, the reservations, the next fence number of the slot, the
   * leased slot and `change(grant)` are written together; overlap is refused by the database, not by a check before.
   */
  acquire(wish: LeaseWish, change: (grant: Grant) => Change): Promise<LeaseAnswer>;
  /** Runs and campaigns that are not final and have not been looked at since `before`, oldest first. */
  overdue(before: Instant, limit: number): Promise<readonly Tick[]>;
  /** Counts per state, for /metrics. */
  census(): Promise<{
    readonly runs: Readonly<Record<string, number>>;
    readonly campaigns: Readonly<Record<string, number>>;
  }>;
}

export interface RunnerStore {
  createEnrolmentToken(token: {
    hash: string;
    testbed: TestbedId;
    organisation: OrganisationId;
    expiresAt: Instant;
  }): Promise<void>;
  /** Uses the token up and registers the runner, together. `TOKEN_INVALID` when unknown, used or expired. */
  redeemEnrolmentToken(
    hash: string,
    now: Instant,
    runner: { id: RunnerId; serial: string; notAfter: Instant },
  ): Promise<{ testbed: TestbedId; organisation: OrganisationId }>;
  addCertificate(runner: RunnerId, serial: string, notAfter: Instant): Promise<void>;
  /** Whether the certificate may be used: known, not revoked, and its runner not revoked. */
  certificateState(serial: string): Promise<'valid' | 'revoked' | 'unknown'>;
  /** Those of the serials for which {@link certificateState} would say `valid`. */
  validCertificates(serials: readonly string[]): Promise<ReadonlySet<string>>;
  revokeRunner(id: RunnerId, now: Instant): Promise<void>;
  runnerSeen(
    seen: readonly {
      id: RunnerId;
      at: Instant;
      hello?: { capabilities: readonly string[]; tools: Readonly<Record<string, string>>; boot: number };
    }[],
  ): Promise<void>;
  /** Renews leases of runs that are still held under these fences. */
  renewLeases(held: readonly { run: RunId; fence: number }[], expiresAt: Instant): Promise<void>;
  /** Non-final runs that hold a slot of these testbeds. */
  desired(testbeds: readonly TestbedId[]): Promise<readonly Desired[]>;
  /**
   * Stores batches of many runs in one transaction. Observations already stored are skipped; a gap is refused with
   * EVIDENCE_GAP, a fence that is not the one the run holds with STALE_FENCE, a run that is final with STALE_FENCE too.
   * An inconsistent record must have been refused before.
   */
  append(batches: readonly ObservationBatch[], now: Instant): Promise<readonly BatchAnswer[]>;
  progress(run: RunId): Promise<RunProgress>;
}

export interface ResultStore {
  /** In the order of their numbers; orchestrator-made ones last. */
  records(run: RunId): Promise<readonly CaseRecord[]>;
  runLog(run: RunId, after: number, limit: number): Promise<readonly RunObservation[]>;
  /** `STALE_FENCE` unless the run holds this fence. Idempotent. */
  addEvidence(run: RunId, fence: number, item: EvidenceItem): Promise<void>;
  /** `STALE_FENCE` unless the run holds this fence and is not final. */
  checkFence(run: RunId, fence: number): Promise<void>;
  evidenceOf(run: RunId): Promise<readonly EvidenceItem[]>;
  putReport(report: StoredReport): Promise<void>;
  reports(campaign: CampaignId): Promise<readonly StoredReport[]>;
  report(id: string): Promise<StoredReport | null>;
}

export interface AccessStore {
  createApiToken(token: ApiToken & { hash: string }): Promise<void>;
  apiTokenByHash(hash: string, now: Instant): Promise<ApiToken | null>;
  /** Remembers small things of the installation: the CA, secrets for salts. Written once; returns what is stored. */
  setting(name: string, makeValue: () => string): Promise<string>;
}

export interface Store
  extends
    DocumentStore,
    CampaignStore,
    RunnerStore,
    ResultStore,
    ReportStore,
    PlanStore,
    AccessStore,
    AsyncDisposable {
  readonly backend: 'pglite' | 'postgres';
  /** Resolves when the store answers, rejects with `STORE_UNAVAILABLE`. */
  ping(): Promise<void>;
  /** Calls back when desired states of a testbed may have changed, also when another orchestrator changed them. */
  onTestbedChanged(listener: (testbed: TestbedId) => void): Disposable;
}
