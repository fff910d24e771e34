import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { aPlan } from './plans.ts';
import { anEquipment, aTestbed, BED, LAB } from './things.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { emptyStore, openMemoryStore, silentLog } from './pglite.ts';
import type { SqlStore } from '../../src/adapters/store-sql/open-store.ts';
import { makeDigests, makeIds } from '../../src/app/system.ts';
import { renderTrust } from '../../src/attest/format/keys.ts';
import { makeLabKeys } from '../../src/attest/sign/lab-keys.ts';
import type { TimeStamper } from '../../src/attest/sign/time-stamper.ts';
import { makeAdvanceCampaign } from '../../src/campaigns/advance-campaign.ts';
import { makeAdvanceRun } from '../../src/campaigns/advance-run.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/campaigns/limits.ts';
import { planCampaign } from '../../src/planning/campaign/plan-campaign.ts';
import { replanCampaign } from '../../src/planning/campaign/replan-campaign.ts';
import type { ReplanDeps } from '../../src/campaigns/replan.ts';
import { makeUseCases, stopRun } from '../../src/campaigns/make-use-cases.ts';
import type { AmendDeps } from '../../src/campaigns/amend-report.ts';
import type { EvidenceStore, RunnerEvents, Tick } from '../../src/campaigns/ports.ts';
import type { RunObservation, Store } from '../../src/campaigns/store-ports.ts';
import type { Planner, PlanningHow } from '../../src/campaigns/planning-ports.ts';
import { plainPdf } from './plain-pdf.ts';
import { makeReportCampaign } from '../../src/campaigns/report-campaign.ts';
import { makeRunnerEvents } from '../../src/campaigns/run-events.ts';
import type { UseCases } from '../../src/campaigns/use-cases.ts';
import type { CampaignRequest } from '../../src/domain/campaign.ts';
import type { CaseRecord, Outcome } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import {
  type CampaignId,
  type CaseId,
  type Digest,
  isoTime,
  type RunId,
  type RunnerId,
} from '../../src/domain/ids.ts';
import type { TestPlan } from '../../src/domain/plan.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Testbed } from '../../src/domain/testbed.ts';
import { Teardown } from '../../src/kernel/teardown.ts';

const RUNNER = 'runner-1' as RunnerId;

/** The use cases on a real embedded store, with time, the doorbell and the runner in the hands of the test. */
export interface CampaignHouse extends AsyncDisposable {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly useCases: UseCases;
  readonly events: RunnerEvents;
  readonly limits: Limits;
  readonly evidence: EvidenceStore;
  /** Public keys of the lab, as files below `trust/`. */
  readonly trust: ReadonlyMap<string, Uint8Array>;
  /** What decisions about reports work with. */
  readonly reporting: AmendDeps;
  /** What campaigns are planned again with. */
  readonly planning: ReplanDeps;
  /** Answers every tick that was rung, and those that follow, until it is quiet. */
  settle(): Promise<void>;
  /** As the sweep does: every run and campaign that is not final is looked at. */
  sweep(): Promise<void>;
  runnerSeen(): Promise<void>;
  submit(changes?: Partial<CampaignRequest>): Promise<CampaignId>;
  runs(campaign: CampaignId): Promise<readonly Run[]>;
  /** The run that retries this one. */
  retryOf(run: Run): Promise<Run>;
  /** Plays the runner: takes the run, sends records for these outcomes, and finishes. */
  play(run: RunId, outcomes: Readonly<Record<string, Outcome>>, end?: { dirty?: boolean }): Promise<void>;
  accept(run: RunId): Promise<number>;
  send(run: RunId, fence: number, observations: readonly RunObservation[]): Promise<void>;
}

export const PASS: Outcome = {
  kind: 'judged',
  verdict: 'pass',
  clauses: [{ id: 'observed', verdict: 'pass', evidence: [] }],
  remarks: [],
};
export const FAIL: Outcome = {
  kind: 'judged',
  verdict: 'fail',
  clauses: [{ id: 'observed', verdict: 'fail', evidence: [] }],
  remarks: [],
};
export const BROKEN: Outcome = {
  kind: 'judged',
  verdict: 'error',
  clauses: [],
  remarks: [],
  reason: { code: 'SIMULATOR_FAILED', text: 'the simulator died' },
};

