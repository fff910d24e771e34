// How fast judged cases get through the whole house, beside what its parts do by themselves on the same machine.
//
// The whole way: a runner process drives a procedure that does nothing, judges, and streams over gRPC with mutual TLS to
// an orchestrator process that stores; a case counts when its run is final, so that everything of it is acknowledged and
// durable. The raw rates: the same bytes over gRPC with nothing at either end, and the same rows in transactions of many.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  eventually,
  hasRedis,
  pause,
  percentiles,
  postgresBin,
  round,
  say,
  startHouse,
  startPostgres,
  startRedis,
} from './_house.mjs';

const OPTIONS = {
  slots: { type: 'string', default: '32' },
  runs: { type: 'string', default: '32' },
  cases: { type: 'string', default: '1000' },
  campaigns: { type: 'string', default: '30' },
  batch: { type: 'string', default: '750' },
  jobs: { type: 'string', default: '20000' },
  backends: { type: 'string', default: 'pglite,postgres' },
  profile: { type: 'string' },
  keep: { type: 'boolean', default: false },
};
const WORKBENCH = new URL('_raw.mjs', import.meta.url);
const FINAL_WITHIN_MS = 600_000;

export async function run(argv) {
  const { values } = parseArgs({ args: argv, options: OPTIONS });
  const [slots, runs, cases, campaigns, batch, jobs] = [
    'slots',
    'runs',
    'cases',
    'campaigns',
    'batch',
    'jobs',
  ].map((name) => Number(values[name]));
  const sizes = { slots, runs, cases, campaigns, batch, jobs };
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  // PostgreSQL, as its own user, has to get through to its folder.
  chmodSync(dir, 0o711);
  try {
    const bullmq = await onRedis(dir, sizes);
    const backends = {};
    for (const backend of values.backends.split(',')) {
      backends[backend] =
        backend === 'postgres' && postgresBin === null
          ? 'not measured: PostgreSQL is not installed'
          : await measure({ backend, dir: join(dir, backend), sizes, profile: values.profile });
      if (typeof bullmq === 'object' && typeof backends[backend] === 'object') {
        const { judgedCasesPerSecond } = backends[backend];
        backends[backend].ratios.toBullmqOnRedis = round(judgedCasesPerSecond / bullmq.emptyJobsPerSecond);
      }
    }
    return { ...sizes, ...backends, bullmqOnRedis: bullmq };
  } finally {
    if (values.keep) say(`kept: ${dir}`);
    else rmSync(dir, { recursive: true, force: true });
  }
}

async function onRedis(dir, { jobs, slots }) {
  if (jobs === 0) return 'not measured: no jobs were asked for';
  if (!hasRedis) return 'not measured: redis-server is not installed';
  say('BullMQ by itself on Redis');
  const redis = await startRedis(join(dir, 'redis'));
  try {
    return await raw({ measure: 'redisJobs', url: redis.url, jobs, concurrency: slots });
  } finally {
    await redis.stop();
  }
}

async function measure({ backend, dir, sizes, profile }) {
  mkdirSync(dir, { recursive: true });
  const postgres = backend === 'postgres' ? await startPostgres(join(dir, 'server')) : null;
  try {
    const databaseUrl = postgres?.url;
    const { home, path, latencies } = await wholeWay({ backend, dir, databaseUrl, sizes, profile });
    const place = databaseUrl === undefined ? { dir: join(home, 'store') } : { url: databaseUrl };
    say(`${backend}: the parts by themselves`);
    const { batch, campaigns: count } = sizes;
    const { stored, grpc, insert, addToRunMs } = await raw({
      ...{ measure: 'parts', place, campaign: CAMPAIGN, batch, count },
    });
    check(stored, sizes);
    const perSecond = stored.judged / ((stored.finalAt - path.submittedAt) / 1000);
    const slower = Math.min(grpc.casesPerSecond, insert.rowsPerSecond);
    return {
      judgedCases: stored.judged,
      judgedCasesPerSecond: Math.round(perSecond),
      rawGrpcCasesPerSecond: Math.round(grpc.casesPerSecond),
      rawGrpcBytesPerCase: grpc.bytesPerCase,
      rawInsertedRowsPerSecond: Math.round(insert.rowsPerSecond),
      ratios: {
        toGrpc: round(perSecond / grpc.casesPerSecond),
        toInsert: round(perSecond / insert.rowsPerSecond),
        toSlower: round(perSecond / slower),
      },
      submitToFirstStepMs: percentiles(latencies),
      rawBullmqAddToRunMs: percentiles(addToRunMs),
    };
  } finally {
    await postgres?.stop();
  }
}

const CAMPAIGN = 'lab-local/pipeline';

