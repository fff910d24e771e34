import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';
import {
  isLabName,
  type KeyAlgorithm,
  type KeyEntry,
  keyidOf,
  parseKeys,
  renderKeys,
} from '../format/keys.ts';
import { USE_FOR_ROLE } from '../format/keys.ts';
import { sha256 } from './digests.ts';
import { algorithmOf, makeSigner, type Signer, spkiOf } from './signer.ts';

/** A report needs both. */
export const LAB_ROLES = ['lab-system', 'authorised-signatory'] as const;
type LabRole = (typeof LAB_ROLES)[number];

const KEY_LIFE_MS = 2 * 366 * 24 * 60 * 60 * 1000;
const OTHERS = 0o077;

/** The keys of one lab, ready to sign. */
export interface LabKeys {
  readonly lab: string;
  /** The lab's system, then its authorised signatory. */
  readonly signers: readonly Signer[];
  /** The public halves, as they go into the trust folder. */
  readonly keys: readonly KeyEntry[];
}

export interface NewLabKeys {
  readonly lab: string;
  /** The lab vouches for itself, as pre-flight and demo do; every verification says so. */
  readonly selfDeclared: boolean;
  /** Milliseconds since the epoch: the keys are valid from then on, for two years. */
  readonly now: number;
  readonly alg?: KeyAlgorithm;
}

/**
 * Makes a pair of signing keys in a new folder `dir` (mode 0700): `<role>.key.pem` (PKCS #8, mode 0600) and `keys.json`.
 * The folder appears complete or not at all; `ALREADY_EXISTS` when it is there.
 */
export async function makeLabKeys(dir: string, wanted: NewLabKeys): Promise<LabKeys> {
  if (!isLabName(wanted.lab)) {
    throw new HarnessError('INPUT_INVALID', `"${wanted.lab}" cannot name a lab in reports: a-z 0-9 . - only`);
  }
  const made = LAB_ROLES.map((role) => makeKey(role, wanted));
  await mkdir(dirname(dir), { recursive: true, mode: 0o700 });
  const draft = `${dir}.new-${randomBytes(8).toString('hex')}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    for (const { role, key } of made) {
      const pem = key.export({ type: 'pkcs8', format: 'pem' });
      await writeFile(join(draft, `${role}.key.pem`), pem, { mode: 0o600, flush: true });
    }
    await writeFile(join(draft, 'keys.json'), renderKeys(made.map(({ entry }) => entry)), { flush: true });
    await rename(draft, dir);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (!hasCode(cause, 'ENOTEMPTY', 'EEXIST')) throw cause;
    throw new HarnessError('ALREADY_EXISTS', `${dir} has keys already`, { cause });
  }
  return toLabKeys(wanted.lab, made);
}

/** Reads the keys that {@link makeLabKeys} made. `NOT_FOUND` when there are none, `SIGN_KEY_UNUSABLE` when they are not fit. */
export async function loadLabKeys(dir: string, lab: string, now: number): Promise<LabKeys> {
  await checkPrivate(dir);
  const parsed = parseKeys(await readFile(join(dir, 'keys.json')), sha256);
  if (!parsed.ok) throw new HarnessError('SIGN_KEY_UNUSABLE', `${dir}: ${parsed.error.text}`);
  const made: MadeKey[] = [];
  for (const role of LAB_ROLES) {
    const key = createPrivateKey(await readFile(join(dir, `${role}.key.pem`)));
    const keyid = keyidOf(spkiOf(key), sha256);
    const entry = parsed.value.find((one) => one.keyid === keyid && one.uses.includes(USE_FOR_ROLE[role]));
    if (entry === undefined) throw unusable(dir, role, 'is not in keys.json for that use');
    if (entry.revokedAt !== undefined) throw unusable(dir, role, 'is revoked');
    if (now < entry.validFrom || now > entry.validTo) throw unusable(dir, role, 'is not valid at this time');
    made.push({ role, key, entry });
  }
  return { ...toLabKeys(lab, made), keys: parsed.value };
}

/** The keys of the folder, made on first use. Two processes that start together end up with the same keys. */
export async function loadOrMakeLabKeys(dir: string, wanted: NewLabKeys): Promise<LabKeys> {
  try {
    return await loadLabKeys(dir, wanted.lab, wanted.now);
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'NOT_FOUND') throw error;
  }
  try {
    return await makeLabKeys(dir, wanted);
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'ALREADY_EXISTS') throw error;
    return loadLabKeys(dir, wanted.lab, wanted.now);
  }
}

interface MadeKey {
  readonly role: LabRole;
  readonly key: KeyObject;
  readonly entry: KeyEntry;
}

function makeKey(role: LabRole, { lab, alg = 'ecdsa-p256-sha256', selfDeclared, now }: NewLabKeys): MadeKey {
  const key =
    alg === 'ed25519'
      ? generateKeyPairSync('ed25519').privateKey
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  const spki = spkiOf(key);
  const entry: KeyEntry = {
    keyid: keyidOf(spki, sha256),
    spki,
    alg: algorithmOf(key),
    uses: [USE_FOR_ROLE[role]],
    holder: `${lab} ${role}`,
    validFrom: now,
    validTo: now + KEY_LIFE_MS,
    selfDeclared,
  };
  return { role, key, entry };
}

function toLabKeys(lab: string, made: readonly MadeKey[]): LabKeys {
  return {
    lab,
    signers: made.map(({ role, key }) => makeSigner(lab, role, key)),
    keys: made.map(({ entry }) => entry),
  };
}

async function checkPrivate(dir: string): Promise<void> {
  const paths = [dir, ...LAB_ROLES.map((role) => join(dir, `${role}.key.pem`))];
  for (const path of paths) {
    let mode: number;
    try {
      ({ mode } = await stat(path));
    } catch (cause) {
      if (!hasCode(cause, 'ENOENT')) throw cause;
      if (path === dir) throw new HarnessError('NOT_FOUND', `there are no keys at ${dir}`, { cause });
      throw new HarnessError('SIGN_KEY_UNUSABLE', `${path} is missing`, { cause });
    }
    if ((mode & OTHERS) !== 0)
      throw new HarnessError('SIGN_KEY_UNUSABLE', `others may open ${path}: chmod go= it`);
  }
}

function unusable(dir: string, role: LabRole, what: string): HarnessError {
  return new HarnessError('SIGN_KEY_UNUSABLE', `the ${role} key in ${dir} ${what}`);
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
