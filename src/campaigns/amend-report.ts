import { existing } from './advance-run.ts';
import { bySut } from './by-sut.ts';
import { carryOut, type IssueDeps, reportOf } from './issue-report.ts';
import type { Clock, Ids } from './ports.ts';
import type { StoredReport } from './store-ports.ts';
import { readFrame } from './report-frame.ts';
import type {
  AmendmentWish,
  IssueOrder,
  ReportOrder,
  WithdrawalWish,
  WithdrawOrder,
} from './report-orders.ts';
import { makeSalts, sha256 } from '../attest/sign/digests.ts';
import { HarnessError } from '../kernel/errors.ts';
import { type Json, sameJson } from '../kernel/json.ts';
import type { Opinion, Override } from '../reports/input.ts';
import { renderStatement } from '../reports/statement.ts';

export interface AmendDeps extends IssueDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly version: string;
}

/**
 * Issues the next revision of a report. What it adds is stored first and signed then; the same wish on the same report
 * once more gives the revision that it gave before. Throws `REPORT_SUPERSEDED` when a later revision exists,
 * `REPORT_WITHDRAWN` unless the wish is a replacement, `INPUT_INVALID` when the wish makes no report.
 * @see ISO/IEC 17025:2017, 7.8.8
 */
export function amendReport(deps: AmendDeps, id: string, wish: AmendmentWish): Promise<StoredReport> {
  return untilFirst(() => amendOnce(deps, id, wish));
}

async function amendOnce(deps: AmendDeps, id: string, wish: AmendmentWish): Promise<StoredReport> {
  const { report, orders } = await seriesOf(deps, id);
  const repeated = orders.find((order) => order.op === 'issue' && order.supersedes === id);
  if (repeated !== undefined && same(repeated.asked, wish)) return result(deps, repeated);
  const { latest, withdrawn } = standing(orders, id);
  if (withdrawn && wish.kind !== 'replacement')
    throw new HarnessError('REPORT_WITHDRAWN', `report ${id} was withdrawn`);
  await finish(deps, orders);
  const order = await amendment(deps, { report, orders, latest }, wish);
  await refuseUnlessReport(deps, order);
  await give(deps, order);
  return result(deps, order);
}

/** Ends the life of a report, with a signed statement. The same wish once more changes nothing. */
export function withdrawReport(deps: AmendDeps, id: string, wish: WithdrawalWish): Promise<StoredReport> {
  return untilFirst(() => withdrawOnce(deps, id, wish));
}

async function withdrawOnce(deps: AmendDeps, id: string, wish: WithdrawalWish): Promise<StoredReport> {
  const { report, orders } = await seriesOf(deps, id);
  const repeated = orders.find((order) => order.op === 'withdraw' && order.report === id);
  if (repeated !== undefined && same(repeated.asked, wish)) return result(deps, repeated);
  const { withdrawn } = standing(orders, id);
  if (withdrawn) throw new HarnessError('REPORT_WITHDRAWN', `report ${id} was withdrawn already`);
  await finish(deps, orders);
  const { campaign, organisation, sut, revision, payloadDigest } = report;
  const order: WithdrawOrder = {
    ...{ campaign, organisation, sut, revision, payload: payloadDigest, report: id, asked: wish },
    op: 'withdraw',
    seq: orders.length + 1,
    at: deps.clock.now(),
  };
  await give(deps, order);
  return result(deps, order);
}

async function seriesOf(
  { store }: AmendDeps,
  id: string,
): Promise<{ readonly report: StoredReport; readonly orders: readonly ReportOrder[] }> {
  const report = await existing(store.report(id), `report ${id}`);
  return { report, orders: await store.reportOrders(report) };
}

function standing(
  orders: readonly ReportOrder[],
  id: string,
): { readonly latest: IssueOrder; readonly withdrawn: boolean } {
  const latest = orders.filter((order) => order.op === 'issue').at(-1);
  if (latest?.report !== id)
    throw new HarnessError('REPORT_SUPERSEDED', `report ${id} is not the latest of its series`);
  return { latest, withdrawn: orders.at(-1)?.op === 'withdraw' };
}

/** What was ordered last comes first, should its orchestrator have died over it; those before it are done. */
async function finish(deps: AmendDeps, orders: readonly ReportOrder[]): Promise<void> {
  const last = orders.at(-1);
  if (last !== undefined) await carryOut(deps, last);
}

interface Before {
  readonly report: StoredReport;
  readonly orders: readonly ReportOrder[];
  readonly latest: IssueOrder;
}

