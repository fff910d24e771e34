import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BROKEN, type CampaignHouse, openCampaignHouse, PASS } from '../../support/campaign-house.ts';
import { dyingPort, Killed } from '../../support/dying.ts';
import { anEquipment, aTestbed, BED, LAB } from '../../support/things.ts';
import { planAgain } from '../../../src/campaigns/replan.ts';
import { type CampaignId, instant, type RunId, type TestbedId } from '../../../src/domain/ids.ts';
import type { Run } from '../../../src/domain/run.ts';
import type { CampaignPlan } from '../../../src/planning/campaign/campaign-plan.ts';
import { checkCampaign } from '../../../src/planning/campaign/check-campaign.ts';

const MINUTE = 60_000;
const OTHER = `${LAB}/north-2` as TestbedId;
const products = ['one', 'two', 'three', 'four'].map((name) =>
  anEquipment(`acme/${name}`, { ics: { 'a1.policyTypes': ['x'], 'e2.kpm': 'v3.00' } }),
);
const broken = { 'T-001': PASS, 'T-002': BROKEN };
const passed = { 'T-001': PASS, 'T-002': PASS };

let house: CampaignHouse;
beforeEach(async () => {
  house = await openCampaignHouse({
    equipment: products,
    testbeds: [aTestbed(), aTestbed({ id: OTHER })],
  });
}, 30_000);
afterEach(() => house[Symbol.asyncDispose]());

const plan = async (id: CampaignId): Promise<CampaignPlan> => {
  const stored = await house.store.campaignPlan(id);
  if (stored === null) throw new Error('there is no plan');
  return stored.plan;
};
const slotOf = async (run: RunId): Promise<string | undefined> =>
  (await house.store.reserved()).find((one) => one.run === run && one.resource.startsWith('slot:'))?.resource;
const submit = (): Promise<CampaignId> => house.submit({ coverage: { strength: 1 } });
/** A run of the campaign that has a place on this testbed and has not begun. */
async function waitingOn(campaign: CampaignId, testbed: TestbedId): Promise<Run> {
  for (const run of await house.runs(campaign)) {
    const state = run.life.state;
    if ((state === 'queued' || state === 'leasing') && (await slotOf(run.id)) === `slot:${testbed}`)
      return run;
  }
  throw new Error(`nothing waits for ${testbed}`);
}

