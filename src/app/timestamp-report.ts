import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeHttpTimeStamper } from '../adapters/tsa-http/time-stamper.ts';
import { MAX_ENVELOPE_BYTES, parseEnvelope, type Signature } from '../attest/format/envelope.ts';
import { stampSignatures, timestampPath } from '../attest/sign/time-stamper.ts';
import { HarnessError } from '../kernel/errors.ts';

export interface TimestampRequest {
  /** The envelope of a report. */
  readonly file: string;
  /** URL of the authority, http or https. */
  readonly tsa: string;
  /** The bundle: `timestamps/` in it is written. */
  readonly out: string;
}

/**
 * Has each signature of a report time-stamped, except those that have been: the earliest time-stamp is the one that counts.
 * `TIMESTAMP_UNAVAILABLE` when the authority gives none; what it gave until then is kept.
 */
export async function timestampReport(
  { file, tsa, out }: TimestampRequest,
  { signal }: { readonly signal: AbortSignal },
): Promise<{ readonly written: readonly string[]; readonly kept: readonly string[] }> {
  const stamper = makeHttpTimeStamper({ url: checkUrl(tsa) });
  const [written, kept]: [string[], string[]] = [[], []];
  for (const signature of await readSignatures(file)) {
    const path = join(out, timestampPath(signature));
    if (await exists(path)) {
      kept.push(path);
      continue;
    }
    const [bytes] = (await stampSignatures([signature], stamper, { signal })).values();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes ?? new Uint8Array(), { flag: 'wx' });
    written.push(path);
  }
  return { written, kept };
}

function checkUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/u.test(new URL(text).protocol)) return text;
  throw new HarnessError('WRONG_USE', '--tsa is not an address that begins with http: or https:');
}

async function readSignatures(path: string): Promise<readonly Signature[]> {
  const envelope = parseEnvelope(await readCapped(path));
  if (envelope.ok) return envelope.value.signatures;
  throw new HarnessError(envelope.error.code, `${path}: ${envelope.error.text}`);
}

async function readCapped(path: string): Promise<Uint8Array> {
  let size: number;
  try {
    await using handle = await open(path);
    ({ size } = await handle.stat());
  } catch (cause) {
    throw new HarnessError('NOT_FOUND', `${path} cannot be read`, { cause });
  }
  if (size > MAX_ENVELOPE_BYTES)
    throw new HarnessError('INPUT_TOO_LARGE', `${path} is larger than any report`);
  return readFile(path);
}

async function exists(path: string): Promise<boolean> {
  try {
    await using handle = await open(path);
    return (await handle.stat()).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
