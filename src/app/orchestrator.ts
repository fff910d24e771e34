import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDigests, makeIds, makeSteadyClock } from './system.ts';
import { renderTrust } from '../attest/format/keys.ts';
import { loadOrMakeLabKeys } from '../attest/sign/lab-keys.ts';
import { SIMULATORS } from './catalogue.ts';
import { openCa } from '../adapters/ca-x509/ca.ts';
import { openEvidenceStore } from '../adapters/evidence-fs/evidence-store.ts';
import { makeHttpServer } from '../adapters/http-fastify/server.ts';
import { openQueue } from '../adapters/queue-bullmq/queue.ts';
import { openRunnerGateway } from '../adapters/rpc-grpc/gateway.ts';
import { openStore } from '../adapters/store-sql/open-store.ts';
import { makeAdvanceCampaign } from '../campaigns/advance-campaign.ts';
import { makeAdvanceRun } from '../campaigns/advance-run.ts';
import { DEFAULT_LIMITS, type Limits } from '../campaigns/limits.ts';
import { makeReportCampaign } from '../campaigns/report-campaign.ts';
import { makeUseCases, stopRun } from '../campaigns/make-use-cases.ts';
import type { Clock, EvidenceStore, Log, Queue, RunnerGateway, Store, Tick } from '../campaigns/ports.ts';
import { makeRunnerEvents } from '../campaigns/run-events.ts';
import { keepSweeping } from '../campaigns/sweep.ts';
import type { UseCases } from '../campaigns/use-cases.ts';
import type { OrganisationId } from '../domain/ids.ts';
import { HarnessError } from '../kernel/errors.ts';
import { Teardown } from '../kernel/teardown.ts';
import { VERSION } from './version.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface OrchestratorOptions {
  /** Private keys, the embedded store and evidence; made with mode 0700. */
  readonly home: string;
  readonly lab: OrganisationId;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** Without it there is no HTTP API. */
  readonly http?: Address;
  readonly runnerListen: Address;
  readonly enrolListen: Address;
  readonly publicHosts: readonly string[];
  readonly limits?: Partial<Limits>;
  /** The keys of the lab vouch for themselves only, as in demo and pre-flight. */
  readonly selfDeclared: boolean;
  readonly log: Log;
}

export interface RunningOrchestrator extends AsyncDisposable {
  readonly store: Store;
  readonly queue: Queue;
  readonly evidence: EvidenceStore;
  readonly gateway: RunnerGateway;
  readonly useCases: UseCases;
  readonly clock: Clock;
  /** Public keys of this lab, as files below `trust/`. */
  readonly trust: ReadonlyMap<string, Uint8Array>;
  readonly httpPort: number | null;
}

const WORKERS = 4;

/** Wires one orchestrator: everything it needs is opened here, once, and closed in reverse order. */
export async function startOrchestrator(options: OrchestratorOptions): Promise<RunningOrchestrator> {
  await using undo = new Teardown();
  const { home, log } = options;
  await mkdir(home, { recursive: true, mode: 0o700 });
  const clock = makeSteadyClock();
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const store = undo.use(
    await openStore({
      ...(options.databaseUrl === undefined ? { dir: join(home, 'store') } : { url: options.databaseUrl }),
      log,
      clock,
    }),
  );
  const queue = undo.use(
    await openQueue({
      ...(options.redisUrl === undefined ? { pool: store.pool } : { redisUrl: options.redisUrl }),
      log,
    }),
  );
  const evidence = await openEvidenceStore({ dir: join(home, 'evidence') });
  const ca = await openCa({ dir: join(home, 'ca'), hosts: options.publicHosts, clock });
  const ids = makeIds(clock);
  const digests = makeDigests();
  const base = { store, clock, ids, limits, log };
  const ring = makeRing(queue, log);
  const deps = { ...base, ring, digests, caFingerprint: ca.fingerprint };
  const useCases = makeUseCases(deps);
  const keys = await loadOrMakeLabKeys(join(home, 'keys'), {
    lab: options.lab,
    selfDeclared: options.selfDeclared,
    now: clock.now(),
  });
  const advanceRun = makeAdvanceRun(deps);
  const advanceCampaign = makeAdvanceCampaign({
    ...deps,
    version: VERSION,
    simulators: SIMULATORS,
    report: makeReportCampaign({ ...base, evidence, digests, keys, version: VERSION }),
    stop: (run, text) => stopRun(deps, run, { force: false, text }),
  });
  const hear = async (tick: Tick): Promise<void> => {
    if (tick.kind === 'run') await advanceRun(tick.id);
    if (tick.kind === 'campaign') await advanceCampaign(tick.id);
  };
  undo.use(queue.listen(hear, { concurrency: WORKERS }));
  const sweeping = new AbortController();
  const swept = keepSweeping({ ...base, queue, direct: hear }, { signal: sweeping.signal });
  undo.defer(async () => {
    sweeping.abort();
    await swept;
  });
  const gateway = undo.use(
    await openRunnerGateway({
      store,
      evidence,
      ca,
      clock,
      log,
      events: makeRunnerEvents(deps),
      runnerListen: options.runnerListen,
      enrolListen: options.enrolListen,
      heartbeatMs: limits.heartbeatMs,
      graceMs: limits.graceMs,
      leaseTtlMs: limits.leaseTtlMs,
      version: VERSION,
    }),
  );
  const http =
    options.http === undefined
      ? null
      : await makeHttpServer({ ...base, evidence, useCases, queue, gateway, version: VERSION });
  if (http !== null) undo.use(http);
  const httpPort = http === null || options.http === undefined ? null : await http.listen(options.http);
  const owner = undo.move();
  return {
    store,
    queue,
    evidence,
    gateway,
    useCases,
    clock,
    trust: renderTrust(options.lab, keys.keys),
    httpPort,
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

/** A doorbell that does not ring is no reason to fail what was already stored: the sweep finds it. */
function makeRing(queue: Queue, log: Log): (ticks: readonly Tick[]) => Promise<void> {
  return async (ticks) => {
    if (ticks.length === 0) return;
    try {
      await queue.ring(ticks);
    } catch (cause) {
      const error = HarnessError.from(cause);
      if (error.code !== 'QUEUE_UNAVAILABLE') throw error;
      log.warn({ event: 'queue.unavailable', err: error, ticks: ticks.length }, 'the doorbell did not ring');
    }
  };
}
