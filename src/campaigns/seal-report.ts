import type { Digests } from './digests.ts';
import type { EvidenceStore } from './ports.ts';
import { makeSalts, sha256 } from '../attest/sign/digests.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import { signStatement } from '../attest/sign/signer.ts';
import type { Digest } from '../domain/ids.ts';
import { renderReportBundle } from '../reports/bundle.ts';
import type { Report } from '../reports/report.ts';
import { type RenderedStatement, renderStatement } from '../reports/statement.ts';

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
  const envelope = await signStatement(statement.bytes, keys.signers, {
    signal: new AbortController().signal,
  });
  const files: Record<string, Digest> = {};
  for (const [name, bytes] of renderReportBundle({ report, statement, envelope })) {
    const digest = digests.ofBytes(bytes);
    await evidence.put(digest, once(bytes));
    files[name] = digest;
  }
  return { statement, files };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
