import { bySut } from './by-sut.ts';
import { issueReport, type IssueDeps } from './issue-report.ts';
import type { Clock, Ids } from './ports.ts';
import { readFrame } from './report-frame.ts';
import type { IssueOrder } from './report-orders.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { Run } from '../domain/run.ts';
import { HarnessError } from '../kernel/errors.ts';

export interface ReportDeps extends IssueDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly version: string;
}

const SALT_SECRET_BYTES = 32;

/**
 * Builds, signs and stores one report per SUT of a campaign whose runs are all final. Killed half-way, it is done again:
 * reports that are stored stay, the others come out with the same payload, since the order fixed at the first try all
 * that could differ.
 */
export function makeReportCampaign(
  deps: ReportDeps,
): (campaign: Campaign, runs: readonly Run[]) => Promise<void> {
  return async (campaign, runs) => {
    const done = new Set((await deps.store.reports(campaign.id)).map(({ sut }) => sut));
    for (const [sut, group] of bySut(runs)) {
      if (done.has(sut)) continue;
      await issueReport(deps, await originalOrder(deps, campaign, { sut, runs: group }));
    }
  };
}

/** Of several orchestrators that come here at once, one gives the order and all carry it out. */
async function originalOrder(
  deps: ReportDeps,
  campaign: Campaign,
  { sut, runs }: { sut: string; runs: readonly Run[] },
): Promise<IssueOrder> {
  const { store, clock, ids, keys, version } = deps;
  const series = { campaign: campaign.id, organisation: campaign.organisation, sut };
  const given = await firstOrder(deps, series);
  if (given !== null) return given;
  const order: IssueOrder = {
    ...series,
    op: 'issue',
    seq: 1,
    at: clock.now(),
    report: ids.next('report'),
    revision: { kind: 'original', n: 1 },
    supersedes: null,
    asked: null,
    opinions: [],
    overrides: [],
    imports: (await store.reportImports(series)).map(({ id }) => id),
    frame: await readFrame({ store, version, lab: keys.lab }, campaign, runs),
    secret: ids.random(SALT_SECRET_BYTES),
  };
  try {
    await store.putReportOrder(order);
    return order;
  } catch (error) {
    const first = await firstOrder(deps, series);
    if (!(error instanceof HarnessError) || error.code !== 'ALREADY_EXISTS' || first === null) throw error;
    return first;
  }
}

async function firstOrder(
  { store }: ReportDeps,
  series: Pick<IssueOrder, 'campaign' | 'sut'>,
): Promise<IssueOrder | null> {
  const [first] = await store.reportOrders(series);
  return first?.op === 'issue' ? first : null;
}
