import { open, readdir } from 'node:fs/promises';
import { HarnessError } from '../../kernel/errors.ts';
import { MAX_ENVELOPE_BYTES } from '../format/envelope.ts';
import { MAX_STATUS_BYTES } from '../format/status.ts';
import { checkEvidence } from './evidence.ts';
import { readTrust } from './trust.ts';
import { refusedBy, type Verification, verifyReport } from './verify.ts';

export type { Accepted, Refused, Verification } from './verify.ts';

/** Where everything is that belongs to a report. */
export interface ReportFiles {
  /** The envelope: `report.dsse.json`. */
  readonly file: string;
  /** Folder of trusted keys. */
  readonly trust: string;
  readonly disclosures?: readonly string[];
  /** Status statements in their envelopes. */
  readonly statuses?: readonly string[];
  /** Folder that holds `sha256/ab/abcd…`. */
  readonly evidence?: string;
}

export interface VerifyOptions {
  /** Milliseconds since the epoch, by the clock of whoever verifies. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/**
 * Checks a report and what came with it, off line. Whatever is wrong with the report is a refusal with a reason code; a
 * file that is not there is `NOT_FOUND`, thrown.
 */
export async function verifyFiles(files: ReportFiles, { now, signal }: VerifyOptions): Promise<Verification> {
  const envelopeBytes = await readAtMost(files.file, MAX_ENVELOPE_BYTES + 1);
  const disclosures = await readEach(files.disclosures ?? [], MAX_ENVELOPE_BYTES + 1);
  const statuses = await readEach(files.statuses ?? [], MAX_STATUS_BYTES + 1);
  try {
    const trust = await readTrust(files.trust);
    const verification = verifyReport({ envelopeBytes, disclosures, statuses, trust, now });
    if (verification.status === 'refused' || files.evidence === undefined) return verification;
    return await checkEvidence(verification, await folder(files.evidence), { signal });
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'VERIFY_TRUST_INVALID') return refusedBy(error);
    throw error;
  }
}

async function readEach(paths: readonly string[], maxBytes: number): Promise<readonly Uint8Array[]> {
  return Promise.all(paths.map((path) => readAtMost(path, maxBytes)));
}

/** The first `maxBytes` of a file: enough to refuse one that is larger, however large it is. */
async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const chunks: Uint8Array[] = [];
    let left = maxBytes;
    for await (const chunk of handle.createReadStream({ end: maxBytes - 1 }) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      left -= chunk.length;
      if (left <= 0) break;
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new HarnessError('NOT_FOUND', `${path} cannot be read`, { cause });
  }
}

/** A folder that is not there is a mistake of whoever called, not evidence that is missing. */
async function folder(path: string): Promise<string> {
  try {
    await readdir(path);
    return path;
  } catch (cause) {
    throw new HarnessError('NOT_FOUND', `${path} is not a folder`, { cause });
  }
}
