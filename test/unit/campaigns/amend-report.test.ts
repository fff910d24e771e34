import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../../src/attest/format/envelope.ts';
import { parseStatus } from '../../../src/attest/format/status.ts';
import type { ReadStatement } from '../../../src/attest/format/case-list.ts';
import { trustKeys } from '../../../src/attest/verify/trust.ts';
import { verifyReport } from '../../../src/attest/verify/verify.ts';
import { type AmendDeps, amendReport, withdrawReport } from '../../../src/campaigns/amend-report.ts';
import { carryOut } from '../../../src/campaigns/issue-report.ts';
import type { StoredReport } from '../../../src/campaigns/store-ports.ts';
import type { AmendmentWish } from '../../../src/campaigns/report-orders.ts';
import { makeSweep } from '../../../src/campaigns/sweep.ts';
import type { Digest } from '../../../src/domain/ids.ts';
import { type DyingPoint, dyingPort, Killed } from '../../support/dying.ts';
import { type CampaignHouse, FAIL, openCampaignHouse, PASS } from '../../support/campaign-house.ts';
import { LAB } from '../../support/things.ts';

let house: CampaignHouse;
let first: StoredReport;
beforeEach(async () => {
  house = await openCampaignHouse();
  const campaign = await house.submit();
  const [run] = await house.runs(campaign);
  await house.play(run?.id ?? ('' as never), { 'T-001': PASS, 'T-002': FAIL });
  first = (await house.store.reports(campaign))[0] ?? ('' as never);
});
afterEach(() => house[Symbol.asyncDispose]());

const wish: AmendmentWish = {
  kind: 'amendment',
  reason: 'a person looked at the capture again',
  overrides: [{ case: 'plan:T-002', finding: 'inconc', reason: 'our cable was loose', by: 'Dr. Who' }],
  opinions: [{ text: 'The product is sound.', basis: 'T-001', by: 'Dr. Who', cases: ['plan:T-001'] }],
};
const amend = (id: string, changes: Partial<AmendmentWish> = {}): Promise<StoredReport> =>
  house.useCases.amendReport(id, { ...wish, ...changes });
const bytesOf = (digest: Digest | undefined): Promise<Uint8Array> =>
  house.evidence.get(digest ?? ('' as never));
const statuses = (): Promise<Record<string, string>> =>
  house.store
    .reportStatuses(first.campaign)
    .then((all) => Object.fromEntries(all.map(({ report, op }) => [report, op])));

async function verified({ files }: StoredReport) {
  const trust = new Map(trustKeys(LAB, house.reporting.keys.keys).map((key) => [key.keyid, key] as const));
  const verification = verifyReport({
    envelopeBytes: await bytesOf(files['report.dsse.json']),
    disclosures: [await bytesOf(files[`disclosures/${LAB}.json`])],
    trust,
    now: house.clock.now(),
  });
  if (verification.status === 'refused') throw new Error(verification.reasons[0].text);
  return verification;
}

/** Whose product the report is about. */
function vendorOf({ sut }: StoredReport): string {
  return sut.split(/[/.]/u)[0] ?? '';
}

