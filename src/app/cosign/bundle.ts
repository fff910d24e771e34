import { isUtf8 } from 'node:buffer';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { orThrow } from './files.ts';
import { readAtMost } from '../../attest/verify/read-at-most.ts';
import {
  type Envelope,
  MAX_ENVELOPE_BYTES,
  parseEnvelope,
  renderEnvelope,
  renderEnvelopeLine,
} from '../../attest/format/envelope.ts';
import { renderSigstoreBundles } from '../../attest/format/sigstore-bundle.ts';
import { replaceFile } from '../../attest/sign/key-files.ts';
import { HarnessError } from '../../kernel/errors.ts';

const ENVELOPE = 'report.dsse.json';
const TEST_RESULT = 'test-result.intoto.jsonl';
const SIGSTORE = 'sigstore';
/** The report, and what was derived from it. */
const MAX_LINES_BYTES = 2 * MAX_ENVELOPE_BYTES;
const utf8 = new TextEncoder();

/**
 * Puts a report with more signatures into its bundle: the envelope, and what holds signatures of it besides. Each file is
 * replaced whole and the envelope last; killed in between, the same once more makes the same bundle. `COSIGN_FOREIGN_PAYLOAD`,
 * before anything is written, when the bundle is that of another report. Returns the path of the envelope.
 */
export async function replaceInBundle(dir: string, envelope: Envelope): Promise<string> {
  const testResult = await withReportLine(join(dir, TEST_RESULT), envelope);
  await replaceSigstore(join(dir, SIGSTORE), envelope);
  await replaceFile(join(dir, TEST_RESULT), testResult);
  await replaceFile(join(dir, ENVELOPE), renderEnvelope(envelope));
  return join(dir, ENVELOPE);
}

/** The lines of the file with that of this report anew; what was derived from it stays, byte for byte. */
async function withReportLine(path: string, envelope: Envelope): Promise<string> {
  const bytes = await readAtMost(path, MAX_LINES_BYTES);
  if (bytes.length > MAX_LINES_BYTES)
    throw new HarnessError('INPUT_TOO_LARGE', `${path} is larger than ${MAX_LINES_BYTES} bytes`);
  if (!isUtf8(bytes)) throw new HarnessError('INPUT_INVALID', `${path} is not UTF-8`);
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const isReport = (line: string): boolean =>
    line !== '' &&
    Buffer.compare(orThrow(parseEnvelope(utf8.encode(line)), path).payload, envelope.payload) === 0;
  const own = lines.findIndex(isReport);
  if (own < 0) throw new HarnessError('COSIGN_FOREIGN_PAYLOAD', `${path} is about another report`);
  return lines.with(own, renderEnvelopeLine(envelope).trimEnd()).join('\n');
}

/** One file for each signature, and none of a signature that is no longer there. */
async function replaceSigstore(dir: string, envelope: Envelope): Promise<void> {
  const bundles = renderSigstoreBundles(envelope);
  for (const [name, bytes] of bundles) await replaceFile(join(dir, name), bytes);
  for (const name of await readdir(dir)) {
    if (name.includes('.sigstore.json') && !bundles.has(name)) await rm(join(dir, name));
  }
}
