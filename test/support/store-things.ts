import type { AssignmentDraft, LeaseWish, ObservationBatch, Store } from '../../src/campaigns/store-ports.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { CaseRecord } from '../../src/domain/case-record.ts';
import type {
  CampaignId,
  CaseId,
  Digest,
  EquipmentId,
  Instant,
  LeaseId,
  OrganisationId,
  PlanId,
  RunId,
  RunnerId,
  TestbedId,
} from '../../src/domain/ids.ts';
import type { Grant, Lease } from '../../src/domain/lease.ts';
import type { TestPlan } from '../../src/domain/plan.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Testbed } from '../../src/domain/testbed.ts';

export const T0 = 1_800_000_000_000 as Instant;
export const LAB = 'lab' as OrganisationId;
let counter = 0;
export const fresh = (what: string): string => `${what}-${process.pid}-${(counter += 1)}`;

export const aTestbed = (changes: Partial<Testbed> = {}): Testbed => ({
  id: `lab/${fresh('testbed')}` as TestbedId,
  organisation: LAB,
  slots: 1,
  capabilities: ['a1'],
  instruments: [],
  setUp: { minutesPerChangedRole: {} },
  ...changes,
});

export const aStoredCampaign = (changes: Partial<Campaign> = {}): Campaign => {
  const id = (changes.id ?? `lab/${fresh('campaign')}`) as CampaignId;
  return {
    id,
    organisation: LAB,
    request: {
      id,
      organisation: LAB,
      plans: [{ id: 'a1-producer' as PlanId }],
      equipment: { select: { role: 'near-rt-ric' } },
      coverage: { mode: 'each' },
      window: null,
      priority: 'normal',
    },
    reference: fresh('reference'),
    life: { state: 'submitted', since: T0, remarks: [] },
    version: 0,
    ...changes,
  };
};

export const aStoredRun = (campaign: CampaignId, changes: Partial<Run> = {}): Run => ({
  id: fresh('run') as RunId,
  campaign,
  organisation: LAB,
  plan: { id: 'a1-producer' as PlanId, version: '1.0.0' },
  subjects: ['acme/ric' as EquipmentId],
  testbeds: [],
  retryOf: null,
  createdAt: T0,
  startBy: (T0 + 1_000_000) as Instant,
  life: { state: 'queued', since: T0, waitsFor: null },
  version: 0,
  ...changes,
});

export const aDraft = (run: Run): AssignmentDraft => ({
  run: run.id,
  retryOf: null,
  campaign: run.campaign,
  organisation: run.organisation,
  plan: { id: 'a1-producer', version: '1.0.0', title: 'Ünïcode \u0000 and "quotes"' } as unknown as TestPlan,
  subjects: [],
  decided: {},
  tools: {},
});

export const aRecordOf = (run: RunId, id: string, changes: Partial<CaseRecord> = {}): CaseRecord => ({
  run,
  retryOf: null,
  case: id as CaseId,
  planVersion: '1.0.0',
  fence: 1,
  startedAt: '2027-01-15T08:00:00.000Z',
  endedAt: '2027-01-15T08:00:01.000Z',
  outcome: {
    kind: 'judged',
    verdict: 'pass',
    clauses: [
      { id: 'status', verdict: 'pass', saw: 'NUL \u0000, half a pair \ud800, "quotes" \\', evidence: [] },
    ],
    remarks: [],
  },
  cause: { kind: 'undetermined' },
  peers: [],
  transports: {},
  fitness: { fit: true, checks: [] },
  measurements: [{ name: 'responseTime', value: 12.4, unit: 'ms' }],
  evidence: [
    { digest: `sha256:${'0'.repeat(64)}` as Digest, mediaType: 'text/plain', role: 'exchange', bytes: 1 },
  ],
  ...changes,
});

/** Observations `from`…`to` of a run: log lines, and a record at each number in `records`. */
export const aBatch = (
  run: RunId,
  { fence, from, to, records = [] }: { fence: number; from: number; to: number; records?: readonly number[] },
): ObservationBatch => ({
  run,
  fence,
  observations: Array.from({ length: to - from + 1 }, (_, index) => {
    const seq = from + index;
    return records.includes(seq)
      ? { seq, at: T0, kind: 'caseRecord', record: aRecordOf(run, `case-${seq}`) }
      : { seq, at: T0, kind: 'log', level: 'info', text: `line ${seq}` };
  }),
});

export interface HeldRun {
  readonly run: Run;
  readonly lease: Lease;
  readonly wish: LeaseWish;
}

/** A campaign with one run that has asked for a lease. */
export async function aLeasingRun(
  store: Store,
  wish: Partial<Pick<LeaseWish, 'testbeds' | 'resources' | 'from' | 'to'>>,
): Promise<HeldRun> {
  const campaign = await store.createCampaign(aStoredCampaign());
  const lease: Lease = {
    id: fresh('lease') as LeaseId,
    run: '' as RunId,
    life: { state: 'requested' },
    version: 0,
  };
  const run = aStoredRun(campaign.id, {
    life: { state: 'leasing', since: T0, lease: lease.id, waitsFor: null },
  });
  const own = { ...lease, run: run.id };
  await store.commit({ newRuns: [{ run, draft: aDraft(run) }], newLeases: [own] });
  return {
    run: { ...run, version: 1 },
    lease: { ...own, version: 1 },
    wish: {
      lease: own,
      testbeds: [],
      resources: [],
      from: T0,
      to: (T0 + 3_600_000) as Instant,
      ttlMs: 60_000,
      ...wish,
    },
  };
}

export const grantedChange =
  ({ run, lease }: HeldRun) =>
  (grant: Grant) => ({
    runs: [
      {
        ...run,
        life: {
          state: 'preparing' as const,
          since: T0,
          hold: { lease: lease.id, testbed: grant.testbed, slot: grant.slot, fence: grant.fence },
        },
      },
    ],
    leases: [{ ...lease, life: { state: 'granted' as const, grant } }],
  });

/** A run that holds a slot of a testbed of its own. */
export async function aRunningRun(
  store: Store,
): Promise<{ run: RunId; fence: number; lease: LeaseId; testbed: TestbedId }> {
  const testbed = aTestbed();
  await store.putTestbed(testbed);
  const held = await aLeasingRun(store, { testbeds: [testbed.id] });
  const answer = await store.acquire(held.wish, grantedChange(held));
  if (!answer.granted) throw new Error(answer.reason.text);
  return { run: held.run.id, fence: answer.grant.fence, lease: held.lease.id, testbed: testbed.id };
}

export const aRunnerId = (): RunnerId => fresh('runner') as RunnerId;
