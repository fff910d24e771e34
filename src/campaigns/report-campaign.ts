import type { Clock, EvidenceStore, Ids, Log, Store, StoredReport } from './ports.ts';
import type { Digests } from './digests.ts';
import { sha256, makeSalts } from '../attest/sign/digests.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import { signStatement } from '../attest/sign/signer.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { Equipment } from '../domain/equipment.ts';
import { type Digest, type Instant, instant } from '../domain/ids.ts';
import { holdOf, type Run } from '../domain/run.ts';
import { HarnessError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { renderReportBundle } from '../reports/bundle.ts';
import type { ReportedRun, ReportInput } from '../reports/input.ts';
import { buildReport, reportFolder } from '../reports/report.ts';
import { renderStatement } from '../reports/statement.ts';

export interface ReportDeps {
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digests: Digests;
  readonly keys: LabKeys;
  readonly version: string;
  readonly log: Log;
}

const SALT_SECRET_BYTES = 32;
/** What an orchestrator without a disciplined clock may claim of its time. */
const CLOCK = { source: 'system clock of the orchestrator', maxErrorMs: 1_000 };

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
  const input = await gather(deps, campaign, { runs, issuedAt: fixed.issuedAt });
  const report = buildReport(input);
  const statement = renderStatement(report, { sha256, saltFor: makeSalts(fixed.secret) });
  const envelope = await signStatement(statement.bytes, deps.keys.signers, {
    signal: new AbortController().signal,
  });
  const files: Record<string, Digest> = {};
  for (const [name, bytes] of renderReportBundle({ report, statement, envelope })) {
    const digest = deps.digests.ofBytes(bytes);
    await deps.evidence.put(digest, once(bytes));
    files[name] = digest;
  }
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

async function gather(
  { store, keys, version }: ReportDeps,
  campaign: Campaign,
  { runs, issuedAt }: { runs: readonly Run[]; issuedAt: Instant },
): Promise<ReportInput> {
  const reported: ReportedRun[] = [];
  let subjects: readonly Equipment[] = [];
  for (const run of runs) {
    const draft = await store.draft(run.id);
    subjects = draft.subjects;
    const hold = holdOf(run.life);
    const testbed = hold === null ? null : await store.testbed(hold.testbed);
    reported.push({
      run,
      plan: draft.plan,
      tools: draft.tools,
      records: await store.records(run.id),
      ...(testbed === null ? {} : { testbed: testbed.testbed }),
    });
  }
  return {
    lab: { id: keys.lab },
    campaign,
    subjects,
    runs: reported,
    signatories: signatories(keys),
    issuedAt,
    clock: CLOCK,
    harness: { name: 'Patchbay', version },
  };
}

function signatories({ signers, keys }: LabKeys): ReportInput['signatories'] {
  return signers.map(({ lab, role, keyid }) => {
    const entry = keys.find((key) => key.keyid === keyid);
    if (entry === undefined)
      throw new HarnessError('SIGN_KEY_UNUSABLE', `${keyid} is not in the key registry`);
    return {
      lab,
      role,
      keyid,
      scope: ['*'],
      holder: entry.holder,
      selfDeclared: entry.selfDeclared,
    };
  });
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

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
