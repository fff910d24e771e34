import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amendReport } from '../../../src/campaigns/amend-report.ts';
import { carryOut } from '../../../src/campaigns/issue-report.ts';
import type { StoredReport } from '../../../src/campaigns/store-ports.ts';
import { makeReportCampaign, type ReportDeps } from '../../../src/campaigns/report-campaign.ts';
import { makeSweep } from '../../../src/campaigns/sweep.ts';
import type { CampaignId } from '../../../src/domain/ids.ts';
import { type DyingPoint, dyingPort, Killed } from '../../support/dying.ts';
import { type CampaignHouse, openCampaignHouse, PASS } from '../../support/campaign-house.ts';
import { type FakeStamper, fakeStamper, stampsOf } from '../../support/fake-stamper.ts';

const UNAVAILABLE = { code: 'TIMESTAMP_UNAVAILABLE' };

let stamper: FakeStamper;
let house: CampaignHouse;
beforeEach(async () => {
  stamper = fakeStamper();
  house = await openCampaignHouse({ stamper });
});
afterEach(() => house[Symbol.asyncDispose]());

/** A campaign whose only run is over: what is left is its report. */
async function played(): Promise<CampaignId> {
  const campaign = await house.submit();
  const [run] = await house.runs(campaign);
  await house.play(run?.id ?? ('' as never), { 'T-001': PASS, 'T-002': PASS });
  return campaign;
}

/** The same, while the authority does not answer. */
async function closing(): Promise<CampaignId> {
  stamper.answers = false;
  await expect(played()).rejects.toMatchObject(UNAVAILABLE);
  const [campaign] = await house.store.campaigns({ open: true, limit: 10 });
  expect(campaign?.life.state).toBe('closing');
  return campaign?.id ?? ('' as never);
}

async function report(id: CampaignId, deps: ReportDeps = house.reporting): Promise<void> {
  const campaign = await house.store.campaign(id);
  if (campaign !== null) await makeReportCampaign(deps)(campaign, await house.runs(id));
}

async function onlyReport(id: CampaignId): Promise<StoredReport> {
  const [first, ...others] = await house.store.reports(id);
  expect(others).toEqual([]);
  return first ?? ('' as never);
}

async function expectOwnStamps(stored: StoredReport): Promise<void> {
  const { are, should } = await stampsOf(house.evidence, stored);
  expect(Object.keys(should)).toHaveLength(2);
  expect(are).toEqual(should);
}

describe('a report where there is a time-stamp authority', () => {
  it('is issued with a time-stamp over each of its signatures', async () => {
    await expectOwnStamps(await onlyReport(await played()));
    expect(stamper.asked).toBe(2);
  });

  it('is not issued while the authority does not answer: its campaign stays closing, and is tried again', async () => {
    const id = await closing();
    await expect(house.sweep()).rejects.toMatchObject(UNAVAILABLE);
    expect(await house.store.reports(id)).toEqual([]);
    expect((await house.store.campaign(id))?.life.state).toBe('closing');
    stamper.answers = true;
    await house.sweep();
    expect((await house.store.campaign(id))?.life.state).toBe('final');
    await expectOwnStamps(await onlyReport(id));
  });

  it('keeps the time of its order, however late the authority answers', async () => {
    const id = await closing();
    const since = house.clock.now();
    house.clock.pass(3_600_000);
    stamper.answers = true;
    await house.sweep();
    expect((await onlyReport(id)).issuedAt).toBe(since);
  });

  it.each([
    ['stamp', false],
    ['stamp', true],
    ['put', false],
    ['put', true],
    ['putReport', false],
    ['putReport', true],
  ] as const)(
    'is there once after a kill at %s (after it: %s), with stamps of its own',
    async (method, after) => {
      const id = await closing();
      stamper.answers = true;
      await expect(report(id, dying(house.reporting, { method, after }))).rejects.toBeInstanceOf(Killed);
      const before = await house.store.reports(id);
      expect(before).toHaveLength(method === 'putReport' && after ? 1 : 0);
      await house.sweep();
      const stored = await onlyReport(id);
      await expectOwnStamps(stored);
      if (before[0] !== undefined) expect(stored).toEqual(before[0]);
    },
  );

  it('is one of several that were signed at once, and has no stamp of another', async () => {
    const id = await closing();
    stamper.answers = true;
    await Promise.all([report(id), report(id), report(id)]);
    expect(stamper.asked).toBeGreaterThan(4);
    await expectOwnStamps(await onlyReport(id));
  });
});

describe('an amendment where there is a time-stamp authority', () => {
  const wish = { kind: 'amendment', reason: 'a typing error', overrides: [], opinions: [] } as const;

  it('waits for it, and is finished by the sweep', async () => {
    const { id, campaign } = await onlyReport(await played());
    stamper.answers = false;
    await expect(amendReport(house.reporting, id, wish)).rejects.toMatchObject(UNAVAILABLE);
    await sweepOrders();
    expect(await house.store.reports(campaign)).toHaveLength(1);
    stamper.answers = true;
    await sweepOrders();
    const reports = await house.store.reports(campaign);
    expect(reports.map(({ revision }) => revision)).toEqual([1, 2]);
    for (const one of reports) await expectOwnStamps(one);
  });

  it('does not make a sweep ask an authority that is away once for each of them', async () => {
    const originals = [await onlyReport(await played()), await onlyReport(await played())];
    stamper.answers = false;
    for (const { id } of originals)
      await expect(amendReport(house.reporting, id, wish)).rejects.toMatchObject(UNAVAILABLE);
    stamper.asked = 0;
    await sweepOrders();
    expect(stamper.asked).toBe(1);
    expect(await house.store.unfinishedOrders(10)).toHaveLength(2);
  });
});

async function sweepOrders(): Promise<void> {
  const { store, clock, log } = house.reporting;
  const queue = { ring: () => Promise.resolve() } as never;
  const direct = (): Promise<void> => Promise.resolve();
  const deps = { store, clock, log, limits: house.limits, queue, direct };
  await makeSweep({ ...deps, carryOut: (order) => carryOut(house.reporting, order) })();
}

/** Dies at the first call of one method of store, evidence or authority: before it has happened, or after. */
function dying(deps: ReportDeps, point: DyingPoint): ReportDeps {
  return {
    ...deps,
    store: dyingPort(deps.store, point),
    evidence: dyingPort(deps.evidence, point),
    stamper: dyingPort(stamper, point),
  };
}
