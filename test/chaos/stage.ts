import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChaosFindings, judgeChaos } from './findings.ts';
import type { Random } from './random.ts';
import { Service } from './service.ts';
import { readTrace } from './trace.ts';
import { type ApiClient, makeApiClient } from '../../src/api/client.ts';
import { makeOrchestrator, type Orchestrator } from '../../src/api/orchestrator.ts';
import type {
  CampaignId,
  CaseId,
  EquipmentId,
  OrganisationId,
  PlanId,
  TestbedId,
} from '../../src/domain/ids.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { BRIEF_NODE } from '../support/brief-node.ts';
import { aPlan, aPlanCase } from '../support/plans.ts';
import { anEquipment, aTestbed } from '../support/things.ts';

export interface StageOptions {
  /** Such as `pglite+store`. */
  readonly name: string;
  readonly dir: string;
  readonly databaseUrl?: string;
  /** A Redis of the stage's own is started, and killed with the others. */
  readonly redis: boolean;
  readonly random: Random;
  readonly talk: (text: string) => void;
}

export interface StageResult extends ChaosFindings {
  readonly kills: number;
}

const CLI = new URL('../../dist/src/cli/main.js', import.meta.url).pathname;
const BED = 'lab-local/bed' as TestbedId;
const PRODUCTS = 3;
const CASES = 4;
const FINAL_WITHIN_MS = 90_000;

/** Short enough that a lost runner is given up within seconds. */
const LIMITS = {
  PATCHBAY_HEARTBEAT_MS: '200',
  PATCHBAY_SILENT_MS: '2500',
  PATCHBAY_GRACE_MS: '6000',
  PATCHBAY_PREPARING_MS: '8000',
  PATCHBAY_RUNNING_MARGIN_MS: '8000',
  PATCHBAY_CANCELLING_MARGIN_MS: '4000',
  PATCHBAY_ABORTING_MS: '4000',
  PATCHBAY_COLLECTING_MS: '20000',
  PATCHBAY_LEASE_TTL_MS: '20000',
  PATCHBAY_SWEEP_MS: '1000',
};

/** Many short campaigns on one installation, something killed in each; then everything is looked at. */
export async function playStage(options: StageOptions, rounds: number): Promise<StageResult> {
  await using undo = new Teardown();
  const stage = await openStage(options, undo);
  let kills = 0;
  const campaigns: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const id = `lab-local/round-${round}` as CampaignId;
    campaigns.push(id);
    await stage.submit(id);
    kills += await killSomething(options.random, stage.victims);
    const seconds = await stage.waitFinal(id);
    options.talk(`${options.name} ${round}/${rounds}: ${kills} kills, final after ${seconds.toFixed(1)} s\n`);
  }
  const findings = await judgeChaos(stage.client, campaigns, await readTrace(stage.runnerLog));
  return { ...findings, kills };
}

/** One or two of the processes, at a random moment, and back again a little later. */
async function killSomething(random: Random, victims: readonly Service[]): Promise<number> {
  const count = random.between(1, 2);
  for (let n = 0; n < count; n += 1) {
    await sleep(random.between(0, 900));
    const victim = random.pick(victims);
    await victim.kill();
    await sleep(random.between(0, 400));
    victim.start();
  }
  return count;
}

interface Stage {
  readonly client: ApiClient;
  readonly runnerLog: string;
  readonly victims: readonly Service[];
  submit(id: CampaignId): Promise<void>;
  /** Seconds it took, or the limit when it never came. */
  waitFinal(id: CampaignId): Promise<number>;
}

