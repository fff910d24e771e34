import { afterEach, describe, expect, it } from 'vitest';
import { type CampaignHouse, openCampaignHouse, PASS } from '../../support/campaign-house.ts';
import { anEquipment, aTestbed, BED } from '../../support/things.ts';
import { type CampaignId, instant, type RunId } from '../../../src/domain/ids.ts';
import type { Run } from '../../../src/domain/run.ts';

const MINUTE = 60_000;
let house: CampaignHouse;
afterEach(() => house[Symbol.asyncDispose]());

const products = ['one', 'two', 'three'].map((name) =>
  anEquipment(`acme/${name}`, { ics: { 'a1.policyTypes': ['x'], 'e2.kpm': 'v3.00' } }),
);

async function open(): Promise<void> {
  house = await openCampaignHouse({ equipment: products, testbeds: [aTestbed({ slots: 1 })] });
}

const stateOf = async (run: Run) => (await house.store.run(run.id))?.life;
const finish = (id: RunId): Promise<void> => house.play(id, { 'T-001': PASS, 'T-002': PASS });
const window = (from: number, to: number) => ({
  from: instant(house.clock.now() + from * MINUTE),
  to: instant(house.clock.now() + to * MINUTE),
});

/** The order in which runs get to be executed, each played as soon as it is there. */
async function execute(campaign: CampaignId): Promise<readonly RunId[]> {
  const order: RunId[] = [];
  for (;;) {
    const runs = await house.runs(campaign);
    const under = runs.filter(({ life }) => life.state === 'preparing');
    if (under.length > 1) throw new Error('two runs are under way on one slot');
    const [next] = under;
    if (next === undefined) return order;
    order.push(next.id);
    await finish(next.id);
    await house.settle();
  }
}

describe('a planned campaign', () => {
  it('reserves a place for every run, together with its plan', async () => {
    await open();
    const id = await house.submit({ coverage: { strength: 1 } });
    const runs = await house.runs(id);
    expect(runs).toHaveLength(3);
    const stored = await house.store.campaignPlan(id);
    expect(stored?.plan.runs).toHaveLength(3);
    expect(stored?.plan.timetable.seed).toBe(1);
    const reserved = await house.store.reserved();
    expect(reserved.filter(({ resource }) => resource === `slot:${BED}`)).toHaveLength(3);
    expect(reserved.filter(({ resource }) => resource.startsWith('equipment:'))).toHaveLength(3);
  });

  it('executes its runs in the order of the plan, and leaves nothing reserved', async () => {
    await open();
    const id = await house.submit({ coverage: { strength: 1 } });
    const planned = (await house.runs(id)).map((run) => run.id);
    const [, second] = await house.runs(id);
    expect(second === undefined ? null : await stateOf(second)).toMatchObject({
      state: 'queued',
      waitsFor: { code: 'PLACE_WAITS', text: `by the plan, run ${planned[0] ?? ''} comes first` },
    });
    expect(await execute(id)).toEqual(planned);
    expect((await house.store.campaign(id))?.life.state).toBe('final');
    expect(await house.store.reserved()).toEqual([]);
  });

  it('does not begin before its window does', async () => {
    await open();
    const id = await house.submit({ window: window(60, 6000) });
    const [first] = await house.runs(id);
    expect(first === undefined ? null : await stateOf(first)).toMatchObject({
      waitsFor: { code: 'PLACE_WAITS' },
    });
    house.clock.pass(61 * MINUTE);
    await house.runnerSeen();
    await house.sweep();
    expect(await execute(id)).toHaveLength(3);
  });

  it('moves what comes later when it is late, in the same order', async () => {
    await open();
    const id = await house.submit({ coverage: { strength: 1 } });
    const planned = (await house.runs(id)).map((run) => run.id);
    house.clock.pass(30 * MINUTE);
    await house.runnerSeen();
    const [first, ...rest] = planned;
    if (first === undefined) throw new Error('no run');
    await finish(first);
    await house.settle();
    expect(await execute(id)).toEqual(rest);
  });

  it('gives back the place of a run that is cancelled', async () => {
    await open();
    const id = await house.submit({ coverage: { strength: 1 } });
    const [, second, third] = await house.runs(id);
    if (second === undefined || third === undefined) throw new Error('no runs');
    await house.useCases.cancelRun(second.id, { force: false, text: 'withdrawn' });
    expect(await house.store.placeOf(second.id)).toBeNull();
    expect((await execute(id)).at(-1)).toBe(third.id);
  });

  it('plans around what another campaign has reserved', async () => {
    await open();
    const wish = { window: window(60, 6000) };
    const first = await house.submit(wish);
    const second = await house.submit(wish);
    const ends = (await house.store.campaignPlan(first))?.plan.timetable.objective.makespan ?? 0;
    const starts =
      (await house.store.campaignPlan(second))?.plan.timetable.entries.map(({ start }) => start) ?? [];
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(ends);
  });

  it('is refused, without a reservation, when its window is too short for anything', async () => {
    await open();
    const id = await house.submit({
      window: { from: instant(house.clock.now() + 1), to: instant(house.clock.now() + 2) },
    });
    expect((await house.store.campaign(id))?.life).toMatchObject({
      state: 'final',
      reason: { code: 'WINDOW_CLOSED' },
    });
    expect(await house.store.reserved()).toEqual([]);
  });
});
