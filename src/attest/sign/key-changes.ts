import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';
import { type KeyAlgorithm, type KeyEntry, keyidOf, USE_FOR_ROLE } from '../format/keys.ts';
import { sha256 } from './digests.ts';
import { hasCode, syncFolder, writePrivate } from './key-files.ts';
import { type KeyFolder, readKeyFolder, replaceKeys, RETIRED } from './key-folder.ts';
import { checkLab, entryFor, makePrivateKey, toPkcs8 } from './lab-keys.ts';
import { type LabRole, spkiOf } from './signer.ts';
import { type OpenToken, renderTokenKey, type TokenKey } from './token-key.ts';

const MAX_REASON_CHARS = 500;

export interface Rotation {
  readonly lab: string;
  readonly role: LabRole;
  /** Milliseconds since the epoch: the new key is valid from then on. */
  readonly now: number;
  /** How long the old key stays valid, in milliseconds; 0 or more. */
  readonly overlapMs: number;
  /** What becomes of the old private half: kept in `retired/`, or gone. A key on a token stays on its token. */
  readonly oldKey: 'retire' | 'remove';
}

/** Rotates to a new key in a file. @param alg without it, the algorithm of the newest key of that role */
export async function rotateKey(
  dir: string,
  rotation: Rotation,
  alg?: KeyAlgorithm,
): Promise<readonly KeyEntry[]> {
  const folder = await readKeyFolder(dir);
  const before = lastOf(folder, rotation.role);
  const algorithm = alg ?? before?.alg ?? 'ecdsa-p256-sha256';
  const key = makePrivateKey(algorithm);
  const spki = spkiOf(key);
  return change(folder, rotation, { spki, alg: algorithm, file: 'key.pem', bytes: toPkcs8(key) });
}

/** Rotates to a key that is on a token already. The token is opened once, to see that it is there and what it is. */
export async function adoptKey(
  dir: string,
  rotation: Rotation,
  { token, openToken }: { readonly token: TokenKey; readonly openToken: OpenToken },
): Promise<readonly KeyEntry[]> {
  const folder = await readKeyFolder(dir);
  const { lab, role } = rotation;
  await using signer = await openToken(token, { lab, role });
  const { spki, alg, keyid } = signer;
  if (folder.entries.some((entry) => entry.keyid === keyid))
    throw new HarnessError('ALREADY_EXISTS', `${keyid} is in the registry already`);
  return await change(folder, rotation, {
    ...{ spki, alg, file: 'pkcs11.json' },
    bytes: renderTokenKey({ ...token, keyid }),
  });
}

/**
 * Revokes a key for good: what it signed from `at` on is not to be believed.
 * @param which its keyid, or the first eight digits or more of it
 * @param at when the key may have been lost, in milliseconds since the epoch; may be moved to earlier, never to later
 */
export async function revokeKey(
  dir: string,
  which: string,
  { at, why, now }: { readonly at: number; readonly why: string; readonly now: number },
): Promise<KeyEntry> {
  const folder = await readKeyFolder(dir);
  const found = folder.entries.filter(({ keyid }) => which.length >= 8 && keyid.startsWith(which));
  const [key] = found;
  if (key === undefined || found.length > 1)
    throw new HarnessError('NOT_FOUND', `${which} names ${found.length} keys of ${dir}`);
  if (why.length > MAX_REASON_CHARS)
    throw new HarnessError('INPUT_INVALID', `a reason has at most ${MAX_REASON_CHARS} characters`);
  if (at > now) throw new HarnessError('INPUT_INVALID', 'a key cannot be revoked at a time that is to come');
  if (key.revokedAt !== undefined && at > key.revokedAt) {
    throw new HarnessError(
      'INPUT_INVALID',
      'a key that is revoked may be revoked from earlier on, not later',
    );
  }
  const revoked: KeyEntry = { ...key, revokedAt: at, revokeReason: why };
  await replaceKeys(
    folder,
    folder.entries.map((entry) => (entry.keyid === key.keyid ? revoked : entry)),
  );
  return revoked;
}

interface NewPart {
  readonly spki: Uint8Array;
  readonly alg: KeyAlgorithm;
  readonly file: 'key.pem' | 'pkcs11.json';
  readonly bytes: string | Buffer;
}

/**
 * First the new private half, then `keys.json`, then the old half goes aside. Killed in between, the folder signs with the
 * old key or with the new one; a half that no registry knows harms nobody.
 */
async function change(folder: KeyFolder, rotation: Rotation, made: NewPart): Promise<readonly KeyEntry[]> {
  const { lab, role, now, overlapMs } = rotation;
  checkLab(folder, lab);
  const { spki, alg, file, bytes } = made;
  const selfDeclared = lastOf(folder, role)?.selfDeclared ?? false;
  const entry = entryFor(spki, { lab, role, alg, now, selfDeclared });
  await writePrivate(join(folder.dir, `${role}.${keyidOf(spki, sha256).slice(0, 16)}.${file}`), bytes);
  const closed = folder.entries.map((old) =>
    old.uses.includes(USE_FOR_ROLE[role]) ? close(old, now + overlapMs) : old,
  );
  const entries = [...closed, entry];
  await replaceKeys(folder, entries);
  await putAside(folder, rotation);
  return entries;
}

function close(old: KeyEntry, validTo: number): KeyEntry {
  return old.validTo <= validTo ? old : { ...old, validTo: Math.max(validTo, old.validFrom) };
}

async function putAside({ dir, parts }: KeyFolder, { role, oldKey }: Rotation): Promise<void> {
  const retired = join(dir, RETIRED);
  for (const part of parts) {
    if (part.role !== role || part.retired) continue;
    if (oldKey === 'remove') await rm(part.path);
    else {
      await makePrivateFolder(retired);
      const kind = 'key' in part ? 'key.pem' : 'pkcs11.json';
      await rename(part.path, join(retired, `${role}.${part.keyid.slice(0, 16)}.${kind}`));
      await syncFolder(retired);
    }
  }
  await syncFolder(dir);
}

async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw cause;
  }
}

function lastOf({ entries }: KeyFolder, role: LabRole): KeyEntry | undefined {
  return entries.findLast(({ uses }) => uses.includes(USE_FOR_ROLE[role]));
}
