import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderKeys } from '../../../../src/attest/format/keys.ts';
import {
  loadLabKeys,
  loadOrMakeLabKeys,
  makeLabKeys,
  type NewLabKeys,
} from '../../../../src/attest/sign/lab-keys.ts';
import { makeSalts } from '../../../../src/attest/sign/digests.ts';
import { T0 } from '../../../support/reports.ts';

let root: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keys-'));
  dir = join(root, 'signing', 'lab-north');
});
afterEach(() => rm(root, { recursive: true }));

const wanted: NewLabKeys = { lab: 'lab-north', selfDeclared: true, now: T0 };
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('the keys of a lab', () => {
  it('are made once, closed to others, and load again', async () => {
    const made = await makeLabKeys(dir, wanted);
    expect(made.signers.map(({ role, alg }) => [role, alg])).toEqual([
      ['lab-system', 'ecdsa-p256-sha256'],
      ['authorised-signatory', 'ecdsa-p256-sha256'],
    ]);
    expect(await modeOf(dir)).toBe('700');
    expect(await modeOf(join(dir, 'lab-system.key.pem'))).toBe('600');
    expect(await readdir(join(root, 'signing'))).toEqual(['lab-north']);
    const loaded = await loadLabKeys(dir, { lab: 'lab-north', now: T0 });
    expect(loaded.keys).toEqual(made.keys);
    expect(loaded.signers.map(({ keyid }) => keyid)).toEqual(made.signers.map(({ keyid }) => keyid));
  });

  it('may be Ed25519', async () => {
    const { signers } = await makeLabKeys(dir, { ...wanted, alg: 'ed25519' });
    expect(signers.map(({ alg }) => alg)).toEqual(['ed25519', 'ed25519']);
    expect((await loadLabKeys(dir, { lab: 'lab-north', now: T0 })).signers).toHaveLength(2);
  });

  it('are not made over others', async () => {
    await makeLabKeys(dir, wanted);
    await expect(makeLabKeys(dir, wanted)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await readdir(join(root, 'signing'))).toEqual(['lab-north']);
  });

  it('are the same for two that start together', async () => {
    const both = await Promise.all([loadOrMakeLabKeys(dir, wanted), loadOrMakeLabKeys(dir, wanted)]);
    expect(both[0].keys.map(({ keyid }) => keyid)).toEqual(both[1].keys.map(({ keyid }) => keyid));
  });

  it.each(['Lab', 'a/b', '..', 'a_b', ''])('need a name that a report can carry, not %j', async (lab) => {
    await expect(makeLabKeys(dir, { ...wanted, lab })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('are asked for by NOT_FOUND when there are none', async () => {
    await expect(loadLabKeys(dir, { lab: 'lab-north', now: T0 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it.each<[string, (dir: string) => Promise<void>]>([
    ['others may open the folder', (folder) => chmod(folder, 0o755)],
    ['others may read a key', (folder) => chmod(join(folder, 'lab-system.key.pem'), 0o644)],
    ['a key is gone', (folder) => rm(join(folder, 'lab-system.key.pem'))],
    ['keys.json is damaged', (folder) => writeFile(join(folder, 'keys.json'), '[')],
    ['keys.json lists other keys', (folder) => writeFile(join(folder, 'keys.json'), '[]')],
    ['a key is revoked', revokeAll],
  ])('are unusable when %s', async (_, spoil) => {
    await makeLabKeys(dir, wanted);
    await spoil(dir);
    await expect(loadLabKeys(dir, { lab: 'lab-north', now: T0 })).rejects.toMatchObject({
      code: 'SIGN_KEY_UNUSABLE',
    });
  });

  it('are unusable after their time', async () => {
    await makeLabKeys(dir, wanted);
    const later = T0 + 3 * 366 * 86_400_000;
    await expect(loadLabKeys(dir, { lab: 'lab-north', now: later })).rejects.toMatchObject({
      code: 'SIGN_KEY_UNUSABLE',
    });
  });
});

async function revokeAll(folder: string): Promise<void> {
  const { keys } = await loadLabKeys(folder, { lab: 'lab-north', now: T0 });
  await writeFile(join(folder, 'keys.json'), renderKeys(keys.map((key) => ({ ...key, revokedAt: T0 }))));
}

describe('salts', () => {
  const saltFor = makeSalts(new Uint8Array(32).fill(1));

  it('are the same for the same place and differ between places and secrets', () => {
    expect(saltFor('a')).toMatch(/^[A-Za-z0-9_-]{22}$/u);
    expect(saltFor('a')).toBe(makeSalts(new Uint8Array(32).fill(1))('a'));
    expect(new Set([saltFor('a'), saltFor('b'), makeSalts(new Uint8Array(32).fill(2))('a')]).size).toBe(3);
  });

  it('need a secret worth the name', () => {
    expect(() => makeSalts(new Uint8Array(15))).toThrow(RangeError);
  });
});
