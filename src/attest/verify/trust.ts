import { createPublicKey, type KeyObject } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';
import { isLabName, type KeyEntry, MAX_KEYS_BYTES, parseKeys, TSA_FOLDER } from '../format/keys.ts';
import { sha256 } from './digest.ts';

export interface TrustedKey extends KeyEntry {
  readonly lab: string;
  readonly key: KeyObject;
}

/** The keys somebody has decided to trust, by keyid. A key belongs to one lab only. */
export type Trust = ReadonlyMap<string, TrustedKey>;

const MAX_LABS = 256;
const MAX_KEYS = 1024;

/**
 * Reads a trust folder: `<lab>/keys.json`, with the same keys as `<lab>/<keyid>.pem` beside it for other tools.
 * `NOT_FOUND` when there is no folder; `VERIFY_TRUST_INVALID` when anything in it is not as it should be.
 */
export async function readTrust(dir: string): Promise<Trust> {
  const trust = new Map<string, TrustedKey>();
  const labs = await listLabs(dir);
  if (labs.length > MAX_LABS) throw broken(dir, `has more than ${MAX_LABS} labs`);
  for (const lab of labs) {
    for (const key of await readLab(join(dir, lab), lab)) {
      const other = trust.get(key.keyid);
      if (other !== undefined) throw broken(dir, `gives one key to ${other.lab} and to ${lab}`);
      trust.set(key.keyid, key);
      if (trust.size > MAX_KEYS) throw broken(dir, `has more than ${MAX_KEYS} keys`);
    }
  }
  if (trust.size === 0) throw broken(dir, 'has no key in it');
  return trust;
}

/** Makes entries of a lab usable. `VERIFY_TRUST_INVALID` when one is not a key of the algorithm it says. */
export function trustKeys(lab: string, keys: readonly KeyEntry[]): readonly TrustedKey[] {
  return keys.map((entry) => ({ ...entry, lab, key: openKey(lab, entry) }));
}

async function listLabs(dir: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    const labs = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .filter((name) => name !== TSA_FOLDER);
    const odd = labs.find((name) => !isLabName(name));
    if (odd !== undefined)
      throw broken(dir, `has a folder ${JSON.stringify(odd)}, which is no name of a lab`);
    return labs.sort();
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError('NOT_FOUND', `${dir} is not a folder of trusted keys`, { cause });
  }
}

async function readLab(dir: string, lab: string): Promise<readonly TrustedKey[]> {
  const parsed = parseKeys(await readCapped(join(dir, 'keys.json')), sha256);
  if (!parsed.ok) throw broken(dir, parsed.error.text);
  const keys = trustKeys(lab, parsed.value);
  for (const { keyid, key } of keys) {
    const pem = openPem(dir, keyid, await readCapped(join(dir, `${keyid}.pem`)));
    if (!pem.equals(key)) throw broken(dir, `${keyid}.pem is another key than keys.json has under that name`);
  }
  const known = new Set(keys.map(({ keyid }) => `${keyid}.pem`));
  const stray = (await readdir(dir)).find((name) => name.endsWith('.pem') && !known.has(name));
  if (stray !== undefined) throw broken(dir, `has ${JSON.stringify(stray)}, which keys.json does not list`);
  return keys;
}

async function readCapped(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_KEYS_BYTES) throw broken(path, `is larger than ${MAX_KEYS_BYTES} bytes`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError('VERIFY_TRUST_INVALID', `${path} cannot be read`, { cause });
  }
}

function openKey(lab: string, { keyid, spki, alg }: KeyEntry): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new HarnessError('VERIFY_TRUST_INVALID', `key ${keyid} of ${lab} is not a public key`, { cause });
  }
  const found = key.asymmetricKeyType === 'ed25519' ? 'ed25519' : curveAlgorithm(key);
  if (found !== alg) throw broken(lab, `key ${keyid} is not of algorithm ${alg}`);
  return key;
}

function curveAlgorithm(key: KeyObject): string | undefined {
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ecdsa-p256-sha256' : undefined;
}

function openPem(dir: string, keyid: string, bytes: Uint8Array): KeyObject {
  try {
    return createPublicKey(Buffer.from(bytes));
  } catch (cause) {
    throw new HarnessError('VERIFY_TRUST_INVALID', `${dir}/${keyid}.pem is not a public key`, { cause });
  }
}

function broken(where: string, what: string): HarnessError {
  return new HarnessError('VERIFY_TRUST_INVALID', `${where} ${what}`);
}
