// Attaches many simulated runners (real mutual TLS, one connection each) to one orchestrator on the embedded store.
// Figures: memory per runner and heartbeat CPU of the orchestrator process, and how long a desired state takes to
// reach its runner after the store holds it. The runners live in processes of their own.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

const dist = new URL('../../dist/src/', import.meta.url);
const load = (path) => import(new URL(path, dist));
const HEARTBEAT_MS = 5_000;

export async function run(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      runners: { type: 'string', default: '1000' },
      clients: { type: 'string', default: '2' },
      pushes: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '20' },
    },
  });
  const [runners, clients, pushes, seconds] = ['runners', 'clients', 'pushes', 'seconds'].map((name) =>
    Number(values[name]),
  );
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const house = await openHouse(dir);
  const children = [];
  try {
    const testbeds = await enrolAll(house, runners);
    await settle();
    const before = process.memoryUsage();
    say(`${runners} runners attach from ${clients} processes`);
    const startedAt = performance.now();
    const arrivals = new Map();
    for (let n = 0; n < clients; n += 1) {
      const child = fork(new URL('_runner-clients.mjs', import.meta.url), {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      children.push(child);
      child.on('message', ({ run, at }) => arrivals.get(run)?.(at));
      child.send({
        endpoint: `127.0.0.1:${house.gateway.runnerPort}`,
        ca: house.ca.certificatePem,
        credentials: testbeds
          .filter((_, index) => index % clients === n)
          .map(({ keyPem, chainPem }) => ({ keyPem, chainPem })),
      });
    }
    await until(() => house.gateway.attached().length === runners, 600_000);
    const attachMs = performance.now() - startedAt;
    await settle();
    const after = process.memoryUsage();
    say(`attached in ${Math.round(attachMs)} ms; heartbeats are watched for ${seconds} s`);
    const cpu = process.cpuUsage();
    const from = performance.now();
    await pause(seconds * 1000);
    const { user, system } = process.cpuUsage(cpu);
    const heartbeatCpuPercent = ((user + system) / 1000 / (performance.now() - from)) * 100;
    const stillAttached = house.gateway.attached().length;
    say(`${pushes} desired states are pushed`);
    const latencies = [];
    for (let n = 0; n < pushes; n += 1) latencies.push(await push(house, testbeds[n % runners].id, arrivals));
    latencies.sort((a, b) => a - b);
    return {
      runners,
      attached: stillAttached,
      attachMs: round(attachMs),
      rssBytesPerRunner: Math.round((after.rss - before.rss) / runners),
      heapBytesPerRunner: Math.round(
        (after.heapUsed + after.external - before.heapUsed - before.external) / runners,
      ),
      heartbeatMs: HEARTBEAT_MS,
      heartbeatCpuPercent: round(heartbeatCpuPercent),
      pushes,
      pushMs: {
        p50: round(latencies[Math.floor(pushes * 0.5)]),
        p95: round(latencies[Math.floor(pushes * 0.95)]),
      },
      storeBackend: house.store.backend,
    };
  } catch (error) {
    say(`it failed: ${error.stack}`);
    throw error;
  } finally {
    for (const child of children) child.kill();
    await house.gateway[Symbol.asyncDispose]();
    await house.store[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function openHouse(dir) {
  const [
    { STORE_TEMPLATE },
    { openStore },
    { openEvidenceStore },
    { openCa },
    { openRunnerGateway },
    { makeSteadyClock },
  ] = await Promise.all([
    load('app/shipped.js'),
    load('adapters/store-sql/open-store.js'),
    load('adapters/evidence-fs/evidence-store.js'),
    load('adapters/ca-x509/ca.js'),
    load('adapters/rpc-grpc/gateway.js'),
    load('app/system.js'),
  ]);
  const log = {
    child: () => log,
    debug() {},
    info() {},
    warn() {},
    error: (fields, text) => say(`${text} ${fields.err}`),
  };
  const clock = makeSteadyClock();
  const store = await openStore({ dir: join(dir, 'store'), template: STORE_TEMPLATE, log, clock });
  const evidence = await openEvidenceStore({ dir: join(dir, 'evidence') });
  const ca = await openCa({ dir: join(dir, 'ca'), hosts: ['127.0.0.1'], clock });
  const nothing = async () => {};
  const gateway = await openRunnerGateway({
    store,
    evidence,
    ca,
    clock,
    log,
    events: { accepted: nothing, declined: nothing, finished: nothing, back: nothing },
    runnerListen: { host: '127.0.0.1', port: 0 },
    enrolListen: { host: '127.0.0.1', port: 0 },
    heartbeatMs: HEARTBEAT_MS,
    graceMs: 60_000,
    leaseTtlMs: 180_000,
    version: 'bench',
  });
  return { store, ca, gateway, clock };
}

/** A testbed and a certificate each, as enrolment would have made them. */
async function enrolAll({ store, ca, clock }, count) {
  say(`${count} testbeds and certificates are made`);
  const { makeRequest } = await import(new URL('../runners/core/credentials.js', dist));
  await store.putOrganisation({ id: 'bench', name: 'bench', roles: ['lab'] });
  const made = [];
  for (let n = 0; n < count; n += 1) {
    const id = `bench/testbed-${n}`;
    const runner = `runner-${n}`;
    await store.putTestbed({
      id,
      organisation: 'bench',
      slots: 1,
      capabilities: [],
      instruments: [],
      setUp: { minutesPerChangedRole: {} },
    });
    const hash = randomBytes(16).toString('hex');
    await store.createEnrolmentToken({
      hash,
      testbed: id,
      organisation: 'bench',
      expiresAt: clock.now() + 60_000,
    });
    const { keyPem, csr } = await makeRequest();
    const { serial, notAfter, issue } = await ca.prepareRunner(csr);
    await store.redeemEnrolmentToken(hash, clock.now(), { id: runner, serial, notAfter });
    made.push({ id, keyPem, chainPem: await issue({ organisation: 'bench', testbed: id, runner }) });
  }
  return made;
}

let counter = 0;

/** Grants a lease and measures from the commit until the runner has the assignment in hand. */
async function push({ store, gateway, clock }, testbed, arrivals) {
  counter += 1;
  const now = clock.now();
  const id = `bench/campaign-${counter}`;
  const run = `run-bench-${counter}`;
  const lease = { id: `lease-bench-${counter}`, run, life: { state: 'requested' }, version: 0 };
  const request = {
    id,
    organisation: 'bench',
    plans: [],
    equipment: { ids: [] },
    coverage: { mode: 'each' },
    window: null,
    priority: 'normal',
  };
  await store.createCampaign({
    id,
    organisation: 'bench',
    request,
    reference: id,
    life: { state: 'submitted', since: now },
    version: 0,
  });
  const header = {
    id: run,
    campaign: id,
    organisation: 'bench',
    plan: { id: 'bench', version: '1.0.0' },
    subjects: [],
    testbeds: [testbed],
    retryOf: null,
    createdAt: now,
    startBy: now + 60_000,
  };
  const leasing = {
    ...header,
    life: { state: 'leasing', since: now, lease: lease.id, waitsFor: null },
    version: 0,
  };
  const draft = {
    run,
    retryOf: null,
    campaign: id,
    organisation: 'bench',
    plan: { id: 'bench', version: '1.0.0', cases: [] },
    subjects: [],
    decided: {},
    tools: {},
  };
  await store.commit({ newRuns: [{ run: leasing, draft }], newLeases: [lease] });
  const wish = { lease, testbeds: [testbed], resources: [], from: now, to: now + 60_000, ttlMs: 60_000 };
  const arrived = new Promise((resolve) => arrivals.set(run, resolve));
  const answer = await store.acquire(wish, (grant) => ({
    runs: [
      {
        ...leasing,
        version: 1,
        life: {
          state: 'preparing',
          since: now,
          hold: { lease: lease.id, testbed: grant.testbed, slot: grant.slot, fence: grant.fence },
        },
      },
    ],
    leases: [{ ...lease, version: 1, life: { state: 'granted', grant } }],
  }));
  if (!answer.granted) throw new Error(answer.reason.text);
  // Wall clock with fractions, the same in every process of this machine.
  const from = performance.timeOrigin + performance.now();
  gateway.nudge(testbed);
  const late = setTimeout(() => say(`${run} did not reach ${testbed} within 10 s`), 10_000);
  const at = await arrived;
  clearTimeout(late);
  arrivals.delete(run);
  return at - from;
}

async function settle() {
  await pause(1_000);
  globalThis.gc?.();
}

async function until(done, limitMs) {
  const end = performance.now() + limitMs;
  while (!done()) {
    if (performance.now() > end) throw new Error('it took too long');
    await pause(20);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const round = (value) => Math.round(value * 100) / 100;
const say = (text) => process.stderr.write(`${text}\n`);
