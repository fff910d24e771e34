import type { SecretRef } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import {
  type HomePrivateKey,
  type HomePublicKey,
  parsePrivateKey,
  type SuciProfile,
} from '../../interfaces/aka/suci.ts';
import type { Bench } from '../procedure.ts';
import { isSecret, missing, type Product, unusable } from './ixit-values.ts';

/** A key of the home network: UEs of the tester need the public one of it, the tester as a network the private one. */
export interface HomeKeyRef {
  readonly profile: SuciProfile;
  readonly id: number;
  readonly publicKey: Uint8Array | null;
  readonly privateKey: SecretRef | null;
}

const WANTED = 'a list of {id, profile: A or B, publicKey: hexadecimal, privateKey: {file}}';
const HEX = { A: /^[0-9a-f]{64}$/iu, B: /^(?:0[23][0-9a-f]{64}|04[0-9a-f]{128})$/iu } as const;

/** `ng.homeNetworkKeys` of the IXIT, if it is there. @throws Blocked when it is not what it should be */
export function homeKeysIn(product: Product): readonly HomeKeyRef[] {
  const given = product.ixit['ng.homeNetworkKeys'] ?? [];
  const keys = Array.isArray(given) ? (given as readonly Json[]).map(keyIn) : [null];
  if (keys.includes(null)) throw missing(product, 'ng.homeNetworkKeys', WANTED);
  return keys.filter((key) => key !== null);
}

function keyIn(given: Json): HomeKeyRef | null {
  if (!isJsonObject(given)) return null;
  const { id, profile, publicKey, privateKey } = given;
  if ((profile !== 'A' && profile !== 'B') || typeof id !== 'number') return null;
  if (!Number.isInteger(id) || id < 0 || id > 0xff) return null;
  const isPublic = typeof publicKey === 'string' && HEX[profile].test(publicKey);
  if (publicKey !== undefined && !isPublic) return null;
  const secret = isJsonObject(privateKey) && isSecret(privateKey) ? privateKey : null;
  if (privateKey !== undefined && secret === null) return null;
  const octets = isPublic ? Uint8Array.from(Buffer.from(publicKey, 'hex')) : null;
  return { profile, id, publicKey: octets, privateKey: secret };
}

/** What UEs conceal themselves with: the first that has a public key. */
export function homePublicKey(keys: readonly HomeKeyRef[]): HomePublicKey | null {
  for (const { profile, id, publicKey } of keys) if (publicKey !== null) return { profile, id, publicKey };
  return null;
}

/** @throws Blocked when what is there are no keys */
export async function homePrivateKeys(
  bench: Pick<Bench, 'secret'>,
  keys: readonly HomeKeyRef[],
): Promise<readonly HomePrivateKey[]> {
  const read = keys.map(async ({ profile, id, privateKey: secret }) => {
    if (secret === null) return [];
    const privateKey = parsePrivateKey(await bench.secret(secret));
    if (privateKey.ok) return [{ profile, id, privateKey: privateKey.value }];
    throw unusable(`key ${id} in ixit ng.homeNetworkKeys cannot be used: ${privateKey.error}`);
  });
  return (await Promise.all(read)).flat();
}