describe('a campaign that is being carried out', () => {
  it('gives a run that repeats a failed one a place of its own', async () => {
    const id = await submit();
    const [first] = (await house.runs(id)).filter(({ life }) => life.state === 'preparing');
    if (first === undefined) throw new Error('nothing has begun');
    await house.play(first.id, broken);
    const retry = await house.retryOf(first);
    const { replanned, runs } = await plan(id);
    expect(runs.find(({ run }) => run === retry.id)?.key).toMatch(/^r\d+\.2$/u);
    expect(replanned?.because[0]?.code).toBe('PLACE_MISSING');
    expect(replanned?.begun).toHaveLength(1);
    expect(checkCampaign(await plan(id))).toEqual([]);
  });

  it('moves what was planned on a slot that is quarantined, and nothing else', async () => {
    const id = await submit();
    const stays = await waitingOn(id, BED);
    const onOther = (await house.store.reserved()).filter(({ resource }) => resource === `slot:${OTHER}`);
    const before = (await house.store.reserved()).filter(({ run }) => run === stays.id);
    await house.useCases.quarantineSlot(OTHER, 0, { code: 'SLOT_QUARANTINED', text: 'smoke' });
    await house.settle();
    for (const { run } of onOther) expect(await slotOf(run)).toBe(`slot:${BED}`);
    expect((await house.store.reserved()).filter(({ run }) => run === stays.id)).toEqual(before);
    const { replanned } = await plan(id);
    expect(replanned?.stage).toBe('improved');
    expect(replanned?.because.map(({ code }) => code)).toEqual(onOther.map(() => 'SLOT_QUARANTINED'));
    expect(replanned?.moved).toHaveLength(onOther.length);
    expect(checkCampaign(await plan(id))).toEqual([]);
  });

  it('plans what waits for a run that takes too long elsewhere or later', async () => {
    const id = await submit();
    const waits = await waitingOn(id, BED);
    const place = (await house.store.reserved()).find(({ run }) => run === waits.id);
    house.clock.pass((place?.from ?? 0) - house.clock.now() + 2 * MINUTE);
    await house.runnerSeen();
    await house.sweep();
    const after = (await house.store.reserved()).find(({ run }) => run === waits.id);
    expect(after?.from).toBeGreaterThanOrEqual(house.clock.now());
    expect((await plan(id)).replanned?.because[0]?.code).toBe('PLACE_LATE');
  });

  it('ends the runs on a product that its owner takes away, and says what is not covered', async () => {
    const id = await submit();
    const out = await waitingOn(id, OTHER);
    const [subject] = out.subjects;
    if (subject === undefined) throw new Error('no product');
    await house.useCases.withdrawEquipment(subject, 'sold');
    await house.settle();
    await house.sweep();
    expect((await house.store.run(out.id))?.life).toMatchObject({ state: 'final', hold: null });
    expect(await slotOf(out.id)).toBeUndefined();
    expect((await plan(id)).leftOut).toMatchObject([{ subjects: [subject], run: out.id }]);
    expect(
      (await house.submit({ coverage: { strength: 1 } })) && (await house.store.listEquipment({})),
    ).toHaveLength(3);
  });

  it('makes room for an urgent one, together with its reservations', async () => {
    const window = {
      from: instant(house.clock.now() + 60 * MINUTE),
      to: instant(house.clock.now() + 600 * MINUTE),
    };
    const first = await house.submit({ window });
    const before = await plan(first);
    const urgent = await house.submit({ window, priority: 'critical' });
    const [begin] = (await plan(urgent)).timetable.entries;
    expect([begin?.setUpStart, (await plan(urgent)).replanned]).toEqual([0, undefined]);
    const after = await plan(first);
    expect(after.replanned?.because[0]?.code).toBe('PLACE_TAKEN');
    expect(after.timetable.objective.makespan).toBeGreaterThan(before.timetable.objective.makespan);
    expect(checkCampaign(after)).toEqual([]);
  });

  it('leaves without a place what nothing can host, and places it when that is there again', async () => {
    const id = await submit();
    const hit = await waitingOn(id, OTHER);
    for (const testbed of [BED, OTHER])
      await house.useCases.quarantineSlot(testbed, 0, { code: 'SLOT_QUARANTINED', text: 'smoke' });
    await house.settle();
    expect((await plan(id)).leftOut).toContainEqual(
      expect.objectContaining({
        run: hit.id,
        reason: expect.objectContaining({ code: 'SLOT_QUARANTINED' }) as unknown,
      }),
    );
    expect(await slotOf(hit.id)).toBeUndefined();
    await house.useCases.releaseSlot(OTHER, 0);
    await house.settle();
    expect(await slotOf(hit.id)).toBe(`slot:${OTHER}`);
  });

  it.each([{ after: false }, { after: true }])(
    'has its old plan or its new one when somebody dies over it (after the commit: $after)',
    async ({ after }) => {
      const id = await submit();
      await house.store.setSlot(OTHER, 0, { quarantined: { code: 'SLOT_QUARANTINED', text: 'smoke' } });
      const before = await house.store.reserved();
      const campaign = await house.store.campaign(id);
      if (campaign === null) throw new Error('no campaign');
      const again = await planAgain(house.planning, campaign, await house.runs(id));
      if (again === null) throw new Error('nothing was planned');
      const dying = dyingPort(house.store, { method: 'commit', after });
      await expect(dying.commit({ plans: [again] })).rejects.toThrow(Killed);
      const head = await house.store.planHead(id);
      expect(head?.revision).toBe(after ? 2 : 1);
      if (!after) expect(await house.store.reserved()).toEqual(before);
      // Whoever looks next finds what is to be done.
      await house.sweep();
      expect((await plan(id)).replanned?.stage).toBe('improved');
      expect(
        (await house.store.reserved()).some(
          ({ resource, state }) => resource === `slot:${OTHER}` && state === 'planned',
        ),
      ).toBe(false);
    },
  );

  it('is not planned over when a run has begun meanwhile', async () => {
    const id = await submit();
    await house.store.setSlot(OTHER, 0, { quarantined: { code: 'SLOT_QUARANTINED', text: 'smoke' } });
    const campaign = await house.store.campaign(id);
    if (campaign === null) throw new Error('no campaign');
    const again = await planAgain(house.planning, campaign, await house.runs(id));
    if (again === null) throw new Error('nothing was planned');
    const [under] = (await house.runs(id)).filter(({ life }) => life.state === 'preparing');
    if (under === undefined) throw new Error('nothing has begun');
    await house.play(under.id, passed);
    const before = await house.store.reserved();
    await expect(house.store.commit({ plans: [again] })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await house.store.reserved()).toEqual(before);
  });
});
