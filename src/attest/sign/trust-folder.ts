import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';
import { type KeyEntry, parseKeys, renderTrust } from '../format/keys.ts';
import { sha256 } from './digests.ts';
import { hasCode, replaceFile } from './key-files.ts';

/**
 * Writes the public halves of a lab's keys into a trust folder, for partners. Keys that are there already stay, and what is
 * closed or revoked there stays so; `keys.json` comes last, so that it never names a key whose file is not there.
 * @returns the paths below `out`
 */
export async function exportTrust(
  out: string,
  lab: string,
  keys: readonly KeyEntry[],
): Promise<readonly string[]> {
  const merged = mergeKeys(await keysOf(out, lab), keys);
  const files = [...renderTrust(lab, merged)];
  for (const [path, bytes] of files) await replaceFile(join(out, path), bytes);
  return files.map(([path]) => path);
}

/** All keys of both, each with the shorter of its lives. @param ours wins in everything else */
export function mergeKeys(theirs: readonly KeyEntry[], ours: readonly KeyEntry[]): readonly KeyEntry[] {
  const known = new Map(theirs.map((entry) => [entry.keyid, entry]));
  for (const entry of ours) known.set(entry.keyid, mergeKey(known.get(entry.keyid), entry));
  return [...known.values()].sort((a, b) => a.validFrom - b.validFrom);
}

function mergeKey(theirs: KeyEntry | undefined, ours: KeyEntry): KeyEntry {
  if (theirs === undefined) return ours;
  const earlier =
    theirs.revokedAt !== undefined && (ours.revokedAt === undefined || theirs.revokedAt < ours.revokedAt)
      ? theirs
      : ours;
  const { revokedAt, revokeReason } = earlier;
  return {
    ...ours,
    validTo: Math.max(ours.validFrom, Math.min(theirs.validTo, ours.validTo)),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(revokeReason === undefined ? {} : { revokeReason }),
  };
}

async function keysOf(out: string, lab: string): Promise<readonly KeyEntry[]> {
  const path = join(out, lab, 'keys.json');
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return [];
    throw cause;
  }
  const parsed = parseKeys(bytes, sha256);
  if (parsed.ok) return parsed.value;
  throw new HarnessError('VERIFY_TRUST_INVALID', `${path}: ${parsed.error.text}`);
}