export interface HouseOptions {
  readonly plans?: readonly TestPlan[];
  readonly equipment?: readonly Equipment[];
  readonly testbeds?: readonly Testbed[];
  readonly stamper?: TimeStamper;
  /** When the clock starts. */
  readonly startMs?: number;
}

/** Without a thread. */
const plannerHere: Planner = {
  plan: (input, { seed, budget, coverageMoves }) =>
    Promise.resolve(planCampaign(input, { seed, coverageMoves, stop: () => false, budget: untimed(budget) })),
  replan: (input, { seed, budget }) =>
    Promise.resolve(replanCampaign(input, { seed, stop: () => false, budget: untimed(budget) })),
};

function untimed(budget: PlanningHow['budget']) {
  return 'moves' in budget ? budget : { ms: budget.ms, spentMs: () => 0 };
}

// One for all houses of a test file: opening one costs seconds, emptying it milliseconds.
let shared: Promise<SqlStore> | undefined;

export async function openCampaignHouse(options: HouseOptions = {}): Promise<CampaignHouse> {
  await using undo = new Teardown();
  const clock = fakeClock(options.startMs);
  const store = await (shared ??= openMemoryStore({ clock }));
  await emptyStore(store);
  const scratch = await mkdtemp(join(tmpdir(), 'patchbay-house-'));
  undo.defer(() => rm(scratch, { recursive: true, force: true }));
  const evidence = memoryEvidence();
  const rung: Tick[] = [];
  const ring = (ticks: readonly Tick[]): Promise<void> => {
    rung.push(...ticks);
    return Promise.resolve();
  };
  const keys = await makeLabKeys(join(scratch, 'keys'), { lab: LAB, selfDeclared: true, now: clock.now() });
  const digests = makeDigests();
  const base = {
    store,
    clock,
    ids: makeIds(clock),
    limits: DEFAULT_LIMITS,
    log: silentLog,
    ring,
    watchingSince: clock.now(),
  };
  const deps = {
    ...{ ...base, evidence, digests, keys, pdf: plainPdf, stamper: options.stamper ?? null },
    ...{ version: '0.0.0', caFingerprint: 'fingerprint', simulators: new Map() },
  };
  const useCases = makeUseCases(deps);
  const events = makeRunnerEvents(base);
  const advanceRun = makeAdvanceRun(base);
  const planning: ReplanDeps = { ...deps, planner: plannerHere, planning: { moves: 100 } };
  const advanceCampaign = makeAdvanceCampaign({
    ...{ ...deps, ...planning },
    report: makeReportCampaign(deps),
    stop: (run, text) => stopRun(deps, run, { force: false, text }),
  });
  const hear = async (tick: Tick): Promise<void> => {
    if (tick.kind === 'run') await advanceRun(tick.id);
    if (tick.kind === 'campaign') await advanceCampaign(tick.id);
  };
  await useCases.registerOrganisation({ id: LAB, name: 'Lab North', roles: ['lab'] });
  const equipment = options.equipment ?? [anEquipment()];
  for (const id of new Set(equipment.map(({ organisation }) => organisation))) {
    await useCases.registerOrganisation({ id, name: id, roles: ['vendor'] });
  }
  for (const testbed of options.testbeds ?? [aTestbed()]) await useCases.registerTestbed(testbed);
  for (const plan of options.plans ?? [aPlan()]) await useCases.publishPlan(plan);
  for (const item of equipment) await useCases.submitEquipment(item);
  await enrol(useCases, store, clock);
  let campaigns = 0;

  const owner = undo.move();
  const house: CampaignHouse = {
    store,
    clock,
    useCases,
    events,
    evidence,
    reporting: deps,
    planning,
    limits: DEFAULT_LIMITS,
    trust: renderTrust(LAB, keys.keys),
    settle: async () => {
      for (let tick = rung.shift(); tick !== undefined; tick = rung.shift()) await hear(tick);
    },
    sweep: async () => {
      for (const campaign of await store.campaigns({ open: true, limit: 100 })) {
        for (const run of await store.runsOf(campaign.id)) rung.push({ kind: 'run', id: run.id });
        rung.push({ kind: 'campaign', id: campaign.id });
      }
      await house.settle();
    },
    runnerSeen: () => store.runnerSeen([{ id: RUNNER, at: clock.now() }]),
    submit: async (changes = {}) => {
      campaigns += 1;
      const id = `${LAB}/campaign-${campaigns}` as CampaignId;
      await useCases.submitCampaign({
        id,
        organisation: LAB,
        plans: (options.plans ?? [aPlan()]).map((plan) => ({ id: plan.id })),
        equipment: { select: { role: 'near-rt-ric' } },
        coverage: { mode: 'each' },
        window: null,
        priority: 'normal',
        ...changes,
      });
      await house.settle();
      return id;
    },
    runs: (campaign) => store.runsOf(campaign),
    retryOf: async ({ id, campaign }) => {
      const retry = (await store.runsOf(campaign)).find((run) => run.retryOf === id);
      if (retry === undefined) throw new Error(`nothing retries ${id}`);
      return retry;
    },
    accept: async (run) => {
      const desired = (await store.desired([BED])).find((one) => one.run === run);
      if (desired === undefined) throw new Error(`${run} is not desired`);
      await events.accepted(run, desired.fence);
      await house.settle();
      return desired.fence;
    },
    send: async (run, fence, observations) => {
      const [answer] = await store.append([{ run, fence, observations }], clock.now());
      if (answer?.ok !== true) throw new Error(answer?.reason.code ?? 'no answer');
    },
    play: async (run, outcomes, { dirty = false } = {}) => {
      const fence = await house.accept(run);
      const observations = Object.entries(outcomes).flatMap(([id, outcome], index): RunObservation[] => [
        { seq: 2 * index + 1, at: clock.now(), kind: 'caseStarted', case: id as CaseId },
        {
          seq: 2 * index + 2,
          at: clock.now(),
          kind: 'caseRecord',
          record: aRecord({ run, fence, id, outcome }, clock),
        },
      ]);
      await house.send(run, fence, observations);
      await events.finished(run, fence, {
        lastSeq: observations.length,
        tearDownFailure: dirty ? { code: 'TEARDOWN_FAILED', text: 'a process would not die' } : null,
        gaveUp: null,
      });
      await house.settle();
    },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
  await house.runnerSeen();
  return house;
}

export function aRecord(
  { run, fence, id, outcome }: { run: RunId; fence: number; id: string; outcome: Outcome },
  clock: FakeClock,
): CaseRecord {
  return {
    run,
    retryOf: null,
    case: id as CaseId,
    planVersion: '1.0.0',
    fence,
    startedAt: isoTime(clock.now()),
    endedAt: isoTime(clock.now()),
    outcome,
    cause: { kind: outcome.kind === 'judged' && outcome.verdict === 'error' ? 'harness' : 'undetermined' },
    peers: [],
    transports: {},
    fitness: { fit: true, checks: [] },
    measurements: [],
    evidence: [],
  };
}

async function enrol(useCases: UseCases, store: Store, clock: FakeClock): Promise<void> {
  const { token } = await useCases.createEnrolmentToken(BED, 60_000);
  const hash = makeDigests().ofText(token.split('.')[1] ?? '');
  const notAfter = (clock.now() + 3_600_000) as never;
  await store.redeemEnrolmentToken(hash, clock.now(), { id: RUNNER, serial: '01', notAfter });
}

function memoryEvidence(): EvidenceStore {
  const kept = new Map<string, Uint8Array>();
  const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
    const parts: Uint8Array[] = [];
    for await (const part of bytes) parts.push(part);
    return Buffer.concat(parts);
  };
  const unused = (): never => {
    throw new Error('not used here');
  };
  return {
    put: async (digest, bytes) => void kept.set(digest, await collect(bytes)),
    get: (digest: Digest) => Promise.resolve(kept.get(digest) ?? unused()),
    has: (digest) => Promise.resolve(kept.has(digest)),
    state: (digest) => Promise.resolve({ complete: kept.has(digest), offset: 0 }),
    append: unused,
    seal: unused,
  };
}
