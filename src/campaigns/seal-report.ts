import type { Digests } from './digests.ts';
import type { EvidenceStore } from './ports.ts';
import { makeSalts, sha256 } from '../attest/sign/digests.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import { signStatement } from '../attest/sign/signer.ts';
import type { Envelope } from '../attest/format/envelope.ts';
import type { Digest } from '../domain/ids.ts';
import { renderReportBundle } from '../reports/bundle.ts';
import { oranTestResults } from '../reports/oran/results.ts';
import type { Report } from '../reports/report.ts';
import { type RenderedStatement, renderStatement } from '../reports/statement.ts';
import { renderTestResult } from '../reports/test-result.ts';

export interface SealDeps {
  readonly evidence: EvidenceStore;
  readonly digests: Digests;
  readonly keys: LabKeys;
}

export interface SealedReport {
  readonly statement: RenderedStatement;
  /** Name of each file of the bundle and the digest of its bytes in the evidence store. */
  readonly files: Readonly<Record<string, Digest>>;
}

/** Signs a report and stores every file of its bundle. @param secret what the salts come from */
export async function sealReport(
  { evidence, digests, keys }: SealDeps,
  report: Report,
  secret: Uint8Array,
): Promise<SealedReport> {
  const statement = renderStatement(report, { sha256, saltFor: makeSalts(secret) });
  const { signal } = new AbortController();
  const envelope = await signStatement(statement.bytes, keys.signers, { signal });
  const testResult = await signTestResult(statement, keys, { signal });
  const oran = oranTestResults(report, sha256);
  const files: Record<string, Digest> = {};
  for (const [name, bytes] of renderReportBundle({ report, statement, envelope, testResult, oran })) {
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

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
