import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Envelope, renderEnvelope } from '../../src/attest/format/envelope.ts';
import { type KeyEntry, USE_FOR_ROLE } from '../../src/attest/format/keys.ts';
import { type ReportStatus, reportKey } from '../../src/attest/format/status.ts';
import type { SignatoryRole, Statement } from '../../src/attest/format/statement.ts';
import { algorithmOf, makeSigner, type Signer, signStatement, spkiOf } from '../../src/attest/sign/signer.ts';
import type { TimestampInput } from '../../src/attest/verify/times.ts';
import { type Trust, trustKeys } from '../../src/attest/verify/trust.ts';
import { type Verification, verifyReport } from '../../src/attest/verify/verify.ts';
import { renderReportBundle } from '../../src/reports/bundle.ts';
import { describeReport } from '../../src/reports/document/document.ts';
import { buildReport } from '../../src/reports/report.ts';
import type { ReportInput, ReportSignatory } from '../../src/reports/input.ts';
import { type RenderedStatement, renderStatement } from '../../src/reports/statement.ts';
import { renderTestResult } from '../../src/reports/test-result.ts';
import { anInput, T0, tools } from './reports.ts';

export interface TestKey {
  readonly signer: Signer;
  readonly entry: KeyEntry;
  readonly key: KeyObject;
}

export interface SignedReport {
  readonly keys: readonly TestKey[];
  readonly trust: Trust;
  readonly rendered: RenderedStatement;
  readonly envelope: Envelope;
}

export const NOW = T0 + 600_000;
const never = new AbortController().signal;

export function aKey(lab: string, role: SignatoryRole, alg: 'p256' | 'ed25519' = 'p256'): TestKey {
  const { privateKey } =
    alg === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const signer = makeSigner(lab, role, key);
  const entry: KeyEntry = {
    keyid: signer.keyid,
    spki: spkiOf(key),
    alg: algorithmOf(key),
    uses: [USE_FOR_ROLE[role]],
    holder: `${lab} ${role}`,
    validFrom: T0 - 1000,
    validTo: T0 + 1_000_000_000,
    selfDeclared: false,
  };
  return { signer, entry, key };
}

export function signatoryOf({ signer, entry }: TestKey): ReportSignatory {
  const { lab, role, keyid } = signer;
  return { lab, role, keyid, scope: ['*'], holder: entry.holder, selfDeclared: entry.selfDeclared };
}

export function trustIn(
  keys: readonly TestKey[],
  change: (entry: KeyEntry) => KeyEntry = (one) => one,
): Trust {
  return new Map(
    keys.flatMap(({ signer, entry }) =>
      trustKeys(signer.lab, [change(entry)]).map((key) => [key.keyid, key] as const),
    ),
  );
}

export async function sign(payload: Uint8Array, keys: readonly TestKey[]): Promise<Envelope> {
  return signStatement(
    payload,
    keys.map(({ signer }) => signer),
    { signal: never },
  );
}

/** A sound report with its two signatures. */
export async function aSignedReport(changes: Partial<ReportInput> = {}): Promise<SignedReport> {
  const keys = [aKey('lab-north', 'lab-system'), aKey('lab-north', 'authorised-signatory', 'ed25519')];
  const input = anInput({ signatories: keys.map(signatoryOf), ...changes });
  const rendered = renderStatement(buildReport(input), tools);
  return { keys, trust: trustIn(keys), rendered, envelope: await sign(rendered.bytes, keys) };
}

/** A report that a second lab has co-signed; P-256 and Ed25519 mixed. */
export async function aJointReport(): Promise<SignedReport> {
  const lead = await aSignedReport();
  const keys = [...lead.keys, aKey('lab-south', 'co-signing-lab')];
  const input = anInput({ signatories: keys.map(signatoryOf) });
  const rendered = renderStatement(buildReport(input), tools);
  return { keys, trust: trustIn(keys), rendered, envelope: await sign(rendered.bytes, keys) };
}