async function amendment(
  deps: AmendDeps,
  { report, orders, latest }: Before,
  wish: AmendmentWish,
): Promise<IssueOrder> {
  const { store, clock, ids } = deps;
  const at = clock.now();
  const { kind, reason } = wish;
  const { campaign, organisation, sut, secret } = latest;
  return {
    ...{ campaign, organisation, sut, secret, at, asked: wish, supersedes: report.id },
    op: 'issue',
    seq: orders.length + 1,
    report: ids.next('report'),
    revision: {
      ...{ kind, reason, n: report.revision + 1 },
      replaces: { revision: report.revision, payload: report.payloadDigest },
    },
    overrides: await overridesOf(
      deps,
      latest,
      wish.overrides.map((one): Override => ({ ...one, at })),
    ),
    opinions: [...latest.opinions, ...wish.opinions.map((one): Opinion => ({ ...one, at }))],
    imports: (await store.reportImports(latest)).map(({ id }) => id),
    frame: await frameOf(deps, latest),
  };
}

/** Testbeds and harness as they were at the tests; names and addresses as they are now, which may be what was wrong. */
async function frameOf(
  { store, keys, version }: AmendDeps,
  latest: IssueOrder,
): Promise<IssueOrder['frame']> {
  const campaign = await existing(store.campaign(latest.campaign), `campaign ${latest.campaign}`);
  const runs = bySut(await store.runsOf(latest.campaign)).get(latest.sut) ?? [];
  const { organisations } = await readFrame({ store, version, lab: keys.lab }, campaign, runs);
  return { ...latest.frame, organisations };
}

/** A later decision on a case takes the place of an earlier one; one for what the machine had found lifts it. */
async function overridesOf(
  deps: AmendDeps,
  latest: IssueOrder,
  fresh: readonly Override[],
): Promise<readonly Override[]> {
  const { cases } = await reportOf(deps, latest);
  const machine = new Map(cases.map(({ number, last }) => [number, last.finding]));
  const all = new Map(latest.overrides.map((one) => [one.case, one]));
  const decided = new Set<string>();
  for (const one of fresh) {
    if (decided.has(one.case)) throw invalid(`${one.case} is overridden twice`);
    decided.add(one.case);
    if (!machine.has(one.case)) throw invalid(`${one.case} is not a case of this report`);
    if (one.finding !== machine.get(one.case)) all.set(one.case, one);
    else if (!all.delete(one.case)) throw invalid(`${one.case} is ${one.finding} already`);
  }
  return [...all.values()];
}

/** An order that cannot be carried out would stand in the way of all later ones. */
async function refuseUnlessReport(deps: AmendDeps, order: IssueOrder): Promise<void> {
  try {
    const report = await reportOf(deps, order);
    const known = new Set(report.cases.map(({ number }) => number));
    const stray = order.opinions.flatMap(({ cases }) => cases).find((number) => !known.has(number));
    if (stray !== undefined)
      throw invalid(`${stray}, which an opinion is about, is not a case of this report`);
    const vendors: readonly string[] = report.input.subjects.map(({ organisation }) => organisation);
    const foreign = order.opinions.find(({ repliesFor = vendors[0] ?? '' }) => !vendors.includes(repliesFor));
    if (foreign !== undefined)
      throw invalid(`${foreign.repliesFor ?? ''}, which replies, has no product in this report`);
    renderStatement(report, { sha256, saltFor: makeSalts(Buffer.from(order.secret, 'base64url')) });
  } catch (cause) {
    if (!(cause instanceof HarnessError) || cause.code !== 'RECORD_INCONSISTENT') throw cause;
    throw invalid(cause.message, cause);
  }
}

/** Of two at once one is first; the other looks again, and finds its wish granted or the report no longer the latest. */
async function untilFirst<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== 'CONFLICT') throw error;
    }
  }
}

async function give({ store }: AmendDeps, order: ReportOrder): Promise<void> {
  try {
    await store.putReportOrder(order);
  } catch (cause) {
    if (!(cause instanceof HarnessError) || cause.code !== 'ALREADY_EXISTS') throw cause;
    throw new HarnessError('CONFLICT', `somebody else changed the report on ${order.sut} first`, { cause });
  }
}

async function result(deps: AmendDeps, order: ReportOrder): Promise<StoredReport> {
  await carryOut(deps, order);
  return existing(deps.store.report(order.report), `report ${order.report}`);
}

function same(asked: object | null, wish: object): boolean {
  return sameJson(asked as Json, wish as Json);
}

function invalid(text: string, cause?: unknown): HarnessError {
  return new HarnessError('INPUT_INVALID', text, { cause });
}
