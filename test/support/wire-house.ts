import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningRunner, startRunner } from '../../runners/core/runner.ts';
import type { RunIo, RunnerOptions } from '../../runners/core/runner-options.ts';
import type { ExecuteSignals, RunOutcome } from '../../runners/core/execute-ports.ts';
import { openCa, type Ca } from '../../src/adapters/ca-x509/ca.ts';
import { openEvidenceStore } from '../../src/adapters/evidence-fs/evidence-store.ts';
import { openRunnerGateway } from '../../src/adapters/rpc-grpc/gateway.ts';
import { makeRunnerEvents } from '../../src/campaigns/run-events.ts';
import type { EvidenceStore, RunnerGateway } from '../../src/campaigns/ports.ts';
import type { Store } from '../../src/campaigns/store-ports.ts';
import { enrolmentTokenHash, renderEnrolmentToken } from '../../src/contract/enrolment-token.ts';
import type { Assignment } from '../../src/domain/assignment.ts';
import type { CaseRecord } from '../../src/domain/case-record.ts';
import {
  type CaseId,
  instant,
  isoTime,
  type LeaseId,
  type RunId,
  type TestbedId,
} from '../../src/domain/ids.ts';
import type { Run } from '../../src/domain/run.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { randomBytes } from 'node:crypto';
import { openMemoryStore, silentLog, wallClock } from './pglite.ts';
import { aPlan, aPlanCase } from './plans.ts';
import { aDraft, aStoredCampaign, aStoredRun, aTestbed, fresh, grantedChange, LAB } from './store-things.ts';

export const HEARTBEAT_MS = 200;

/** Both ends of the wire over real gRPC on loopback, on an in-memory store; the test plays the use cases. */
export interface WireHouse extends AsyncDisposable {
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly ca: Ca;
  readonly dir: string;
  gateway: RunnerGateway;
  /** Ports stay the same, so that runners find it again. */
  restartGateway(changes?: { store?: Store; evidence?: EvidenceStore }): Promise<void>;
  stopGateway(): Promise<void>;
  aTestbed(slots?: number): Promise<TestbedId>;
  aToken(testbed: TestbedId, validForMs?: number): Promise<string>;
  /** A run of two cases that holds a slot of the testbed and waits for its runner. */
  aHeldRun(testbed: TestbedId): Promise<{ run: RunId; fence: number }>;
  runner(testbed: TestbedId, changes?: Partial<RunnerOptions>): Promise<RunningRunner & { stateDir: string }>;
}

export const steadyClock = { now: () => wallClock.now(), elapsedMs: () => performance.now() };

