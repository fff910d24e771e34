import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';
import { isLabName, type KeyEntry, keyidOf, parseKeys, renderKeys, USE_FOR_ROLE } from '../format/keys.ts';
import { sha256 } from './digests.ts';
import { checkPrivate, hasCode, replaceFile } from './key-files.ts';
import { LAB_ROLES, type LabRole, spkiOf } from './signer.ts';
import { parseTokenKey, type TokenKey } from './token-key.ts';

/** Where the private half of a key is: in a file, or on a token that a file points to. */
export type PrivatePart = {
  readonly role: LabRole;
  readonly keyid: string;
  readonly path: string;
  /** Replaced by a newer key: signs nothing but what names it. */
  readonly retired: boolean;
} & ({ readonly key: KeyObject } | { readonly token: TokenKey });

/**
 * The keys of one lab: `keys.json` (public halves, never removed), `lab` (its name) and, readable by the owner only,
 * `<role>….key.pem` (PKCS #8) or `<role>….pkcs11.json` ({@link TokenKey}); those that were replaced lie in `retired/`.
 */
export interface KeyFolder {
  readonly dir: string;
  /** `null` when the folder does not say. */
  readonly lab: string | null;
  readonly entries: readonly KeyEntry[];
  readonly parts: readonly PrivatePart[];
  /** `keys.json` as it was read. */
  readonly keysBytes: Uint8Array;
}

export const KEYS_FILE = 'keys.json';
export const LAB_FILE = 'lab';
export const RETIRED = 'retired';
const PART = /^(?<role>lab-system|authorised-signatory)(?:\.[0-9a-f]{16})?\.(?:key\.pem|pkcs11\.json)$/u;

/** `NOT_FOUND` when there is no folder; `SIGN_KEY_UNUSABLE` when anything in it is not fit for signing. */
export async function readKeyFolder(dir: string): Promise<KeyFolder> {
  await checkFolder(dir);
  const keysBytes = await readKeys(dir);
  const parsed = parseKeys(keysBytes, sha256);
  if (!parsed.ok) throw new HarnessError('SIGN_KEY_UNUSABLE', `${dir}: ${parsed.error.text}`);
  const parts = [...(await readParts(dir, false)), ...(await readParts(join(dir, RETIRED), true))];
  return { dir, lab: await readLab(dir), entries: parsed.value, parts, keysBytes };
}

/** Writes `keys.json` anew, unless somebody else did since the folder was read: `CONFLICT`. */
export async function replaceKeys(
  { dir, keysBytes }: KeyFolder,
  entries: readonly KeyEntry[],
): Promise<void> {
  if (!Buffer.from(await readKeys(dir)).equals(keysBytes))
    throw new HarnessError('CONFLICT', `somebody else changed ${join(dir, KEYS_FILE)} meanwhile`);
  await replaceFile(join(dir, KEYS_FILE), renderKeys(entries));
}

/** The newest key of a role that is valid at `now`; otherwise what is wrong with the newest. */
export function newestKey(
  { dir, entries }: Pick<KeyFolder, 'dir' | 'entries'>,
  role: LabRole,
  now: number,
): KeyEntry {
  const newestFirst = entries
    .filter(({ uses }) => uses.includes(USE_FOR_ROLE[role]))
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => b.entry.validFrom - a.entry.validFrom || b.index - a.index)
    .map(({ entry }) => entry);
  const valid = newestFirst.find((entry) => stateOf(entry, now) === 'valid');
  if (valid !== undefined) return valid;
  const [newest] = newestFirst;
  throw unusable(
    dir,
    role,
    newest === undefined ? 'is not in keys.json for that use' : WRONG[stateOf(newest, now)],
  );
}

export type KeyState = 'valid' | 'not-yet' | 'closed' | 'revoked';

const WRONG: Readonly<Record<KeyState, string>> = {
  valid: 'is valid',
  'not-yet': 'is not valid yet',
  closed: 'is not valid any more: `patchbay keys rotate`',
  revoked: 'is revoked: `patchbay keys rotate`',
};

export function stateOf({ revokedAt, validFrom, validTo }: KeyEntry, now: number): KeyState {
  if (revokedAt !== undefined) return 'revoked';
  if (now < validFrom) return 'not-yet';
  return now > validTo ? 'closed' : 'valid';
}

export function unusable(dir: string, role: LabRole, what: string): HarnessError {
  return new HarnessError('SIGN_KEY_UNUSABLE', `the ${role} key in ${dir} ${what}`);
}

async function checkFolder(dir: string): Promise<void> {
  try {
    await checkPrivate(dir);
  } catch (cause) {
    if (!(cause instanceof HarnessError) || cause.code !== 'NOT_FOUND') throw cause;
    throw new HarnessError('NOT_FOUND', `there are no keys at ${dir}`, { cause });
  }
}

async function readKeys(dir: string): Promise<Uint8Array> {
  try {
    return await readFile(join(dir, KEYS_FILE));
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT')) throw cause;
    throw new HarnessError('SIGN_KEY_UNUSABLE', `${join(dir, KEYS_FILE)} is missing`, { cause });
  }
}

async function readLab(dir: string): Promise<string | null> {
  try {
    const lab = (await readFile(join(dir, LAB_FILE), 'utf8')).trim();
    if (isLabName(lab)) return lab;
    throw new HarnessError('SIGN_KEY_UNUSABLE', `${join(dir, LAB_FILE)} holds no name of a lab`);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return null;
    throw cause;
  }
}

async function readParts(dir: string, retired: boolean): Promise<readonly PrivatePart[]> {
  const names = await listOrNothing(dir);
  const parts: PrivatePart[] = [];
  for (const name of [...names].sort()) {
    const role = LAB_ROLES.find((one) => one === PART.exec(name)?.groups?.['role']);
    if (role === undefined) continue;
    const path = join(dir, name);
    await checkPrivate(path);
    parts.push({ role, path, retired, ...(await readPart(path)) });
  }
  return parts;
}

async function readPart(
  path: string,
): Promise<{ readonly keyid: string } & ({ readonly key: KeyObject } | { readonly token: TokenKey })> {
  const bytes = await readFile(path);
  if (path.endsWith('.pkcs11.json')) {
    const token = parseTokenKey(bytes);
    if (!token.ok) throw new HarnessError('SIGN_KEY_UNUSABLE', `${path}: ${token.error}`);
    const { keyid } = token.value;
    if (keyid === undefined)
      throw new HarnessError('SIGN_KEY_UNUSABLE', `${path} has no keyid: \`patchbay keys adopt\` writes it`);
    return { keyid, token: token.value };
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(bytes);
  } catch (cause) {
    throw new HarnessError('SIGN_KEY_UNUSABLE', `${path} is not a private key`, { cause });
  }
  return { keyid: keyidOf(spkiOf(key), sha256), key };
}

async function listOrNothing(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return [];
    throw cause;
  }
}
