import { HarnessError } from '../kernel/errors.ts';
import type { KeyAlgorithm, KeyEntry } from '../attest/format/keys.ts';
import { revokeKey, rotateKey } from '../attest/sign/key-changes.ts';
import {
  type KeyFolder,
  type KeyState,
  type PrivatePart,
  readKeyFolder,
  stateOf,
} from '../attest/sign/key-folder.ts';
import { makeLabKeys } from '../attest/sign/lab-keys.ts';
import type { LabRole } from '../attest/sign/signer.ts';
import { exportTrust } from '../attest/sign/trust-folder.ts';

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