export async function openWireHouse(options: { runnerValidForMs?: number } = {}): Promise<WireHouse> {
  await using undo = new Teardown();
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-wire-'));
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const store = undo.use(await openMemoryStore());
  const evidence = await openEvidenceStore({ dir: join(dir, 'evidence') });
  const ca = await openCa({
    dir: join(dir, 'ca'),
    hosts: ['localhost', '127.0.0.1'],
    clock: wallClock,
    ...options,
  });
  const events = makeRunnerEvents({ store, clock: wallClock, log: silentLog, ring: () => Promise.resolve() });
  let ports = { runner: 0, enrol: 0 };
  const open = async (changes: { store?: Store; evidence?: EvidenceStore } = {}): Promise<RunnerGateway> => {
    const gateway = await openRunnerGateway({
      store,
      evidence,
      ...changes,
      ca,
      clock: wallClock,
      log: silentLog,
      events,
      runnerListen: { host: '127.0.0.1', port: ports.runner },
      enrolListen: { host: '127.0.0.1', port: ports.enrol },
      heartbeatMs: HEARTBEAT_MS,
      graceMs: 2_000,
      leaseTtlMs: 60_000,
      version: '0.0.0',
    });
    ports = { runner: gateway.runnerPort, enrol: gateway.enrolmentPort };
    return gateway;
  };
  await store.putOrganisation({ id: LAB, name: 'Lab', roles: ['lab'] });
  const house: WireHouse = {
    store,
    evidence,
    ca,
    dir,
    gateway: await open(),
    stopGateway: async () => {
      await house.gateway[Symbol.asyncDispose]();
    },
    restartGateway: async (changes) => {
      await house.gateway[Symbol.asyncDispose]();
      house.gateway = await open(changes);
    },
    aTestbed: async (slots = 1) => {
      const testbed = aTestbed({ slots });
      await store.putTestbed(testbed);
      return testbed.id;
    },
    aToken: async (testbed, validForMs = 60_000) => {
      const secret = randomBytes(32).toString('base64url');
      await store.createEnrolmentToken({
        hash: enrolmentTokenHash({ secret }),
        testbed,
        organisation: LAB,
        expiresAt: instant(Date.now() + validForMs),
      });
      return renderEnrolmentToken({ secret, caPin: ca.fingerprint });
    },
    aHeldRun: (testbed) => aHeldRun(house, testbed),
    runner: (testbed, changes) => aRunner(house, testbed, changes),
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
  undo.defer(async () => {
    await house.gateway[Symbol.asyncDispose]();
  });
  const owner = undo.move();
  return house;
}

async function aHeldRun(
  { store, gateway }: WireHouse,
  testbed: TestbedId,
): Promise<{ run: RunId; fence: number }> {
  const campaign = await store.createCampaign(aStoredCampaign());
  const lease = {
    id: fresh('lease') as LeaseId,
    run: '' as RunId,
    life: { state: 'requested' as const },
    version: 0,
  };
  const run: Run = aStoredRun(campaign.id, {
    life: { state: 'leasing', since: wallClock.now(), lease: lease.id, waitsFor: null },
  });
  const own = { ...lease, run: run.id };
  const plan = aPlan({ cases: [aPlanCase({ id: 'T-001' as CaseId }), aPlanCase({ id: 'T-002' as CaseId })] });
  await store.commit({ newRuns: [{ run, draft: { ...aDraft(run), plan } }], newLeases: [own] });
  const held = { run: { ...run, version: 1 }, lease: { ...own, version: 1 } };
  const wish = {
    lease: own,
    testbeds: [testbed],
    resources: [],
    from: wallClock.now(),
    to: instant(Date.now() + 3_600_000),
    ttlMs: 60_000,
  };
  const answer = await store.acquire(wish, grantedChange({ ...held, wish }));
  if (!answer.granted) throw new Error(answer.reason.text);
  gateway.nudge(testbed);
  return { run: run.id, fence: answer.grant.fence };
}

async function aRunner(
  house: WireHouse,
  testbed: TestbedId,
  changes: Partial<RunnerOptions> = {},
): Promise<RunningRunner & { stateDir: string }> {
  const stateDir = changes.stateDir ?? (await mkdtemp(join(house.dir, 'runner-')));
  const enrolment = {
    endpoint: `127.0.0.1:${house.gateway.enrolmentPort}`,
    token: await house.aToken(testbed),
  };
  const runner = await startRunner(
    {
      stateDir,
      enrolment,
      slots: 1,
      capabilities: ['a1'],
      tools: { node: process.version },
      execute: passAll,
      clock: steadyClock,
      log: silentLog,
      ...changes,
    },
    { signal: AbortSignal.timeout(30_000) },
  );
  return { ...runner, stateDir };
}

/** Starts and passes every case, with one item of evidence each. */
export async function passAll(
  assignment: Assignment,
  io: RunIo,
  { signal, cancel }: ExecuteSignals,
): Promise<RunOutcome> {
  for (const planCase of assignment.plan.cases) {
    signal.throwIfAborted();
    if (cancel?.aborted === true) break;
    await io.sink.caseStarted(planCase.id);
    const bytes = Buffer.from(`${assignment.run} ${planCase.id}`);
    const item = await io.evidence.put(bytes, { mediaType: 'text/plain', role: 'exchange' });
    await io.sink.caseRecord({ ...aPass(assignment, planCase.id), evidence: [item] });
  }
  return { tearDown: { clean: true }, gaveUp: null };
}

export function aPass(assignment: Assignment, id: CaseId): CaseRecord {
  const at = isoTime(wallClock.now());
  return {
    run: assignment.run,
    retryOf: assignment.retryOf,
    case: id,
    planVersion: assignment.plan.version,
    fence: assignment.fence,
    startedAt: at,
    endedAt: at,
    outcome: {
      kind: 'judged',
      verdict: 'pass',
      clauses: [{ id: 'observed', verdict: 'pass', evidence: [] }],
      remarks: [],
    },
    cause: { kind: 'undetermined' },
    peers: [],
    transports: {},
    fitness: { fit: true, checks: [] },
    measurements: [],
    evidence: [],
  };
}
