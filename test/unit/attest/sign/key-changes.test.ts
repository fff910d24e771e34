import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderEnvelope } from '../../../../src/attest/format/envelope.ts';
import { type KeyEntry, parseKeys, renderKeys } from '../../../../src/attest/format/keys.ts';
import { adoptKey, revokeKey, rotateKey, type Rotation } from '../../../../src/attest/sign/key-changes.ts';
import { readKeyFolder, replaceKeys } from '../../../../src/attest/sign/key-folder.ts';
import { type LabKeys, loadLabKeys, makeLabKeys } from '../../../../src/attest/sign/lab-keys.ts';
import { signStatement } from '../../../../src/attest/sign/signer.ts';
import { exportTrust, mergeKeys } from '../../../../src/attest/sign/trust-folder.ts';
import { readTrust } from '../../../../src/attest/verify/trust.ts';
import { verifyReport } from '../../../../src/attest/verify/verify.ts';
import { buildReport } from '../../../../src/reports/report.ts';
import { renderStatement } from '../../../../src/reports/statement.ts';
import { anInput, T0, tools } from '../../../support/reports.ts';
import { aKey } from '../../../support/signed-report.ts';

const DAY_MS = 86_400_000;
const never = new AbortController().signal;

let root: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keys-'));
  dir = join(root, 'keys');
  await makeLabKeys(dir, { lab: 'lab-north', selfDeclared: false, now: T0 });
});
afterEach(() => rm(root, { recursive: true }));

const load = (now: number): Promise<LabKeys> => loadLabKeys(dir, { lab: 'lab-north', now });
const rotation = (changes: Partial<Rotation> = {}): Rotation => ({
  lab: 'lab-north',
  role: 'lab-system',
  now: T0 + 10 * DAY_MS,
  overlapMs: 5 * DAY_MS,
  oldKey: 'retire',
  ...changes,
});
const systemKey = async (now: number): Promise<string> => (await load(now)).signers[0]?.keyid ?? '';
/** Signs a report with whatever the folder signs with at that time. */
async function signAt(now: number): Promise<Uint8Array> {
  const keys = await load(now);
  const signatories = keys.signers.map(({ lab, role, keyid }) => ({
    ...{ lab, role, keyid },
    ...{ scope: ['*'], holder: role, selfDeclared: false },
  }));
  const { bytes } = renderStatement(buildReport(anInput({ signatories, issuedAt: now as never })), tools);
  return renderEnvelope(await signStatement(bytes, keys.signers, { signal: never }));
}
async function verdictOn(envelopeBytes: Uint8Array, now: number): Promise<string> {
  const trust = await readTrust(join(root, 'trust'));
  const { status, reasons } = verifyReport({ envelopeBytes, trust, now });
  return reasons[0]?.code ?? status;
}
const exportNow = async (): Promise<readonly string[]> =>
  exportTrust(join(root, 'trust'), 'lab-north', (await load(T0 + 11 * DAY_MS)).keys);

