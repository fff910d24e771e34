import type { Digests } from './digests.ts';
import type { EvidenceStore, Pdf } from './ports.ts';
import { readExhibits } from './read-exhibits.ts';
import { makeSalts, sha256 } from '../attest/sign/digests.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import { signStatement } from '../attest/sign/signer.ts';
import { stampSignatures, type TimeStamper } from '../attest/sign/time-stamper.ts';
import type { Envelope } from '../attest/format/envelope.ts';
import type { Digest } from '../domain/ids.ts';
import { renderReportBundle } from '../reports/bundle.ts';
import { deadline } from '../kernel/deadline.ts';
import { describeReport, type ReportDocument } from '../reports/document/document.ts';
import type { Report } from '../reports/report.ts';
import { type RenderedStatement, renderStatement } from '../reports/statement.ts';
import { renderTestResult } from '../reports/test-result.ts';
import { renderTypst } from '../reports/typst/source.ts';

export interface SealDeps {
  readonly evidence: EvidenceStore;
  readonly digests: Digests;
  readonly keys: LabKeys;
  readonly pdf: Pdf;
  readonly stamper: TimeStamper | null;
}

export interface SealedReport {
  readonly statement: RenderedStatement;
  /** Name of each file of the bundle and the digest of its bytes in the evidence store. */
  readonly files: Readonly<Record<string, Digest>>;
}

/**
 * Signs a report, has the signatures time-stamped where there is an authority, and stores every file of the bundle. They
 * belong together: another try makes other signatures, and stamps of its own. `TIMESTAMP_UNAVAILABLE` when the authority
 * gives none. @param secret what the salts come from
 */
export async function sealReport(deps: SealDeps, report: Report, secret: Uint8Array): Promise<SealedReport> {
  const { evidence, digests, keys, stamper } = deps;
  const statement = renderStatement(report, { sha256, saltFor: makeSalts(secret) });
  const { signal } = new AbortController();
  const envelope = await signStatement(statement.bytes, keys.signers, { signal });
  const stamps = stamper === null ? [] : await stampSignatures(envelope.signatures, stamper, { signal });
  const testResult = await signTestResult(statement, keys, { signal });
  const exhibits = await readExhibits(evidence, report);
  const document = describeReport(report, { payloadSha256: statement.digest }, exhibits);
  const pdf = await renderPdf(deps.pdf, document, { signal });
  const bundle = renderReportBundle({ report, statement, envelope, testResult, document, pdf });
  const files: Record<string, Digest> = {};
  for (const [name, bytes] of [...bundle, ...stamps]) {
    const digest = digests.ofBytes(bytes);
    await evidence.put(digest, once(bytes));
    files[name] = digest;
  }
  return { statement, files };
}

/** What is derived from a report is vouched for by the lab's system alone. */
function signTestResult(
  statement: RenderedStatement,
  { signers }: LabKeys,
  { signal }: { readonly signal: AbortSignal },
): Promise<Envelope> {
  const system = signers.filter(({ role }) => role === 'lab-system');
  return signStatement(renderTestResult(statement), system, { signal });
}

/** Some seconds for a report of ordinary size; a long one takes its time. */
const PDF_LIMIT_MS = 300_000;

async function renderPdf(
  pdf: Pdf,
  document: ReportDocument,
  { signal }: { readonly signal: AbortSignal },
): Promise<Uint8Array> {
  using limit = deadline(signal, PDF_LIMIT_MS, 'setting the pages of a report');
  return await pdf.render(renderTypst(document), limit);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
