import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { STORE_TEMPLATE } from './shipped.ts';
import { makeDigests, makeIds, makeSteadyClock } from './system.ts';
import { renderTrust } from '../attest/format/keys.ts';
import { loadOrMakeLabKeys } from '../attest/sign/lab-keys.ts';
import { SIMULATORS } from './catalogue.ts';
import { openCa } from '../adapters/ca-x509/ca.ts';
import { openEvidenceStore } from '../adapters/evidence-fs/evidence-store.ts';
import { makeHttpServer } from '../adapters/http-fastify/server.ts';
import { openQueue } from '../adapters/queue-bullmq/queue.ts';
import { makePdf } from '../adapters/pdf-typst/pdf.ts';
import { makePlanner } from '../adapters/planning-threads/campaign-planner.ts';
import { openRunnerGateway } from '../adapters/rpc-grpc/gateway.ts';
import { openStore } from '../adapters/store-sql/open-store.ts';
import { makeHttpTimeStamper } from '../adapters/tsa-http/time-stamper.ts';
import { makeAdvanceCampaign } from '../campaigns/advance-campaign.ts';
import { makeAdvanceRun } from '../campaigns/advance-run.ts';
import { DEFAULT_LIMITS, type Limits } from '../campaigns/limits.ts';
import { carryOut } from '../campaigns/issue-report.ts';
import { makeReportCampaign } from '../campaigns/report-campaign.ts';
import { makeUseCases, stopRun } from '../campaigns/make-use-cases.ts';
import type {
  Clock,
  EvidenceStore,
  Log,
  Pdf,
  Queue,
  RunnerEvents,
  RunnerGateway,
  Tick,
} from '../campaigns/ports.ts';
import type { Store } from '../campaigns/store-ports.ts';
import { makeRunnerEvents } from '../campaigns/run-events.ts';
import { keepSweeping } from '../campaigns/sweep.ts';
import { oneAtATime } from '../campaigns/one-at-a-time.ts';
import type { UseCases } from '../campaigns/use-cases.ts';
import type { OrganisationId } from '../domain/ids.ts';
import { HarnessError } from '../kernel/errors.ts';
import { Teardown } from '../kernel/teardown.ts';
import { makeOpenToken } from './tokens.ts';
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
  /** RFC 3161 authority; with it, no report is issued without its time-stamps. */
  readonly tsaUrl?: string;
  /** Without it there is no HTTP API. */
  readonly http?: Address;
  readonly runnerListen: Address;
  readonly enrolListen: Address;
  readonly publicHosts: readonly string[];
  readonly limits?: Partial<Limits>;
  /** The keys of the lab vouch for themselves only, as in demo and pre-flight. */
  readonly selfDeclared: boolean;
  /** What sets the pages of reports; Typst when absent. */
  readonly pdf?: Pdf;
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
const PLANNING_MS = 2_000;
/** Shorter than usual: who asks is a worker, and asks again. */
const TSA_TIMEOUT_MS = 10_000;