describe('an amendment', () => {
  it('is a whole new report that names what it takes the place of and shows what the machine found', async () => {
    const caseNumber = (await verified(first)).statement.predicate.cases.numberAt(1);
    const plan = caseNumber.split(':')[0] ?? '';
    const second = await amend(first.id, forPlan(plan));
    const { statement, disclosed } = await verified(second);
    const { report, outcome, cases } = statement.predicate;
    expect(report).toMatchObject({
      revision: 2,
      kind: 'amendment',
      reason: wish.reason,
      replaces: { revision: 1, payload: first.payloadDigest },
      series: (await verified(first)).statement.predicate.report.series,
    });
    expect(outcome).toMatchObject({ result: 'INCONCLUSIVE', overridden: [[caseNumber, 'fail']] });
    expect(cases.kindAt(1).finding).toBe('inconc');
    expect(JSON.stringify(disclosed['section:opinions'])).toContain('The product is sound.');
    expect(JSON.stringify(disclosed[`case:${caseNumber}`])).toContain('our cable was loose');
  });

  it('keeps the reply of a vendor with the result, word for word and in the open, and of nobody else', async () => {
    const reply = { text: 'Our limit is 3 s.', basis: 'our log', by: 'A. Vendor', cases: [] };
    const vendor = vendorOf(first);
    const second = await amend(first.id, { overrides: [], opinions: [{ ...reply, repliesFor: vendor }] });
    const { disclosed, statement } = await verified(second);
    expect(disclosed['section:opinions']).toMatchObject([{ ...reply, repliesFor: vendor }]);
    expect(statement.predicate.outcome).toEqual((await verified(first)).statement.predicate.outcome);
    const page = new TextDecoder().decode(await bytesOf(second.files['report.html']));
    expect(page).toContain(`Reply of ${vendor}`);
    expect(page).toContain('Our limit is 3 s.');
    const foreign = { ...wish, overrides: [], opinions: [{ ...reply, repliesFor: 'somebody-else' }] };
    await expect(amend(second.id, foreign)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('leaves the records and the first report as they were, and says so in a signed status', async () => {
    const second = await amend(first.id, await sound());
    expect(await house.store.report(first.id)).toEqual(first);
    const [run] = await house.runs(first.campaign);
    const records = await house.store.records(run?.id ?? ('' as never));
    expect(records.map(({ outcome }) => outcome)).toEqual([PASS, FAIL]);
    const [status] = await house.store.reportStatuses(first.campaign);
    const envelope = parseEnvelope(await bytesOf(status?.file));
    const read = envelope.ok ? parseStatus(envelope.value.payload) : envelope;
    expect(read.ok && read.value).toMatchObject({
      op: 'amend',
      rev: 1,
      payload: first.payloadDigest,
      replacedBy: { revision: 2, payload: second.payloadDigest },
    });
  });

  it('is the same one when it is asked for again, also at once', async () => {
    const good = await sound();
    const [a, b] = await Promise.all([amend(first.id, good), amend(first.id, good)]);
    expect(b).toEqual(a);
    expect(await amend(first.id, good)).toEqual(a);
    expect(await house.store.reports(first.campaign)).toHaveLength(2);
  });

  it('is possible of the latest revision only, and keeps what the one before had decided', async () => {
    const good = await sound();
    const second = await amend(first.id, good);
    await expect(amend(first.id, { ...good, reason: 'other' })).rejects.toMatchObject({
      code: 'REPORT_SUPERSEDED',
    });
    const third = await amend(second.id, { reason: 'a name was wrong', overrides: [], opinions: [] });
    const { outcome, report } = (await verified(third)).statement.predicate;
    expect(report.replaces).toEqual({ revision: 2, payload: second.payloadDigest });
    expect(outcome.overridden).toHaveLength(1);
    const number = outcome.overridden?.[0]?.[0] ?? '';
    const lift = { case: number, finding: 'fail', reason: 'the machine was right', by: 'X' } as const;
    const fourth = await amend(third.id, { overrides: [lift], opinions: [] });
    const lifted = (await verified(fourth)).statement.predicate.outcome;
    expect(lifted).toMatchObject({ result: 'FAIL' });
    expect(lifted).not.toHaveProperty('overridden');
  });

  it('prints names as they are now: they may be what was wrong', async () => {
    await house.useCases.registerOrganisation({
      id: LAB,
      name: 'Lab North',
      roles: ['lab'],
      address: 'Quay 9',
    });
    const second = await amend(first.id, { overrides: [], opinions: [] });
    const address = async (report: StoredReport): Promise<unknown> =>
      ((await verified(report)).disclosed['section:laboratory'] as { address: unknown }).address;
    expect([await address(first), await address(second)]).toEqual([null, 'Quay 9']);
  });

  it.each<[string, Partial<AmendmentWish>]>([
    ['a case that is not there', { overrides: [{ case: 'x:y', finding: 'pass', reason: 'r', by: 'b' }] }],
    [
      'an opinion on no case',
      { overrides: [], opinions: [{ text: 't', basis: 'b', by: 'x', cases: ['x:y'] }] },
    ],
    ['a reason that no report can carry', { overrides: [], opinions: [], reason: 'x'.repeat(5000) }],
  ])('is refused, and leaves nothing, with %s', async (_, changes) => {
    await expect(amend(first.id, changes)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await house.store.reportOrders(first)).toHaveLength(1);
  });

  it('is refused when it decides what the machine had decided', async () => {
    const [one] = (await sound()).overrides ?? [];
    if (one === undefined) throw new Error('nothing to decide');
    for (const overrides of [[{ ...one, finding: 'fail' as const }], [one, one]]) {
      await expect(amend(first.id, { overrides, opinions: [] })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    }
  });
});

describe('a withdrawal', () => {
  const why = { reason: 'the testbed clock was wrong', by: 'Dr. Who' };

  it('is a signed statement; the report stays, and only a replacement follows', async () => {
    await house.useCases.withdrawReport(first.id, why);
    await house.useCases.withdrawReport(first.id, why);
    expect(await statuses()).toEqual({ [first.id]: 'withdraw' });
    await expect(house.useCases.withdrawReport(first.id, { ...why, by: 'Y' })).rejects.toMatchObject({
      code: 'REPORT_WITHDRAWN',
    });
    const nothing = { overrides: [], opinions: [] };
    await expect(amend(first.id, nothing)).rejects.toMatchObject({ code: 'REPORT_WITHDRAWN' });
    const second = await amend(first.id, { ...nothing, kind: 'replacement' });
    expect((await verified(second)).statement.predicate.report).toMatchObject({
      kind: 'replacement',
      revision: 2,
    });
    const ops = (await house.store.reportStatuses(first.campaign)).map(({ op }) => op);
    expect(ops.sort()).toEqual(['replace', 'withdraw']);
  });
});

describe('results of another harness', () => {
  const xml = '<testsuite name="s" tests="9"><testcase name="x"><failure/></testcase></testsuite>';
  const imported = (changes: object = {}) =>
    house.useCases.importResults(first.campaign, {
      ...{ format: 'junit', origin: 'Lab West', bytes: new TextEncoder().encode(xml), sut: null, map: {} },
      ...changes,
    });

  it('go into the next revision: shown with a remark, kept as evidence, never counted', async () => {
    const one = await imported();
    expect(await imported()).toEqual(one);
    expect(one.results.remarks).toEqual(['<testsuite> "s" says 9 tests and has 1']);
    expect(new TextDecoder().decode(await bytesOf(one.results.digest))).toBe(xml);
    const second = await amend(first.id, { overrides: [], opinions: [] });
    const { statement, disclosed } = await verified(second);
    expect(statement.predicate.outcome.counts).toEqual((await statementOf(first)).predicate.outcome.counts);
    expect(disclosed['section:external-results']).toMatchObject([
      { origin: 'Lab West', digest: one.results.digest, counted: false, remarks: one.results.remarks },
    ]);
    expect(JSON.stringify(disclosed['section:evidence-index'])).toContain(one.results.digest);
  });

  it.each([
    ['a report that is not there', { sut: 'x.y' }, 'INPUT_INVALID'],
    ['a case that is not there', { map: { x: 'no:case' } }, 'INPUT_INVALID'],
    ['bytes that are no results', { bytes: new Uint8Array([1]) }, 'IMPORT_MALFORMED'],
  ])('are refused with %s, and leave nothing', async (_, changes, code) => {
    await expect(imported(changes)).rejects.toMatchObject({ code });
    expect(await house.store.reportImports(first)).toEqual([]);
  });
});

describe('killed before or after anything that it writes', () => {
  const points = (['putReportOrder', 'put', 'putReport', 'putReportStatus'] as const).flatMap((method) =>
    [false, true].map((after) => ({ method, after })),
  );

  it('an amendment leaves nothing, or what the next try or the sweep finish to one payload', async () => {
    const good = { ...wish, ...(await sound()) };
    for (const [index, point] of points.entries()) {
      const { id } = await newest();
      await expect(amendReport(dying(house.reporting, point), id, good)).rejects.toBeInstanceOf(Killed);
      const ordered = point.method !== 'putReportOrder' || point.after;
      const left = point.method === 'putReportStatus' && point.after ? 0 : Number(ordered);
      expect(await house.store.unfinishedOrders(10)).toHaveLength(left);
      if (index % 2 === 0) await sweep();
      const finished = await amendReport(house.reporting, id, good);
      expect(await house.store.unfinishedOrders(10)).toEqual([]);
      expect(finished.revision).toBe(index + 2);
      await verified(finished);
      good.overrides = [];
    }
  });

  it('a withdrawal is finished by whoever comes next', async () => {
    const why = { reason: 'wrong clock', by: 'Dr. Who' };
    for (const point of points.filter(({ method }) => method !== 'putReport')) {
      const killed = withdrawReport(dying(house.reporting, point), first.id, why);
      await killed.catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
    }
    await sweep();
    expect(await house.store.unfinishedOrders(10)).toEqual([]);
    expect(await statuses()).toEqual({ [first.id]: 'withdraw' });
  });
});

it('an order carried out twice signs one payload', async () => {
  await amend(first.id, await sound());
  const orders = await house.store.reportOrders(first);
  for (const order of [...orders, ...orders]) await carryOut(house.reporting, order);
  expect(await house.store.reports(first.campaign)).toHaveLength(2);
});

/** Dies at the first call of one method of store or evidence: before it has happened, or after. */
function dying(deps: AmendDeps, point: DyingPoint): AmendDeps {
  const { store, evidence } = deps;
  return { ...deps, store: dyingPort(store, point), evidence: dyingPort(evidence, point) };
}

function forPlan(plan: string): Partial<AmendmentWish> {
  const overrides = wish.overrides.map((one) => ({ ...one, case: one.case.replace('plan', plan) }));
  const opinions = wish.opinions.map((one) => ({ ...one, cases: [`${plan}:T-001`] }));
  return { overrides, opinions };
}

async function sound(): Promise<Partial<AmendmentWish>> {
  return forPlan((await statementOf(first)).predicate.cases.numberAt(0).split(':')[0] ?? '');
}

async function statementOf(report: StoredReport): Promise<ReadStatement> {
  const { statement } = await verified(report);
  expect(statement.predicate.cases).toHaveLength(2);
  return statement;
}

async function newest(): Promise<StoredReport> {
  return (await house.store.reports(first.campaign)).at(-1) ?? first;
}

async function sweep(): Promise<void> {
  const { store, clock, log } = house.reporting;
  const queue = { ring: () => Promise.resolve() } as never;
  const direct = (): Promise<void> => Promise.resolve();
  const deps = { store, clock, log, limits: house.limits, queue, direct };
  await makeSweep({ ...deps, carryOut: (order) => carryOut(house.reporting, order) })();
}