describe('a key that is rotated', () => {
  it('gives way to a new one at once, and stays valid for the overlap', async () => {
    const old = await systemKey(T0 + DAY_MS);
    const entries = await rotateKey(dir, rotation());
    expect(await systemKey(T0 + 11 * DAY_MS)).toBe(entries.at(-1)?.keyid);
    expect(entries.find(({ keyid }) => keyid === old)?.validTo).toBe(T0 + 15 * DAY_MS);
    expect(entries.map(({ uses }) => uses[0])).toEqual([
      'report-system',
      'authorised-signatory',
      'report-system',
    ]);
    expect(await readdir(join(dir, 'retired'))).toEqual([`lab-system.${old.slice(0, 16)}.key.pem`]);
    expect(((await stat(join(dir, 'retired'))).mode & 0o777).toString(8)).toBe('700');
  });

  it('leaves the reports that it signed as good as they were', async () => {
    const before = await signAt(T0 + DAY_MS);
    await rotateKey(dir, rotation());
    const after = await signAt(T0 + 11 * DAY_MS);
    await exportNow();
    for (const report of [before, after]) expect(await verdictOn(report, T0 + 400 * DAY_MS)).toBe('accepted');
  });

  it('signs nothing that is dated after its end', async () => {
    const late = await signAt(T0 + 20 * DAY_MS);
    await rotateKey(dir, rotation());
    await exportNow();
    expect(await verdictOn(late, T0 + 30 * DAY_MS)).toBe('VERIFY_KEY_NOT_VALID');
  });

  it('may be removed, and rotated again', async () => {
    await rotateKey(dir, rotation({ oldKey: 'remove' }), 'ed25519');
    await rotateKey(dir, rotation({ now: T0 + 12 * DAY_MS, oldKey: 'remove' }));
    const { signers, keys } = await load(T0 + 13 * DAY_MS);
    expect(signers.map(({ alg }) => alg)).toEqual(['ed25519', 'ecdsa-p256-sha256']);
    expect(keys).toHaveLength(4);
    expect((await readdir(dir)).filter((name) => name.endsWith('.pem'))).toHaveLength(2);
  });

  it('signs as before when the power fails after the new half was written and no more', async () => {
    const keysJson = await readFile(join(dir, 'keys.json'), 'utf8');
    const old = await systemKey(T0 + DAY_MS);
    await rotateKey(dir, rotation());
    const retired = `lab-system.${old.slice(0, 16)}.key.pem`;
    await rename(join(dir, 'retired', retired), join(dir, 'lab-system.key.pem'));
    await writeFile(join(dir, 'keys.json'), keysJson);
    expect(await systemKey(T0 + 11 * DAY_MS)).toBe(old);
    await rotateKey(dir, rotation({ now: T0 + 12 * DAY_MS }));
    expect(await systemKey(T0 + 13 * DAY_MS)).not.toBe(old);
  });

  it('signs with the new key when the power fails before the old half went aside', async () => {
    const old = await systemKey(T0 + DAY_MS);
    const entries = await rotateKey(dir, rotation());
    const retired = `lab-system.${old.slice(0, 16)}.key.pem`;
    await rename(join(dir, 'retired', retired), join(dir, 'lab-system.key.pem'));
    expect(await systemKey(T0 + 11 * DAY_MS)).toBe(entries.at(-1)?.keyid);
  });

  it('is not replaced by an older one when it is gone or revoked', async () => {
    const [, , fresh] = await rotateKey(dir, rotation());
    await revokeKey(dir, fresh?.keyid ?? '', { at: T0 + 11 * DAY_MS, why: 'lost', now: T0 + 12 * DAY_MS });
    await expect(load(T0 + 12 * DAY_MS)).rejects.toMatchObject({ code: 'SIGN_KEY_UNUSABLE' });
  });

  it('belongs to its lab', async () => {
    await expect(rotateKey(dir, rotation({ lab: 'lab-south' }))).rejects.toMatchObject({
      code: 'SIGN_KEY_UNUSABLE',
    });
    await expect(loadLabKeys(dir, { lab: 'lab-south', now: T0 })).rejects.toMatchObject({
      code: 'SIGN_KEY_UNUSABLE',
    });
  });
});

