import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../src/kernel/json.ts';
import {
  type HomePrivateKey,
  type HomePublicKey,
  newPrivateKey,
  parsePrivateKey,
  publicKeyOf,
  type SuciProfile,
} from '../interfaces/aka/suci.ts';

/** A key of the home network of a simulator, and where its private half is. */
export interface HomeKeyFile {
  readonly profile: SuciProfile;
  readonly id: number;
  /** Hexadecimal. */
  readonly publicKey: string;
  readonly file: string;
}

const KEYS = [
  { profile: 'A', id: 1 },
  { profile: 'B', id: 2 },
] as const satisfies readonly Pick<HomeKeyFile, 'profile' | 'id'>[];

/** One key of each profile that nobody has seen, in files that only their owner may read. */
export async function writeHomeKeys(dir: string): Promise<readonly HomeKeyFile[]> {
  return Promise.all(
    KEYS.map(async ({ profile, id }) => {
      const file = join(dir, `home-network-${id}.json`);
      const privateKey = newPrivateKey();
      await writeFile(file, JSON.stringify({ privateKey: hex(privateKey) }), { mode: 0o600 });
      return { profile, id, publicKey: hex(publicKeyOf({ profile, privateKey })), file };
    }),
  );
}

/** What the IXIT says of them. @param whose who has which half: a network under test the private one, UEs under test the public one */
export function homeKeysForTester(keys: readonly HomeKeyFile[], whose: 'network' | 'ues'): readonly Json[] {
  return keys.map(({ profile, id, publicKey, file }) => ({
    ...{ id, profile },
    ...(whose === 'network' ? { publicKey } : { privateKey: { file } }),
  }));
}

/** @throws Error naming the file when it holds no key */
export async function readHomeKeys(keys: readonly HomeKeyFile[]): Promise<readonly HomePrivateKey[]> {
  return Promise.all(
    keys.map(async ({ profile, id, file }) => {
      const privateKey = parsePrivateKey(await readFile(file, 'utf8'));
      if (!privateKey.ok) throw new Error(`${file}: ${privateKey.error}`);
      return { profile, id, privateKey: privateKey.value };
    }),
  );
}

/** What a UE has of a key. */
export function usimHalf({ profile, id, publicKey }: HomeKeyFile): HomePublicKey {
  return { profile, id, publicKey: Uint8Array.from(Buffer.from(publicKey, 'hex')) };
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