/** What was promised must be there: every case judged and stored, and every run final. */
function check({ runs, openRuns, judged, passed }, sizes) {
  const wanted = sizes.runs * sizes.cases;
  if (runs !== sizes.runs || openRuns !== 0 || judged !== wanted || passed !== wanted) {
    throw new Error(
      `${runs} runs, ${openRuns} not final, ${judged} judged, ${passed} passed, ${wanted} wanted`,
    );
  }
}

async function wholeWay({ backend, dir, databaseUrl, sizes, profile }) {
  const nodeArgs =
    profile === undefined
      ? {}
      : Object.fromEntries(
          ['orchestrator', 'runner'].map((name) => [
            name,
            ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${backend}.${name}.cpuprofile`],
          ]),
        );
  const house = await startHouse({ dir, databaseUrl, slots: sizes.slots, nodeArgs });
  try {
    const { api } = house;
    await fill(api, sizes);
    say(`${backend}: ${sizes.campaigns} campaigns of one case, one after the other`);
    const latencies = [];
    for (let n = 0; n < sizes.campaigns; n += 1) latencies.push(await firstStep(api, n));
    say(`${backend}: ${sizes.runs} runs of ${sizes.cases} cases on ${sizes.slots} slots`);
    const products = Array.from({ length: sizes.runs }, (_, n) => product(n));
    const submittedAt = now();
    await submit(api, { id: CAMPAIGN, plan: 'bench', products });
    await allFinal(api, CAMPAIGN);
    return { home: house.home, path: { submittedAt }, latencies };
  } finally {
    await house.stop();
  }
}

const now = () => performance.timeOrigin + performance.now();
const product = (n) => `bench/product-${n}`;

/** A product exists once, so every run gets one of its own. */
async function fill(api, { runs, cases }) {
  await api.post(['organisations'], { id: 'bench', name: 'bench', roles: ['vendor'] });
  await api.post(['plans'], plan('bench', cases));
  await api.post(['plans'], plan('one-case', 1));
  for (let n = 0; n < runs; n += 1) await api.post(['equipment'], equipment(product(n)));
}

function equipment(id) {
  const interfaces = { a1: { endpoint: { url: 'http://127.0.0.1:9' } } };
  return {
    ...{ id, organisation: 'bench', role: 'near-rt-ric', product: { name: 'nothing' } },
    ...{ versions: { software: '1.0' }, digests: {}, interfaces, ics: {}, ixit: {} },
  };
}

function plan(id, count) {
  const cases = Array.from({ length: count }, (_, n) => ({
    id: `BENCH-${n + 1}`,
    title: 'Nothing happens',
    aim: 'A case that does nothing gets through the house',
    references: [
      { body: 'Patchbay', document: 'benchmark', version: '1', clause: '1', confidence: 'derived' },
    ],
    requirement: 'M',
    level: 'S1',
    procedure: 'self.nothing',
    parameters: {},
    clauses: [{ id: 'reached', expects: 'the case is reached' }],
    rule: 'all',
    timeoutMs: 60_000,
    silenceMs: 60_000,
  }));
  return {
    ...{ apiVersion: 'patchbay/v1', kind: 'TestPlan', id, version: '1.0.0', title: id },
    ...{ planKind: 'wraparound', subjects: [{ role: 'near-rt-ric', interfaces: ['a1'] }], peers: [] },
    ...{ capabilities: [], objectives: [], cases, gates: [] },
  };
}

function submit(api, { id, plan, products }) {
  return api.post(['campaigns'], {
    ...{ id, organisation: 'lab-local', plans: [{ id: plan, version: '1.0.0' }] },
    ...{ equipment: { ids: products }, coverage: { mode: 'each' }, window: null, priority: 'normal' },
  });
}

/** Milliseconds from just before the request to when the runner began with its only case. */
async function firstStep(api, n) {
  const id = `lab-local/latency-${n}`;
  const submittedAt = now();
  await submit(api, { id, plan: 'one-case', products: [product(0)] });
  const [{ id: run }] = await allFinal(api, id, 20);
  const { items } = await api.get(['runs', run, 'records']);
  return Date.parse(items[0].startedAt) - submittedAt;
}

async function allFinal(api, campaign, everyMs = 200) {
  const [, name] = campaign.split('/');
  return eventually(
    async () => {
      const { runs } = await api.get(['campaigns', 'lab-local', name]);
      const open = runs.filter(({ state }) => state !== 'final');
      if (runs.length === 0 || open.length > 0) throw new Error(`${open.length} runs are not final`);
      return runs;
    },
    { what: 'the end of a campaign', withinMs: FINAL_WITHIN_MS, everyMs },
  );
}

/** Measures one part in a process of its own. */
async function raw(request) {
  const child = fork(WORKBENCH, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`measuring ${request.measure} ended with ${code}`);
  });
  ended.catch(() => undefined);
  child.send(request);
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  child.disconnect();
  await ended.catch(() => undefined);
  await pause(100);
  return answer;
}