/** Wires one orchestrator: everything it needs is opened here, once, and closed in reverse order. */
export async function startOrchestrator(options: OrchestratorOptions): Promise<RunningOrchestrator> {
  await using undo = new Teardown();
  const parts = await openParts(options, undo);
  const { store, queue, evidence, clock, keys } = parts;
  const { useCases, hear, events } = makeRules(parts);
  undo.use(queue.listen(hear, { concurrency: WORKERS }));
  undo.use(startSweeping(parts, hear));
  const gateway = undo.use(await openGateway(options, parts, events));
  const http =
    options.http === undefined
      ? null
      : await openHttp({ ...options, http: options.http }, { ...parts, useCases, gateway });
  if (http !== null) undo.use(http.server);
  const owner = undo.move();
  return {
    store,
    queue,
    evidence,
    gateway,
    useCases,
    clock,
    trust: renderTrust(options.lab, keys.keys),
    httpPort: http?.port ?? null,
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** What lies outside: store, queue, evidence, keys, time. */
async function openParts(options: OrchestratorOptions, undo: Teardown) {
  const { home, log, databaseUrl, redisUrl, tsaUrl } = options;
  await mkdir(home, { recursive: true, mode: 0o700 });
  const clock = makeSteadyClock();
  const place =
    databaseUrl === undefined ? { dir: join(home, 'store'), template: STORE_TEMPLATE } : { url: databaseUrl };
  const store = undo.use(await openStore({ ...place, log, clock }));
  const queue = undo.use(
    await openQueue({ ...(redisUrl === undefined ? { pool: store.pool } : { redisUrl }), log }),
  );
  return {
    store,
    queue,
    clock,
    log,
    limits: { ...DEFAULT_LIMITS, ...options.limits } satisfies Limits,
    ids: makeIds(clock),
    digests: makeDigests(),
    pdf: options.pdf ?? undo.use(makePdf()),
    planner: undo.use(makePlanner()),
    stamper: tsaUrl === undefined ? null : makeHttpTimeStamper({ url: tsaUrl, timeoutMs: TSA_TIMEOUT_MS }),
    evidence: await openEvidenceStore({ dir: join(home, 'evidence') }),
    ca: await openCa({ dir: join(home, 'ca'), hosts: options.publicHosts, clock }),
    keys: undo.use(
      await loadOrMakeLabKeys(join(home, 'keys'), {
        lab: options.lab,
        selfDeclared: options.selfDeclared,
        now: clock.now(),
        openToken: makeOpenToken(),
      }),
    ),
  };
}

/** What people, ticks and runners can set in motion. */
function makeRules(parts: Parts) {
  const deps = {
    ...parts,
    version: VERSION,
    ring: makeRing(parts.queue, parts.log),
    watchingSince: parts.clock.now(),
    caFingerprint: parts.ca.fingerprint,
    simulators: SIMULATORS,
  };
  const advanceRun = oneAtATime(makeAdvanceRun(deps));
  const advanceCampaign = makeAdvanceCampaign({
    ...deps,
    planning: { ms: PLANNING_MS },
    report: makeReportCampaign(deps),
    stop: (run, text) => stopRun(deps, run, { force: false, text }),
  });
  const advanceOneCampaign = oneAtATime(advanceCampaign);
  return {
    useCases: makeUseCases(deps),
    events: makeRunnerEvents(deps),
    hear: async (tick: Tick): Promise<void> => {
      if (tick.kind === 'run') await advanceRun(tick.id);
      if (tick.kind === 'campaign') await advanceOneCampaign(tick.id);
    },
  };
}

function startSweeping(parts: Parts, direct: (tick: Tick) => Promise<void>): AsyncDisposable {
  const stop = new AbortController();
  const stopped = keepSweeping(
    { ...parts, direct, carryOut: (order) => carryOut(parts, order) },
    { signal: stop.signal },
  );
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await stopped;
    },
  };
}

function openGateway(
  options: OrchestratorOptions,
  parts: Parts,
  events: RunnerEvents,
): Promise<RunnerGateway> {
  const { heartbeatMs, graceMs, leaseTtlMs } = parts.limits;
  const { runnerListen, enrolListen } = options;
  return openRunnerGateway({
    ...parts,
    events,
    runnerListen,
    enrolListen,
    heartbeatMs,
    graceMs,
    leaseTtlMs,
    version: VERSION,
  });
}

async function openHttp(
  { http, lab }: OrchestratorOptions & { readonly http: Address },
  deps: Parts & { readonly useCases: UseCases; readonly gateway: RunnerGateway },
): Promise<{ readonly server: AsyncDisposable; readonly port: number }> {
  await using undo = new Teardown();
  const server = undo.use(await makeHttpServer({ ...deps, lab, version: VERSION }));
  const port = await server.listen(http);
  undo.move();
  return { server, port };
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
