import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { executeRun } from '../../runners/core/execute.ts';
import type { Execute } from '../../runners/core/runner-options.ts';
import { CATALOGUE } from '../../src/app/catalogue.ts';
import { PRODUCT_ROOT } from '../../src/app/shipped.ts';
import type { EquipmentId } from '../../src/domain/ids.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { aSimulator } from '../support/a-procedure.ts';
import { realClock } from '../support/a-runner.ts';
import { BRIEF_NODE } from '../support/brief-node.ts';
import { postgresBin, startPostgres } from '../support/postgres.ts';
import { hasRedis, startRedis } from '../support/redis.ts';
import { untilTrue } from '../support/scratch.ts';
import { anEquipment, BED } from '../support/things.ts';
import {
  aRequest,
  attachRunner,
  fill,
  onceEach,
  startServing,
  startSwitch,
  untilFinal,
  untilRun,
} from './bad-days-house.ts';

const CLI = join(PRODUCT_ROOT, 'dist', 'src', 'cli', 'main.js');

// That the store is durable is shown elsewhere; here it may lie in memory, where that costs nothing.
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let dir = '';
let undo = new Teardown();
beforeEach(async () => {
  dir = await mkdtemp(join(SCRATCH, 'patchbay-bad-days-'));
  undo = new Teardown();
});
afterEach(async () => {
  await undo[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

const home = (): string => join(dir, 'home');

describe('two orchestrators on one store', () => {
  it.skipIf(postgresBin === null)(
    'share the work, and one goes on alone in the middle of a run (needs PostgreSQL)',
    async () => {
      const { url: databaseUrl } = undo.use(await startPostgres());
      await using first = await startServing(home(), { databaseUrl });
      const second = undo.use(await startServing(home(), { databaseUrl }));
      await fill(first, 3);
      const front = undo.use(await startSwitch(first.gateway.runnerPort));
      undo.use(await attachRunner(first, { dir, port: front.port }));

      const atSecond = aRequest('at-the-second');
      await second.useCases.submitCampaign(atSecond);
      expect(await untilFinal(second, atSecond.id)).toEqual(onceEach());

      const twice = aRequest('twice', 3);
      const same = await Promise.all(
        [first, second, first, second].map(({ useCases }) => useCases.submitCampaign(twice)),
      );
      expect(new Set(same.map(({ id }) => id)).size).toBe(1);
      expect(await untilFinal(first, twice.id)).toEqual(onceEach(3));

      const handedOver = aRequest('handed-over');
      await second.useCases.submitCampaign(handedOver);
      await untilRun(second, handedOver.id, ({ life }, records) => life.state === 'running' && records > 0);
      front.point(second.gateway.runnerPort);
      await first[Symbol.asyncDispose]();
      expect(await untilFinal(second, handedOver.id)).toEqual(onceEach());
    },
  );
});

describe('the queue', () => {
  it.skipIf(!hasRedis)('is rebuilt from the store when Redis is emptied (needs redis-server)', async () => {
    const redis = undo.use(await startRedis());
    const orchestrator = undo.use(await startServing(home(), { redisUrl: redis.url }));
    await fill(orchestrator, 2);
    const request = aRequest('forgotten', 2);
    await orchestrator.useCases.submitCampaign(request);
    const waits = 'RUNNER_OFFLINE';
    await untilRun(
      orchestrator,
      request.id,
      ({ life }) => 'waitsFor' in life && life.waitsFor?.code === waits,
    );
    await redis.flush();
    undo.use(await attachRunner(orchestrator, { dir }));
    await untilRun(orchestrator, request.id, (_, records) => records > 0);
    await redis.flush();
    expect(await untilFinal(orchestrator, request.id)).toEqual(onceEach(2));
  });
});

describe('the wall clock', () => {
  it('may jump by a day, either way, in the middle of a run: nothing is lost and nothing ends early', async () => {
    const orchestrator = undo.use(await startServing(home()));
    await fill(orchestrator, 2);
    undo.use(await attachRunner(orchestrator, { dir }));
    const now = Date.now.bind(Date);
    const request = aRequest('jumps', 2);
    await orchestrator.useCases.submitCampaign(request);
    for (const [jumpMs, after] of [
      [86_400_000, 1],
      [-86_400_000, 3],
    ] as const) {
      await untilRun(orchestrator, request.id, (_, records) => records >= after);
      vi.spyOn(Date, 'now').mockImplementation(() => now() + jumpMs);
    }
    expect(await untilFinal(orchestrator, request.id)).toEqual(onceEach(2));
  });
});

describe('a tear-down that fails', () => {
  it('takes its slot out of use until somebody has cleaned up', async () => {
    const orchestrator = undo.use(await startServing(home()));
    await fill(orchestrator);
    const { useCases, store } = orchestrator;
    const dirty = 'acme/dirty' as EquipmentId;
    await useCases.submitEquipment(anEquipment(dirty, { simulator: { name: 'near-rt-ric', defects: [] } }));
    undo.use(await attachRunner(orchestrator, { dir, execute: withStubbornSimulator }));
    const first = { ...aRequest('first'), equipment: { ids: [dirty] } };
    await useCases.submitCampaign(first);
    // What was seen stands; only the slot is in doubt.
    expect(await untilFinal(orchestrator, first.id)).toMatchObject([{ ...onceEach()[0], sut: dirty }]);
    expect((await store.testbed(BED))?.slots).toMatchObject([
      {
        state: 'quarantined',
        reason: { code: 'TEARDOWN_FAILED', text: expect.stringContaining('stuck') as string },
      },
    ]);

    const next = aRequest('next');
    await useCases.submitCampaign(next);
    const waits = 'SLOT_QUARANTINED';
    await untilRun(orchestrator, next.id, ({ life }) => 'waitsFor' in life && life.waitsFor?.code === waits);
    await useCases.releaseSlot(BED, 0);
    expect(await untilFinal(orchestrator, next.id)).toEqual(onceEach());
  });
});

/** The product's own way of executing, with a stand-in for a simulator that cannot be stopped. */
const withStubbornSimulator: Execute = (assignment, io, signals) => {
  const stubborn = aSimulator('near-rt-ric', {
    dispose: () => Promise.reject(new Error('its process is stuck')),
  });
  const simulators = new Map([[stubborn.name, stubborn]]);
  const deps = { ...CATALOGUE, ...io, simulators, clock: realClock(), tools: {} };
  return executeRun(assignment, deps, signals);
};

describe.skipIf(!existsSync(CLI))('`patchbay up` (needs the build)', () => {
  it('refuses the embedded store of another process in one line', async () => {
    undo.use(await startServing(home()));
    const { code, stderr } = await up().ended;
    expect(stderr).toMatch(/^patchbay: STORE_LOCKED: .*\n$/u);
    expect(code).toBe(2);
  });

  it('refuses a port in use in one line, and leaves nothing locked', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    undo.defer(async () => {
      taken.close();
      await once(taken, 'close');
    });
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const variable of ['PATCHBAY_HTTP', 'PATCHBAY_RUNNER_LISTEN']) {
      const { code, stderr } = await up({ [variable]: `127.0.0.1:${port}` }).ended;
      expect(stderr).toMatch(new RegExp(`^patchbay: ADDRESS_UNUSABLE: .*127\\.0\\.0\\.1:${port}.*\\n$`, 'u'));
      expect(code).toBe(2);
    }
    const good = up();
    await untilTrue(() => Promise.resolve(good.said().includes('store      pglite')), 'it serves', 60_000);
    good.stop();
    expect(await good.ended).toMatchObject({ code: 0 });
  });
});

/** The command in a process of its own, as people start it; ports are free ones unless told otherwise. */
function up(environment: Readonly<Record<string, string>> = {}) {
  const anyPort = '127.0.0.1:0';
  const child = spawn(process.execPath, [...BRIEF_NODE, CLI, 'up'], {
    cwd: dir,
    env: {
      ...{ PATH: process.env['PATH'], PATCHBAY_HOME: home(), LOG_LEVEL: 'warn' },
      ...{ PATCHBAY_HTTP: anyPort, PATCHBAY_RUNNER_LISTEN: anyPort, PATCHBAY_ENROL_LISTEN: anyPort },
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  undo.defer(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { ended, said: () => stderr, stop: () => void child.kill('SIGTERM') };
}
