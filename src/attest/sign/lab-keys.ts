import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';
import { Teardown } from '../../kernel/teardown.ts';
import {
  isLabName,
  type KeyAlgorithm,
  type KeyEntry,
  keyidOf,
  renderKeys,
  USE_FOR_ROLE,
} from '../format/keys.ts';
import type { SignatoryRole } from '../format/statement.ts';
import { sha256 } from './digests.ts';
import { hasCode, syncFolder } from './key-files.ts';
import {
  type KeyFolder,
  KEYS_FILE,
  LAB_FILE,
  newestKey,
  type PrivatePart,
  readKeyFolder,
  unusable,
} from './key-folder.ts';
import { LAB_ROLES, type LabRole, makeSigner, type Signer, spkiOf } from './signer.ts';
import type { OpenToken } from './token-key.ts';

const KEY_LIFE_MS = 2 * 366 * 24 * 60 * 60 * 1000;

/** The keys of one lab, ready to sign. Whoever loaded them disposes them: a token may hold a session. */
export interface LabKeys extends AsyncDisposable {
  readonly lab: string;
  /** The lab's system, then its authorised signatory. */
  readonly signers: readonly Signer[];
  /** The public halves, as they go into the trust folder. */
  readonly keys: readonly KeyEntry[];
}

export interface LoadLabKeys {
  readonly lab: string;
  /** Milliseconds since the epoch: keys have to be valid then. */
  readonly now: number;
  /** Without it, keys on tokens are `SIGN_KEY_UNUSABLE`. */
  readonly openToken?: OpenToken;
}

export interface NewLabKeys extends LoadLabKeys {
  /** The lab vouches for itself, as pre-flight and demo do; every verification says so. */
  readonly selfDeclared: boolean;
  readonly alg?: KeyAlgorithm;
}

/**
 * Makes a pair of signing keys, valid from now for two years, in a new folder `dir` (mode 0700): see {@link KeyFolder}.
 * The folder appears complete or not at all; `ALREADY_EXISTS` when it is there.
 */
export async function makeLabKeys(dir: string, wanted: NewLabKeys): Promise<LabKeys> {
  const { lab, selfDeclared, now, alg = 'ecdsa-p256-sha256' } = wanted;
  if (!isLabName(lab)) {
    throw new HarnessError('INPUT_INVALID', `"${lab}" cannot name a lab in reports: a-z 0-9 . - only`);
  }
  const made = LAB_ROLES.map((role) => {
    const key = makePrivateKey(alg);
    return { role, key, entry: entryFor(spkiOf(key), { lab, role, alg, now, selfDeclared }) };
  });
  await mkdir(dirname(dir), { recursive: true, mode: 0o700 });
  const draft = `${dir}.new-${randomBytes(8).toString('hex')}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    for (const { role, key } of made) {
      await writeFile(join(draft, `${role}.key.pem`), toPkcs8(key), { mode: 0o600, flush: true });
    }
    await writeFile(join(draft, LAB_FILE), `${lab}\n`, { flush: true });
    await writeFile(join(draft, KEYS_FILE), renderKeys(made.map(({ entry }) => entry)), { flush: true });
    await syncFolder(draft);
    await rename(draft, dir);
    await syncFolder(dirname(dir));
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (!hasCode(cause, 'ENOTEMPTY', 'EEXIST')) throw cause;
    throw new HarnessError('ALREADY_EXISTS', `${dir} has keys already`, { cause });
  }
  return {
    lab,
    signers: made.map(({ role, key }) => makeSigner(lab, role, key)),
    keys: made.map(({ entry }) => entry),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * Opens, for each role, the newest key that is valid now. `NOT_FOUND` when there is no folder, `SIGN_KEY_UNUSABLE` when a
 * key is not fit: an older one never steps in for it.
 */
export async function loadLabKeys(dir: string, wanted: LoadLabKeys): Promise<LabKeys> {
  const folder = await readKeyFolder(dir);
  checkLab(folder, wanted.lab);
  await using undo = new Teardown();
  const signers: Signer[] = [];
  for (const role of LAB_ROLES) {
    const { keyid } = newestKey(folder, role, wanted.now);
    const part = folder.parts.find((one) => one.role === role && one.keyid === keyid && !one.retired);
    if (part === undefined) throw unusable(dir, role, `${keyid.slice(0, 16)}… has no private half there`);
    signers.push(undo.use(await openPart(part, wanted)));
  }
  const owner = undo.move();
  return {
    lab: wanted.lab,
    signers,
    keys: folder.entries,
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

/** The keys of the folder, made on first use. Two processes that start together end up with the same keys. */
export async function loadOrMakeLabKeys(dir: string, wanted: NewLabKeys): Promise<LabKeys> {
  try {
    return await loadLabKeys(dir, wanted);
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'NOT_FOUND') throw error;
  }
  try {
    return await makeLabKeys(dir, wanted);
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'ALREADY_EXISTS') throw error;
    return loadLabKeys(dir, wanted);
  }
}

export function checkLab({ dir, lab }: KeyFolder, wanted: string): void {
  if (lab !== null && lab !== wanted)
    throw new HarnessError('SIGN_KEY_UNUSABLE', `${dir} holds the keys of ${lab}, not of ${wanted}`);
}

/** @param as another role that the key signs in, such as `co-signing-lab` */
export async function openPart(
  part: PrivatePart,
  { lab, openToken }: LoadLabKeys,
  as: SignatoryRole = part.role,
): Promise<Signer & AsyncDisposable> {
  if ('key' in part)
    return { ...makeSigner(lab, as, part.key), [Symbol.asyncDispose]: () => Promise.resolve() };
  if (openToken === undefined) {
    throw new HarnessError(
      'SIGN_KEY_UNUSABLE',
      `${part.path} is a key on a token, which cannot be opened here`,
    );
  }
  const signer = await openToken(part.token, { lab, role: part.role });
  if (signer.keyid === part.keyid) return { ...signer, role: as };
  await signer[Symbol.asyncDispose]();
  throw new HarnessError('SIGN_KEY_UNUSABLE', `the token has another key than ${part.path} says`);
}

export function makePrivateKey(alg: KeyAlgorithm): KeyObject {
  return alg === 'ed25519'
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
}

export function toPkcs8(key: KeyObject): string | Buffer {
  return key.export({ type: 'pkcs8', format: 'pem' });
}

/** A new entry of the registry, valid from now for two years. */
export function entryFor(
  spki: Uint8Array,
  {
    lab,
    role,
    alg,
    now,
    selfDeclared,
  }: {
    readonly lab: string;
    readonly role: LabRole;
    readonly alg: KeyAlgorithm;
    readonly now: number;
    readonly selfDeclared: boolean;
  },
): KeyEntry {
  return {
    keyid: keyidOf(spki, sha256),
    spki,
    alg,
    uses: [USE_FOR_ROLE[role]],
    holder: `${lab} ${role}`,
    validFrom: now,
    validTo: now + KEY_LIFE_MS,
    selfDeclared,
  };
}