describe('a key that is revoked', () => {
  const revoke = async (at: number, which?: string): Promise<KeyEntry> =>
    revokeKey(dir, which ?? (await readKeys())[0]?.keyid ?? '', { at, why: 'stolen', now: T0 + 20 * DAY_MS });

  it('signs no more, and partners learn since when and why', async () => {
    const { keyid } = await revoke(T0 + DAY_MS);
    await expect(load(T0 + 2 * DAY_MS)).rejects.toMatchObject({ code: 'SIGN_KEY_UNUSABLE' });
    expect((await readKeys()).find((key) => key.keyid === keyid)).toMatchObject({
      revokedAt: T0 + DAY_MS,
      revokeReason: 'stolen',
    });
  });

  it('may be revoked from earlier on, never from later', async () => {
    const { keyid } = await revoke(T0 + 5 * DAY_MS);
    await expect(revoke(T0 + 6 * DAY_MS, keyid)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await revoke(T0 + 4 * DAY_MS, keyid.slice(0, 12));
    expect((await readKeys()).find((key) => key.keyid === keyid)?.revokedAt).toBe(T0 + 4 * DAY_MS);
  });

  it.each([
    ['a time to come', T0 + 21 * DAY_MS, undefined, 'INPUT_INVALID'],
    ['a key that is not there', T0, 'f'.repeat(64), 'NOT_FOUND'],
    ['too little of a keyid', T0, '', 'NOT_FOUND'],
  ])('is refused for %s', async (...[, at, which, code]) => {
    await expect(revoke(at, which)).rejects.toMatchObject({ code });
  });
});

async function readKeys(): Promise<readonly KeyEntry[]> {
  const parsed = parseKeys(await readFile(join(dir, 'keys.json')), tools.sha256);
  return parsed.ok ? parsed.value : [];
}

describe('a trust folder', () => {
  it('keeps what it has, and never brings a key back to life', () => {
    const [ours, theirs] = [aKey('lab-north', 'lab-system').entry, aKey('lab-north', 'lab-system').entry];
    const revoked = { ...ours, revokedAt: T0, revokeReason: 'lost', validTo: T0 + 5 };
    expect(mergeKeys([revoked, theirs], [ours])).toEqual(expect.arrayContaining([revoked, theirs]));
    expect(mergeKeys([ours], [revoked])).toEqual([revoked]);
  });

  it('takes the same keys twice without a change', async () => {
    const files = await exportNow();
    const before = await readFile(join(root, 'trust/lab-north/keys.json'));
    expect(await exportNow()).toEqual(files);
    expect(await readFile(join(root, 'trust/lab-north/keys.json'))).toEqual(before);
    expect((await readTrust(join(root, 'trust'))).size).toBe(2);
  });

  it('that is damaged is not written over', async () => {
    await exportNow();
    await writeFile(join(root, 'trust/lab-north/keys.json'), '[');
    await expect(exportNow()).rejects.toMatchObject({ code: 'VERIFY_TRUST_INVALID' });
  });
});

describe('a key on a token', () => {
  const token = { module: '/m.so', token: 'lab', label: 'system', pin: { file: '/pin' } };

  it('is adopted with its keyid, and opened when it is to sign', async () => {
    const { signer, entry } = aKey('lab-north', 'lab-system');
    const opened: string[] = [];
    const openToken = (key: { label?: string }) => {
      opened.push(`open ${key.label ?? ''}`);
      return Promise.resolve({
        ...signer,
        spki: entry.spki,
        [Symbol.asyncDispose]: () => Promise.resolve(void opened.push('close')),
      });
    };
    await adoptKey(dir, rotation(), { token, openToken });
    await expect(load(T0 + 11 * DAY_MS)).rejects.toMatchObject({ code: 'SIGN_KEY_UNUSABLE' });
    const keys = await loadLabKeys(dir, { lab: 'lab-north', now: T0 + 11 * DAY_MS, openToken });
    expect(keys.signers[0]?.keyid).toBe(signer.keyid);
    await keys[Symbol.asyncDispose]();
    expect(opened).toEqual(['open system', 'close', 'open system', 'close']);
    await expect(adoptKey(dir, rotation(), { token, openToken })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });

  it('that holds another key than before is not used', async () => {
    const [first, other] = [aKey('lab-north', 'lab-system'), aKey('lab-north', 'lab-system')];
    const opener =
      ({ signer, entry }: typeof first) =>
      () =>
        Promise.resolve({ ...signer, spki: entry.spki, [Symbol.asyncDispose]: () => Promise.resolve() });
    await adoptKey(dir, rotation(), { token, openToken: opener(first) });
    const wanted = { lab: 'lab-north', now: T0 + 11 * DAY_MS, openToken: opener(other) };
    await expect(loadLabKeys(dir, wanted)).rejects.toMatchObject({ code: 'SIGN_KEY_UNUSABLE' });
  });

  it('with its PIN in the file is refused', async () => {
    await writeFile(
      join(dir, 'lab-system.pkcs11.json'),
      JSON.stringify({ ...token, pin: '1234', keyid: 'a'.repeat(64) }),
      { mode: 0o600 },
    );
    await expect(load(T0 + DAY_MS)).rejects.toMatchObject({ code: 'SIGN_KEY_UNUSABLE' });
  });
});

it('somebody else who changed the registry meanwhile is not overruled', async () => {
  const folder = await readKeyFolder(dir);
  await writeFile(join(dir, 'keys.json'), renderKeys([]));
  await expect(replaceKeys(folder, folder.entries)).rejects.toMatchObject({ code: 'CONFLICT' });
});
