import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderKeys, renderTrust } from '../../../../src/attest/format/keys.ts';
import { readTrust } from '../../../../src/attest/verify/trust.ts';
import { aKey } from '../../../support/signed-report.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trust-'));
});
afterEach(() => rm(dir, { recursive: true }));

const [one, two] = [aKey('lab-north', 'lab-system'), aKey('lab-north', 'authorised-signatory', 'ed25519')];
const json = (value: unknown): string => JSON.stringify(value);
const keys = (): Record<string, unknown>[] =>
  JSON.parse(new TextDecoder().decode(renderKeys([one.entry]))) as Record<string, unknown>[];

async function put(files: Iterable<readonly [string, Uint8Array | string]>): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), bytes);
  }
}

const pemOf = (key: typeof one): Uint8Array =>
  renderTrust('x', [key.entry]).get(`x/${key.entry.keyid}.pem`) ?? new Uint8Array();

describe('a trust folder', () => {
  it('gives back the keys that were written, of every lab', async () => {
    const other = aKey('lab-south', 'lab-system');
    await put(renderTrust('lab-north', [one.entry, two.entry]));
    await put(renderTrust('lab-south', [other.entry]));
    const trust = await readTrust(dir);
    expect([...trust.values()].map(({ lab, keyid, alg }) => [lab, keyid, alg])).toEqual([
      ['lab-north', one.entry.keyid, 'ecdsa-p256-sha256'],
      ['lab-north', two.entry.keyid, 'ed25519'],
      ['lab-south', other.entry.keyid, 'ecdsa-p256-sha256'],
    ]);
    expect(trust.get(two.entry.keyid)).toMatchObject(two.entry);
  });

  it('must be there', async () => {
    await expect(readTrust(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  const good = (): [string, Uint8Array | string][] => [...renderTrust('lab-north', [one.entry])];
  const withKeys = (value: unknown): [string, Uint8Array | string][] => [
    ...good(),
    ['lab-north/keys.json', json(value)],
  ];
  it.each<[string, () => [string, Uint8Array | string][]]>([
    ['is empty', () => []],
    ['has a lab without keys.json', () => [['lab-north/readme', 'x']]],
    ['has a folder that names no lab', () => [...good(), ['Lab North/keys.json', '[]']]],
    ['gives one key to two labs', () => [...good(), ...renderTrust('lab-south', [one.entry])]],
    [
      'has a .pem that keys.json does not list',
      () => [...good(), [`lab-north/${two.entry.keyid}.pem`, pemOf(two)]],
    ],
    ['has another key under a name', () => [...good(), [`lab-north/${one.entry.keyid}.pem`, pemOf(two)]]],
    ['has a .pem that is no key', () => [...good(), [`lab-north/${one.entry.keyid}.pem`, 'x']]],
    ['has a huge keys.json', () => [['lab-north/keys.json', ' '.repeat(2_000_000)]]],
    [
      'has a keys.json that is not JSON',
      () => withKeys(undefined).map(([path, bytes]) => [path, path.endsWith('json') ? '[' : bytes]),
    ],
    ['has a keys.json that is no list', () => withKeys({})],
    ['has 257 keys in one lab', () => withKeys(Array.from({ length: 257 }, () => keys()[0]))],
    ['has a key twice', () => withKeys([...keys(), ...keys()])],
    ['has a keyid that is not the digest', () => withKeys([{ ...keys()[0], keyid: '0'.repeat(64) }])],
    ['has an unknown member', () => withKeys([{ ...keys()[0], more: 1 }])],
    ['lacks a member', () => withKeys(keys().map(({ keyid, spki }) => ({ keyid, spki })))],
    ['has an algorithm nobody knows', () => withKeys([{ ...keys()[0], alg: 'rsa' }])],
    ['has a key of another algorithm', () => withKeys([{ ...keys()[0], alg: 'ed25519' }])],
    ['has a use nobody knows', () => withKeys([{ ...keys()[0], uses: ['anything'] }])],
    ['has no use', () => withKeys([{ ...keys()[0], uses: [] }])],
    ['has a time that is none', () => withKeys([{ ...keys()[0], validFrom: 'yesterday' }])],
    ['has times the wrong way round', () => withKeys([{ ...keys()[0], validTo: '2020-01-01T00:00:00Z' }])],
    ['has a revocation without a time', () => withKeys([{ ...keys()[0], revokedAt: true }])],
    ['says self-declared in words', () => withKeys([{ ...keys()[0], selfDeclared: 'yes' }])],
  ])('is refused when it %s', async (_, files) => {
    await put(files());
    await expect(readTrust(dir)).rejects.toMatchObject({ code: 'VERIFY_TRUST_INVALID' });
  });
});
