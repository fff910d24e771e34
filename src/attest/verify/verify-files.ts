import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';
import { MAX_ENVELOPE_BYTES } from '../format/envelope.ts';
import { MAX_STATUS_BYTES } from '../format/status.ts';
import { MAX_TIMESTAMP_BYTES } from '../format/timestamp.ts';
import { checkEvidence } from './evidence.ts';
import { readAtMost } from './read-at-most.ts';
import type { TimestampFile } from './times.ts';
import { makeTimestampOpener } from './timestamp.ts';
import { readTsaRoots } from './tsa-roots.ts';
import { readTrust } from './trust.ts';
import { refusedBy, type Verification, verifyReport } from './verify.ts';

export type { Accepted, Refused, Verification } from './verify.ts';

const MAX_TIMESTAMPS = 256;

/** Where everything is that belongs to a report. */
export interface ReportFiles {
  /** The envelope: `report.dsse.json`. */
  readonly file: string;
  /** Folder of trusted keys. */
  readonly trust: string;
  readonly disclosures?: readonly string[] | undefined;
  /** Status statements in their envelopes. */
  readonly statuses?: readonly string[] | undefined;
  /** Folder of RFC 3161 time-stamps, each a `.tsr` over one signature. */
  readonly timestamps?: string | undefined;
  /** Folder that holds `sha256/ab/abcd…`. */
  readonly evidence?: string | undefined;
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
  const envelopeBytes = await readAtMost(files.file, MAX_ENVELOPE_BYTES);
  const disclosures = await readEach(files.disclosures ?? [], MAX_ENVELOPE_BYTES);
  const statuses = await readEach(files.statuses ?? [], MAX_STATUS_BYTES);
  const stamps = files.timestamps === undefined ? [] : await readTimestamps(files.timestamps);
  try {
    const trust = await readTrust(files.trust);
    const timestamps = { files: stamps, open: makeTimestampOpener(await readTsaRoots(files.trust)) };
    const verification = verifyReport({ envelopeBytes, disclosures, statuses, timestamps, trust, now });
    if (verification.status === 'refused' || files.evidence === undefined) return verification;
    await listFolder(files.evidence);
    return await checkEvidence(verification, files.evidence, { signal });
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'VERIFY_TRUST_INVALID') return refusedBy(error);
    throw error;
  }
}

async function readTimestamps(dir: string): Promise<readonly TimestampFile[]> {
  const names = (await listFolder(dir)).filter((name) => name.endsWith('.tsr')).sort();
  if (names.length > MAX_TIMESTAMPS) {
    throw new HarnessError('INPUT_TOO_LARGE', `${dir} has more than ${MAX_TIMESTAMPS} time-stamps`);
  }
  const read = async (name: string): Promise<TimestampFile> => {
    return { name, bytes: await readAtMost(join(dir, name), MAX_TIMESTAMP_BYTES) };
  };
  return Promise.all(names.map(read));
}

async function readEach(paths: readonly string[], maxBytes: number): Promise<readonly Uint8Array[]> {
  return Promise.all(paths.map((path) => readAtMost(path, maxBytes)));
}

/** A folder that is not there is a mistake of whoever called, not something that is missing in the report. */
async function listFolder(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    throw new HarnessError('NOT_FOUND', `${path} is not a folder`, { cause });
  }
}