export function aStatus(changes: Partial<ReportStatus> = {}): ReportStatus {
  return {
    op: 'withdraw',
    rk: 'd'.repeat(64),
    rev: 1,
    payload: 'a'.repeat(64),
    reason: 'the clock of the testbed was wrong',
    effective: new Date(T0 + 300_000).toISOString(),
    authorisedBy: 'e'.repeat(64),
    ...changes,
  };
}

/** What a lab hands over for {@link aSignedReport}. */
export async function aBundle(
  { keys, rendered, envelope }: SignedReport,
  changes: Partial<ReportInput> = {},
): Promise<ReadonlyMap<string, Uint8Array>> {
  const report = buildReport(anInput({ signatories: keys.map(signatoryOf), ...changes }));
  const testResult = await sign(renderTestResult(rendered), keys.slice(0, 1));
  return renderReportBundle({
    report,
    statement: rendered,
    envelope,
    testResult,
    document: describeReport(report, { payloadSha256: rendered.digest }),
    pdf: new TextEncoder().encode('%PDF-1.7'),
  });
}

/** A statement about this very report, authorised by its signatory. */
export function aStatusOf(report: SignedReport, changes: Partial<ReportStatus> = {}): ReportStatus {
  const { predicate } = JSON.parse(new TextDecoder().decode(report.rendered.bytes)) as Statement;
  const name = { ...predicate.report, lab: predicate.issuer.lab };
  const signatory = report.keys.find(({ signer }) => signer.role === 'authorised-signatory');
  return aStatus({
    rk: reportKey(name, tools.sha256),
    payload: report.rendered.digest,
    authorisedBy: signatory?.signer.keyid ?? '',
    ...changes,
  });
}

/** The same statement with a mistake in it, properly signed. */
export async function signChanged(
  { rendered, keys }: SignedReport,
  change: (statement: DeepMutable<Statement>) => void,
): Promise<Envelope> {
  const statement = JSON.parse(new TextDecoder().decode(rendered.bytes)) as DeepMutable<Statement>;
  change(statement);
  return sign(new TextEncoder().encode(JSON.stringify(statement)), keys);
}

export type DeepMutable<T> = T extends object ? { -readonly [K in keyof T]: DeepMutable<T[K]> } : T;

/** What a test changes about the verification of a sound report. */
export interface Given {
  readonly bytes?: Uint8Array;
  readonly envelope?: Envelope;
  readonly trust?: Trust;
  readonly disclosures?: unknown;
  readonly statuses?: readonly Uint8Array[];
  readonly timestamps?: TimestampInput;
  readonly now?: number;
  readonly awaiting?: (lab: string) => boolean;
}

export function check(good: SignedReport, given: Given = {}): Verification {
  const { bytes, envelope = good.envelope, trust = good.trust, disclosures, now = NOW } = given;
  const { statuses, timestamps, awaiting } = given;
  return verifyReport({
    envelopeBytes: bytes ?? renderEnvelope(envelope),
    trust,
    now,
    ...(awaiting === undefined ? {} : { awaiting }),
    ...(disclosures === undefined
      ? {}
      : { disclosures: [new TextEncoder().encode(JSON.stringify(disclosures))] }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(timestamps === undefined ? {} : { timestamps }),
  });
}

/** The reason code of a refusal, or `accepted`. */
export function codeOf(good: SignedReport, given: Given = {}): string {
  const verification = check(good, given);
  return verification.status === 'refused' ? verification.reasons[0].code : 'accepted';
}

/** The envelope as JSON, changed. */
export function edited(good: SignedReport, change: (json: Record<string, unknown>) => void): Uint8Array {
  const text = new TextDecoder().decode(renderEnvelope(good.envelope));
  const json = JSON.parse(text) as Record<string, unknown>;
  change(json);
  return new TextEncoder().encode(JSON.stringify(json));
}

export function addSignature(json: Record<string, unknown>, signature: object): void {
  (json['signatures'] as object[]).push(signature);
}
