import { existing } from './advance-run.ts';
import type { Digests } from './digests.ts';
import type { EvidenceStore, Log, Pdf } from './ports.ts';
import type { Store, StoredReport } from './store-ports.ts';
import { bySut } from './by-sut.ts';
import { readReportInput } from './report-input.ts';
import type { IssueOrder, ReportOrder } from './report-orders.ts';
import { sealReport } from './seal-report.ts';
import { type StatusDeps, storeStatus } from './report-status.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import type { TimeStamper } from '../attest/sign/time-stamper.ts';
import { HarnessError } from '../kernel/errors.ts';
import { buildReport, type Report } from '../reports/report.ts';

export interface IssueDeps extends StatusDeps {
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly digests: Digests;
  readonly keys: LabKeys;
  readonly pdf: Pdf;
  /** With one, a report is issued with a time-stamp over each of its signatures or not at all. */
  readonly stamper: TimeStamper | null;
  readonly log: Log;
}

/**
 * Carries an order out; done before, it changes nothing. Killed anywhere, it is done again from the order: the payload
 * of a report comes out the same, and of two signatures over it the one that was stored first stands.
 */
export async function carryOut(deps: IssueDeps, order: ReportOrder): Promise<void> {
  if (order.op === 'issue') await issueReport(deps, order);
  else {
    const { report, at, asked } = order;
    await storeStatus(deps, { report, at, op: 'withdraw', reason: asked.reason, replacedBy: null });
  }
}

/** Builds, signs and stores the report of an order, and then says of the one before that it was superseded. */
export async function issueReport(deps: IssueDeps, order: IssueOrder): Promise<StoredReport> {
  const issued = (await deps.store.report(order.report)) ?? (await makeReport(deps, order));
  const { revision, supersedes, at } = order;
  if (supersedes === null || revision.kind === 'original') return issued;
  await storeStatus(deps, {
    ...{ report: supersedes, at, reason: revision.reason },
    op: revision.kind === 'amendment' ? 'amend' : 'replace',
    replacedBy: { revision: revision.n, payload: issued.payloadDigest },
  });
  return issued;
}

/** The report of an order before it is signed; throws `RECORD_INCONSISTENT` for an order that makes no report. */
export async function reportOf(deps: IssueDeps, order: IssueOrder): Promise<Report> {
  const campaign = await existing(deps.store.campaign(order.campaign), `campaign ${order.campaign}`);
  const runs = bySut(await deps.store.runsOf(order.campaign)).get(order.sut) ?? [];
  return buildReport(await readReportInput(deps, campaign, { order, runs }));
}

async function makeReport(deps: IssueDeps, order: IssueOrder): Promise<StoredReport> {
  const report = await reportOf(deps, order);
  const { statement, files } = await sealReport(deps, report, Buffer.from(order.secret, 'base64url'));
  const { campaign, organisation, sut, at } = order;
  const made: StoredReport = {
    ...{ id: order.report, campaign, organisation, sut, revision: order.revision.n },
    ...{ payloadDigest: statement.digest, issuedAt: at, files },
  };
  const stored = await putOnce(deps, made);
  const { revision, payloadDigest } = stored;
  deps.log.info(
    { event: 'report.signed', campaignId: campaign, sut, revision, digest: payloadDigest },
    'report signed',
  );
  return stored;
}

/** Another orchestrator may have signed the same payload meanwhile: then its envelope stands. */
async function putOnce({ store }: IssueDeps, made: StoredReport): Promise<StoredReport> {
  try {
    await store.putReport(made);
    return made;
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'ALREADY_EXISTS') throw error;
    const stored = await store.report(made.id);
    if (stored?.payloadDigest !== made.payloadDigest) throw error;
    return stored;
  }
}
