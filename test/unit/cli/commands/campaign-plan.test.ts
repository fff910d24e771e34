import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PLUGFEST, plugfest } from '../../../support/campaign-plans.ts';
import { commandLine, type Ended } from '../../../support/http/command-line.ts';
import { type FakeHouse, makeFakeHouse } from '../../../support/http/fake-house.ts';
import { aCampaign, aRequest } from '../../../support/http/things.ts';
import type { Preview } from '../../../../src/app/plan-campaign.ts';

const SLOW_MS = 30_000;
let house: FakeHouse;
let preview: Preview;
let dir = '';
beforeAll(async () => {
  house = await makeFakeHouse();
  preview = await plugfest();
}, SLOW_MS);
beforeEach(async () => {
  house.reset();
  dir = await mkdtemp(join(tmpdir(), 'patchbay-plan-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));
afterAll(() => house.server[Symbol.asyncDispose]());

const patchbay = (...args: readonly string[]): Promise<Ended> => commandLine(house, dir, args);

/** The plugfest, with its plan, at the orchestrator. */
function store(plan = preview.plan): string {
  house.campaigns.push(aCampaign(aRequest({ id: plan.campaign, organisation: plan.organisation })));
  house.campaignPlans.push({ revision: 3, plan });
  return plan.campaign;
}

describe('the plan that an orchestrator has stored', () => {
  it('is told with the campaign, and what became of it', async () => {
    const because = [{ code: 'SLOT_QUARANTINED' as const, text: 'smoke' }];
    const replanned = { because, stage: 'improved' as const, begun: [], moved: ['r02'], mayMove: 3 };
    const id = store({ ...preview.plan, replanned });
    const { stdout } = await patchbay('campaign', 'show', id);
    expect(stdout).toContain('plan, revision 3');
    expect(stdout).toContain('planned again (improved), since SLOT_QUARANTINED: smoke');
    expect(stdout).toContain('1 of 16 waiting runs moved (r02); without need no more than 3 may');
    const { plan } = JSON.parse((await patchbay('campaign', 'show', id, '--json')).stdout) as {
      readonly plan: object;
    };
    expect(plan).toMatchObject({ revision: 3, seed: 1, replanned: { moved: ['r02'] } });
  });

  it('is a calendar, for people and for programs', async () => {
    const id = store();
    expect((await patchbay('campaign', 'calendar', id)).stdout).toMatch(/^ *r16 .*(?:a1|e2)-pair/mu);
    const { stdout } = await patchbay('campaign', 'calendar', id, '--ical');
    expect(stdout.match(/^SEQUENCE:3\r$/gmu)).toHaveLength(16);
  });

  it('is held against its problem', async () => {
    const id = store();
    expect(await patchbay('campaign', 'check', id)).toMatchObject({ code: 0, stdout: `${id} holds\n` });
    const [first, ...rest] = preview.plan.timetable.entries;
    if (first === undefined) throw new Error('the plan is empty');
    house.campaignPlans.length = 0;
    const entries = [{ ...first, end: first.end + 1 }, ...rest];
    house.campaignPlans.push({
      revision: 4,
      plan: { ...preview.plan, timetable: { ...preview.plan.timetable, entries } },
    });
    const broken = await patchbay('campaign', 'check', id);
    expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining('PLAN_BROKEN') as unknown]);
  });

  it('is not there for a campaign that reserves nothing', async () => {
    house.campaigns.push(aCampaign());
    const { code, stderr } = await patchbay('campaign', 'calendar', 'lab-north/c1');
    expect(code).toBe(2);
    expect(stderr).toContain('NOT_FOUND: lab-north/c1 has no plan');
    expect((await patchbay('campaign', 'show', 'lab-north/c1')).stdout).not.toContain('revision');
  });
});

describe('a campaign without documents beside it', () => {
  it(
    'is planned with what the orchestrator knows',
    async () => {
      const file = join(dir, 'campaign.yaml');
      await copyFile(PLUGFEST, file);
      house.equipment.push(...preview.input.equipment);
      for (const { testbed, slots } of preview.input.testbeds)
        house.testbeds.push({
          ...{ testbed, mode: 'open', runners: [] },
          slots: slots.map((slot) => ({
            ...{ testbed: testbed.id, slot, fence: 0, reason: null, lease: null },
            state: testbed.id === 'lab-south/south-1' ? 'quarantined' : 'free',
          })),
        });
      const planned = await patchbay('campaign', 'plan', file, '--moves', '50', '--json');
      const { coverage, timetable } = JSON.parse(planned.stdout) as Preview['plan'];
      expect(coverage.map(({ covered, feasible }) => [covered, feasible])).toEqual([
        [9, 9],
        [7, 7],
      ]);
      const beds = new Set(timetable.entries.map(({ testbed }) => testbed));
      expect([...beds].some((bed) => bed?.startsWith('lab-south/south-1'))).toBe(false);
    },
    SLOW_MS,
  );

  it('is refused for want of what it names', async () => {
    const file = join(dir, 'campaign.yaml');
    await copyFile(PLUGFEST, file);
    const { code, stderr } = await patchbay('campaign', 'plan', file);
    expect(code).toBe(2);
    expect(stderr).toContain('NOT_FOUND: there is no equipment aurora/smo');
  });
});

describe('a plan in a file', () => {
  it('is refused with every place that is wrong', async () => {
    const file = join(dir, 'plan.json');
    await writeFile(file, JSON.stringify({ ...preview.plan, runs: [{ key: 'r01' }], extra: 1 }));
    const { code, stderr } = await patchbay('campaign', 'check', file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/INPUT_INVALID/u);
    expect(stderr).toMatch(/extra/u);
    expect(stderr).toMatch(/runs\[0\]/u);
  });
});
