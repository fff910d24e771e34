import { dirname, resolve } from 'node:path';
import { readAtMost } from '../attest/verify/read-at-most.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { KeyAlgorithm, KeyEntry } from '../attest/format/keys.ts';
import { adoptKey, revokeKey, rotateKey } from '../attest/sign/key-changes.ts';
import {
  type KeyFolder,
  type KeyState,
  type PrivatePart,
  readKeyFolder,
  stateOf,
} from '../attest/sign/key-folder.ts';
import { makeLabKeys } from '../attest/sign/lab-keys.ts';
import type { LabRole } from '../attest/sign/signer.ts';
import { type OpenToken, parseTokenKey, type TokenKey } from '../attest/sign/token-key.ts';
import { exportTrust } from '../attest/sign/trust-folder.ts';

const MAX_CONFIG_BYTES = 64 * 1024;

/** A key of the registry, as people and programs look at it. */
export interface KeyView {
  readonly keyid: string;
  readonly uses: readonly string[];
  readonly alg: KeyAlgorithm;
  readonly state: KeyState;
  readonly validFrom: string;
  readonly validTo: string;
  readonly revokedAt: string | null;
  readonly revokeReason: string | null;
  readonly selfDeclared: boolean;
  /** Where the private half is; `retired` signs nothing but what names it. */
  readonly private: 'file' | 'token' | 'retired' | 'none';
}

export interface Keys {
  readonly lab: string;
  readonly dir: string;
  readonly keys: readonly KeyView[];
}

/** What `patchbay keys …` works on: the folder, and the lab when the folder does not say whose it is. */
export interface KeysAt {
  readonly dir: string;
  readonly lab?: string;
}

export async function initKeys(dir: string, lab: string, alg: KeyAlgorithm): Promise<Keys> {
  await using keys = await makeLabKeys(dir, { lab, alg, selfDeclared: false, now: Date.now() });
  return await listKeys({ dir, lab: keys.lab });
}

export async function listKeys(at: KeysAt): Promise<Keys> {
  const folder = await readKeyFolder(at.dir);
  return view(folder, labOf(folder, at));
}

export interface RotateOptions {
  readonly role: LabRole;
  readonly overlapMs: number;
  readonly remove: boolean;
  readonly alg?: KeyAlgorithm;
}

export async function rotateKeys(at: KeysAt, { role, overlapMs, remove, alg }: RotateOptions): Promise<Keys> {
  const lab = labOf(await readKeyFolder(at.dir), at);
  await rotateKey(
    at.dir,
    { lab, role, now: Date.now(), overlapMs, oldKey: remove ? 'remove' : 'retire' },
    alg,
  );
  return listKeys({ ...at, lab });
}

/** Signs with a key that is on a token from now on. @param config a file like `<role>.pkcs11.json`, without keyid */
export async function adoptKeys(
  at: KeysAt,
  config: string,
  { role, overlapMs, remove, openToken }: RotateOptions & { readonly openToken: OpenToken },
): Promise<Keys> {
  const lab = labOf(await readKeyFolder(at.dir), at);
  const token = parseTokenKey(await readAtMost(config, MAX_CONFIG_BYTES));
  if (!token.ok) throw new HarnessError('INPUT_INVALID', `${config}: ${token.error}`);
  const rotation = { lab, role, now: Date.now(), overlapMs, oldKey: remove ? 'remove' : 'retire' } as const;
  await adoptKey(at.dir, rotation, { token: resolved(token.value, dirname(config)), openToken });
  return listKeys({ ...at, lab });
}

/** The folder of keys stands elsewhere than the file that somebody wrote: paths in there are relative to that file. */
function resolved(token: TokenKey, from: string): TokenKey {
  const { pin } = token;
  return { ...token, pin: 'file' in pin ? { file: resolve(from, pin.file) } : pin };
}

export async function revokeKeys(
  at: KeysAt,
  keyid: string,
  { since, why }: { readonly since: number; readonly why: string },
): Promise<Keys> {
  await revokeKey(at.dir, keyid, { at: since, why, now: Date.now() });
  return listKeys(at);
}

/** Puts the public halves into a trust folder, and gives the paths below it. */
export async function exportKeys(at: KeysAt, out: string): Promise<readonly string[]> {
  const folder = await readKeyFolder(at.dir);
  return exportTrust(out, labOf(folder, at), folder.entries);
}

function labOf({ dir, lab }: KeyFolder, at: KeysAt): string {
  if (lab !== null && at.lab !== undefined && lab !== at.lab)
    throw new HarnessError('WRONG_USE', `${dir} holds the keys of ${lab}, not of ${at.lab}`);
  const found = lab ?? at.lab;
  if (found === undefined)
    throw new HarnessError('WRONG_USE', `${dir} does not say of which lab it is: --lab`);
  return found;
}

function view({ dir, entries, parts }: KeyFolder, lab: string): Keys {
  return { lab, dir, keys: entries.map((entry) => viewKey(entry, parts)) };
}

function viewKey(entry: KeyEntry, parts: readonly PrivatePart[]): KeyView {
  const { keyid, uses, alg, validFrom, validTo, revokedAt, revokeReason, selfDeclared } = entry;
  const part = parts.find((one) => one.keyid === keyid);
  return {
    keyid,
    uses,
    alg,
    state: stateOf(entry, Date.now()),
    validFrom: new Date(validFrom).toISOString(),
    validTo: new Date(validTo).toISOString(),
    revokedAt: revokedAt === undefined ? null : new Date(revokedAt).toISOString(),
    revokeReason: revokeReason ?? null,
    selfDeclared,
    private: part === undefined ? 'none' : part.retired ? 'retired' : 'key' in part ? 'file' : 'token',
  };
}
