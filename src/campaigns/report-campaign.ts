import type { Clock, EvidenceStore, Ids, Log, Pdf, Store, StoredReport } from './ports.ts';
import { readReportInput } from './report-input.ts';
import { sealReport } from './seal-report.ts';
import type { Digests } from './digests.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import type { Campaign } from '../domain/campaign.ts';
import { type Instant, instant } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { HarnessError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { buildReport, reportFolder } from '../reports/report.ts';

export interface ReportDeps {
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digests: Digests;
  readonly keys: LabKeys;
  readonly pdf: Pdf;
  readonly version: string;
  readonly log: Log;
}

const SALT_SECRET_BYTES = 32;

/**
 * Builds, signs and stores one report per SUT of a campaign whose runs are all final. Killed half-way, it is done again:
 * reports that are stored stay, the others come out with the same payload, since time and salts were fixed at the first try.
 */
export function makeReportCampaign(
  deps: ReportDeps,
): (campaign: Campaign, runs: readonly Run[]) => Promise<void> {
  return async (campaign, runs) => {
    const done = new Set((await deps.store.reports(campaign.id)).map(({ sut }) => sut));
    for (const group of bySut(runs)) {
      const sut = reportFolder(group.map(({ subjects }) => subjects)[0]?.map((id) => ({ id })) ?? []);
      if (!done.has(sut)) await putOnce(deps, await makeReport(deps, campaign, { sut, runs: group }));
    }
  };
}

/** Another orchestrator may have signed the same payload meanwhile: then its envelope stands. */
async function putOnce({ store }: ReportDeps, report: StoredReport): Promise<void> {
  try {
    await store.putReport(report);
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'ALREADY_EXISTS') throw error;
    const stored = (await store.reports(report.campaign)).find(({ sut }) => sut === report.sut);
    if (stored?.payloadDigest !== report.payloadDigest) throw error;
  }
}

async function makeReport(
  deps: ReportDeps,
  campaign: Campaign,
  { sut, runs }: { sut: string; runs: readonly Run[] },
): Promise<StoredReport> {
  const fixed = await fixedAtFirstTry(deps, campaign, sut);
  const report = buildReport(await readReportInput(deps, campaign, { runs, issuedAt: fixed.issuedAt }));
  const { statement, files } = await sealReport(deps, report, fixed.secret);
  deps.log.info(
    { event: 'report.signed', campaignId: campaign.id, sut, digest: statement.digest },
    'report signed',
  );
  return {
    id: fixed.id,
    campaign: campaign.id,
    organisation: campaign.organisation,
    sut,
    revision: 1,
    payloadDigest: statement.digest,
    issuedAt: fixed.issuedAt,
    files,
  };
}

/** What must not change when a report is built again: its id, its time, and the secret its salts come from. */
async function fixedAtFirstTry(
  { store, clock, ids }: ReportDeps,
  campaign: Campaign,
  sut: string,
): Promise<{ id: string; issuedAt: Instant; secret: Uint8Array }> {
  const text = await store.setting(`report/${campaign.reference}/${sut}`, () =>
    JSON.stringify({ id: ids.next('report'), issuedAt: clock.now(), secret: ids.random(SALT_SECRET_BYTES) }),
  );
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value))
    throw new HarnessError('UNEXPECTED', `the setting of the report on ${sut} is unreadable`);
  const { id, issuedAt, secret } = value;
  if (typeof id !== 'string' || typeof issuedAt !== 'number' || typeof secret !== 'string') {
    throw new HarnessError('UNEXPECTED', `the setting of the report on ${sut} is unreadable`);
  }
  return { id, issuedAt: instant(issuedAt), secret: Buffer.from(secret, 'base64url') };
}

function bySut(runs: readonly Run[]): readonly (readonly Run[])[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = run.subjects.join('+');
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}
