import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab } from '../../src/app/lab.ts';
import { readCampaign, worldBeside } from '../../src/app/plan-campaign.ts';
import { TESTPLANS } from '../../src/app/shipped.ts';
import type { CampaignRequest } from '../../src/domain/campaign.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import type { CampaignPlan } from '../../src/planning/campaign/campaign-plan.ts';
import { readPlans } from '../../src/plans/read-plans.ts';
import { silentLog } from '../support/pglite.ts';
import { plainPdf } from '../support/plain-pdf.ts';
import { scratchFolder, untilTrue } from '../support/scratch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(root, 'dist/src/cli/main.js');
const PLUGFEST = join(root, 'seeds/plugfest/campaign.yaml');
/** Every product meets somebody. */
const SHORT = join(root, 'seeds/plugfest/each.yaml');
const WITHIN_MS = 240_000;

let undo: Teardown;
let dir = '';
beforeAll(async () => {
  undo = new Teardown();
  dir = undo.use(await scratchFolder()).path;
});
afterAll(() => undo[Symbol.asyncDispose]());

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'campaign', 'plan', ...args], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, ...said }));
  return { child, said, ended };
}

const plan = (...args: readonly string[]) => start(...args).ended;

describe('a plugfest of twelve vendors, five roles and four testbeds', () => {
  it(
    'is previewed: what meets, when and where as text and picture, how good that is, and why something waits',
    async () => {
      const search = [PLUGFEST, '--moves', '100', '--from', '2026-11-30T07:00Z'];
      const { code, stdout } = await plan(...search, '--out', 'plan');
      expect(code).toBe(0);
      expect(stdout).toMatch(/e2-pair: 7 of 7 possible pairs/u);
      expect(stdout).toMatch(/% longer than can be|nothing can be shorter/u);
      expect(stdout).toMatch(/^ *r16 .*lab-(?:north|south)\/(?:north|south)-\d#0 .*(?:a1|e2)-pair/mu);
      expect(await readFile(join(dir, 'plan/gantt.svg'), 'utf8')).toMatch(/^<svg[\s\S]*<title>r16/u);
      const why = await plan(...search, '--why', 'fjord/ric');
      expect(why.stdout).toMatch(/it waits for \w+\/[\w-]+, which r\d+ has until/u);
    },
    WITHIN_MS,
  );

  it(
    'is planned as well as there was time for when somebody interrupts it',
    async () => {
      const { child, said, ended } = start(PLUGFEST, '--seconds', '3600', '--json');
      await untilTrue(
        () => Promise.resolve(said.stderr.includes('Ctrl-C')),
        'it has begun to search',
        WITHIN_MS / 2,
      );
      child.kill('SIGINT');
      const { code, stdout } = await ended;
      expect(code).toBe(130);
      const { timetable, runs } = JSON.parse(stdout) as CampaignPlan;
      expect([timetable.entries.length, timetable.gap >= 0]).toEqual([runs.length, true]);
    },
    WITHIN_MS,
  );

  it(
    'is executed by the runners of its testbeds in the order of its reservations',
    async () => {
      const request = await readCampaign(SHORT);
      await using lab = await openPlugfest(request);
      const { store } = lab.orchestrator;
      const final = lab.run(request, { signal: new AbortController().signal });
      await untilTrue(
        async () => (await store.campaignPlan(request.id)) !== null,
        'the campaign is planned',
        WITHIN_MS,
      );
      const stored = await store.campaignPlan(request.id);
      if (stored === null) throw new Error('there is no plan');
      expect((await final).life).toMatchObject({ state: 'final', reason: null });
      const begun = new Map<string, string>();
      for (const run of await store.runsOf(request.id)) {
        expect(run.life).toMatchObject({ state: 'final', end: 'completed' });
        begun.set(run.id, (await store.records(run.id)).map(({ startedAt }) => startedAt).sort()[0] ?? '');
      }
      const pairs = inTurn(stored.plan);
      expect(pairs.length).toBeGreaterThan(2);
      for (const [first, second] of pairs)
        expect((begun.get(first) ?? '') < (begun.get(second) ?? ''), `${first} before ${second}`).toBe(true);
      expect(await store.reserved()).toEqual([]);
    },
    WITHIN_MS,
  );
});

async function openPlugfest(request: CampaignRequest) {
  const world = await worldBeside(SHORT);
  if (world === null) throw new Error('there are no documents beside the plugfest');
  const lab = await openLab(
    {
      ...{ dir: join(dir, 'lab'), lab: request.organisation, log: silentLog, pdf: plainPdf },
      testbeds: world.testbeds.map(({ testbed }) => testbed),
    },
    { signal: new AbortController().signal },
  );
  const { useCases } = lab.orchestrator;
  const owners = new Set(world.equipment.map(({ organisation }) => organisation));
  for (const id of owners) await useCases.registerOrganisation({ id, name: id, roles: ['vendor'] });
  for (const one of (await readPlans(TESTPLANS)).plans) await useCases.publishPlan(one.plan);
  for (const one of world.equipment) await useCases.submitEquipment(one);
  return lab;
}

/** Runs that share a slot or a product, the one that is planned first before the other. */
function inTurn({ runs, timetable }: CampaignPlan): readonly (readonly [string, string])[] {
  const planned = timetable.entries.map((entry) => ({
    ...entry,
    ...runs.find(({ key }) => key === entry.run),
  }));
  return planned.flatMap((first, place) =>
    planned.slice(place + 1).flatMap((second) => {
      const meet =
        first.testbed === second.testbed ||
        (first.subjects ?? []).some((id) => second.subjects?.includes(id) === true);
      return meet ? [[first.run, second.run] as const] : [];
    }),
  );
}
