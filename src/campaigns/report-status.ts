import { existing } from './advance-run.ts';
import type { Digests } from './digests.ts';
import type { EvidenceStore } from './ports.ts';
import type { Store, StoredReport } from './store-ports.ts';
import type { StatusChange, StoredStatus } from './report-orders.ts';
import { parseEnvelope, renderEnvelope } from '../attest/format/envelope.ts';
import { reportKey, type RevisionRef, renderStatus } from '../attest/format/status.ts';
import { parseStrictJson } from '../attest/format/strict-json.ts';
import { sha256 } from '../attest/sign/digests.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import { signStatement } from '../attest/sign/signer.ts';
import { type Instant, isoTime } from '../domain/ids.ts';
import { HarnessError, type Reason } from '../kernel/errors.ts';
import { isJsonObject, type Json } from '../kernel/json.ts';
import type { Result } from '../kernel/result.ts';

export interface StatusDeps {
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly digests: Digests;
  readonly keys: LabKeys;
}

export interface NewStatus {
  /** Id of the report that it is about. */
  readonly report: string;
  readonly op: StatusChange;
  readonly at: Instant;
  readonly reason: string;
  readonly replacedBy: RevisionRef | null;
}

const ENVELOPE = 'report.dsse.json';

/** Signs what became of a report, as the lab's system and its authorised signatory, and stores it; the first one stands. */
export async function storeStatus(deps: StatusDeps, status: NewStatus): Promise<StoredStatus> {
  const { store, evidence, digests, keys } = deps;
  const report = await existing(store.report(status.report), `report ${status.report}`);
  const known = (await store.reportStatuses(report.campaign)).find(
    (one) => one.report === report.id && one.op === status.op,
  );
  if (known !== undefined) return known;
  const payload = renderStatus({
    op: status.op,
    rk: await keyOf(deps, report),
    rev: report.revision,
    payload: report.payloadDigest,
    reason: status.reason,
    effective: isoTime(status.at),
    authorisedBy: authorisingKey(keys),
    ...(status.replacedBy === null ? {} : { replacedBy: status.replacedBy }),
  });
  const envelope = await signStatement(payload, keys.signers, { signal: new AbortController().signal });
  const bytes = renderEnvelope(envelope);
  const file = digests.ofBytes(bytes);
  await evidence.put(file, once(bytes));
  const { op, at, reason } = status;
  return store.putReportStatus({
    ...{ report: report.id, organisation: report.organisation, op, at, reason, file },
  });
}

/** Where the status of a report is in its bundle. */
export function statusFile(op: StatusChange): string {
  return `status/${op}.dsse.json`;
}

function authorisingKey({ signers }: LabKeys): string {
  const signer = signers.find(({ role }) => role === 'authorised-signatory');
  if (signer === undefined) throw new HarnessError('SIGN_KEY_UNUSABLE', 'nobody can authorise a status');
  return signer.keyid;
}

/** Taken from the signed bytes, which is what the status is about. */
async function keyOf({ evidence, keys }: StatusDeps, report: StoredReport): Promise<string> {
  const digest = report.files[ENVELOPE];
  if (digest === undefined) throw new HarnessError('NOT_FOUND', `report ${report.id} has no ${ENVELOPE}`);
  const { payload } = signed(parseEnvelope(await evidence.get(digest)));
  const { series, campaign } = headOf(signed(parseStrictJson(payload)));
  if (typeof series !== 'string' || typeof campaign !== 'string')
    throw new HarnessError('RECORD_INCONSISTENT', `report ${report.id} names no series`);
  return reportKey({ lab: keys.lab, campaign, series }, sha256);
}

/** What we signed ourselves can be read. */
function signed<T>(read: Result<T, Reason>): T {
  if (read.ok) return read.value;
  throw new HarnessError('RECORD_INCONSISTENT', `a stored report cannot be read: ${read.error.text}`);
}

function headOf(statement: Json): { readonly [name: string]: Json } {
  const predicate = isJsonObject(statement) ? statement['predicate'] : null;
  const head = isJsonObject(predicate) ? predicate['report'] : null;
  return isJsonObject(head) ? head : {};
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