async function openStage(options: StageOptions, undo: Teardown): Promise<Stage> {
  const { dir } = options;
  await mkdir(dir, { recursive: true });
  const [http, runners, enrolment, redisPort] = await freePorts(4);
  const home = join(dir, 'home');
  const victims: Service[] = [];
  const add = (service: Service): Service => {
    service.start();
    victims.push(undo.use(service));
    return service;
  };
  const env = {
    ...LIMITS,
    PATCHBAY_HOME: home,
    PATCHBAY_HTTP: `127.0.0.1:${http}`,
    PATCHBAY_RUNNER_LISTEN: `127.0.0.1:${runners}`,
    PATCHBAY_ENROL_LISTEN: `127.0.0.1:${enrolment}`,
    LOG_LEVEL: 'debug',
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
    ...(options.redis ? { REDIS_URL: `redis://127.0.0.1:${redisPort}` } : {}),
  };
  if (options.redis) add(redisService(dir, redisPort ?? 0));
  add(nodeService('orchestrator', ['up'], { dir, env }));
  const token = await firstToken(join(home, 'admin-token'));
  const client = makeApiClient({ url: `http://127.0.0.1:${http}`, token });
  const api = makeOrchestrator(client, { signal: new AbortController().signal });
  await eventually(() => fill(api, client), 'the orchestrator did not come up');
  const { token: enrolToken } = await api.createEnrolmentToken(BED, 600_000);
  const state = join(dir, 'runner');
  const enrolArgs = ['runner', 'enrol', '--orchestrator', `localhost:${enrolment}`];
  const enrol = nodeService('enrol', [...enrolArgs, '--token', enrolToken, '--state', state], { dir, env });
  enrol.start();
  while (enrol.running) await sleep(50);
  await enrol[Symbol.asyncDispose]();
  add(nodeService('runner', ['runner', 'start', '--state', state, '--slots', '2'], { dir, env }));
  return {
    client,
    runnerLog: join(dir, 'runner.log'),
    victims,
    submit: (id) => eventually(() => submitCampaign(api, id), `campaign ${id} could not be submitted`),
    waitFinal: (id) => waitFinal(api, id),
  };
}

async function fill(api: Orchestrator, client: ApiClient): Promise<void> {
  const { signal } = new AbortController();
  await api.registerOrganisation({ id: 'chaos', name: 'Chaos', roles: ['vendor'] });
  await api.submitTestbed(aTestbed({ id: BED, organisation: 'lab-local' as OrganisationId, slots: 2 }));
  const cases = Array.from({ length: CASES }, (_, index) =>
    aPlanCase({
      id: `T-${index + 1}` as CaseId,
      parameters: { pauseMs: { value: 60, min: 0, max: 1_000 } },
      timeoutMs: 5_000,
      silenceMs: 4_000,
    }),
  );
  await client.json(
    { method: 'POST', path: ['plans'], body: aPlan({ id: 'chaos' as PlanId, cases }) },
    { signal },
  );
  for (let n = 1; n <= PRODUCTS; n += 1) await api.submitEquipment(anEquipment(`chaos/product-${n}`));
}

async function submitCampaign(api: Orchestrator, id: CampaignId): Promise<void> {
  await api.submitCampaign({
    id,
    organisation: 'lab-local' as OrganisationId,
    plans: [{ id: 'chaos' as PlanId, version: '1.0.0' }],
    equipment: { ids: Array.from({ length: PRODUCTS }, (_, n) => `chaos/product-${n + 1}` as EquipmentId) },
    coverage: { mode: 'each' },
    window: null,
    priority: 'normal',
  });
}

async function waitFinal(api: Orchestrator, id: CampaignId): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > FINAL_WITHIN_MS) return elapsedMs / 1_000;
    const state = await api.campaign(id).then(
      (campaign) => campaign.state,
      () => 'out of reach',
    );
    if (state === 'final') return (performance.now() - startedAt) / 1_000;
    await sleep(250);
  }
}

/** Again until it works: whatever it needs may just have been killed. */
async function eventually(attempt: () => Promise<void>, what: string): Promise<void> {
  const until = performance.now() + FINAL_WITHIN_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (cause) {
      if (performance.now() > until) throw new Error(what, { cause });
      await sleep(100);
    }
  }
}

async function firstToken(path: string): Promise<string> {
  let token = '';
  await eventually(async () => {
    token = (await readFile(path, 'utf8')).trim();
    if (token === '') throw new Error('not written yet');
  }, 'the orchestrator left no admin token');
  return token;
}

function nodeService(
  name: string,
  args: readonly string[],
  { dir, env }: { dir: string; env: Readonly<Record<string, string>> },
): Service {
  return new Service({
    name,
    command: process.execPath,
    args: [...BRIEF_NODE, CLI, ...args],
    env,
    logFile: join(dir, `${name}.log`),
  });
}

function redisService(dir: string, port: number): Service {
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    'noeviction',
  ];
  return new Service({
    name: 'redis',
    command: 'redis-server',
    args,
    env: {},
    logFile: join(dir, 'redis.log'),
  });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      return address !== null && typeof address === 'object' ? address.port : 0;
    }),
  );
}
