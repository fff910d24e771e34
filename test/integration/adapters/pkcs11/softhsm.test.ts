import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeTokens } from '../../../../src/adapters/pkcs11/tokens.ts';
import type { OpenToken, TokenSigner } from '../../../../src/attest/sign/token-key.ts';
import { hasSoftHsm, openSoftHsm, type SoftHsm } from '../../../support/softhsm.ts';
import { T0 } from '../../../support/reports.ts';
import { ACCEPTED, issueReport, LEAD, openTwoLabs, patchbay, refusalOf } from '../../../support/two-labs.ts';
import { loadLabKeys } from '../../../../src/attest/sign/lab-keys.ts';
import { readTrust } from '../../../../src/attest/verify/trust.ts';
import { verifyReport } from '../../../../src/attest/verify/verify.ts';

const WHO = { lab: LEAD, role: 'lab-system' } as const;
const DATA = Buffer.from('DSSEv1 28 application/vnd.in-toto+json 2 {}');
const never = new AbortController().signal;

describe.skipIf(!hasSoftHsm)('a key on a PKCS#11 token (needs softhsm2 and openssl)', () => {
  let hsm: SoftHsm;
  let open: OpenToken;
  beforeAll(async () => {
    hsm = await openSoftHsm();
    open = makeTokens({ environment: { LAB_PIN: '1234', WRONG_PIN: '9999' } });
  });
  afterAll(() => hsm[Symbol.asyncDispose]());
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: T0 + 600_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const isBy = ({ alg, spki }: TokenSigner, signature: Uint8Array): boolean => {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return verify(alg === 'ed25519' ? null : 'sha256', DATA, key, signature);
  };

  it.each([
    ['ecdsa-p256-sha256', { label: 'system' }],
    ['ed25519', { label: 'signatory' }],
  ] as const)('signs with %s, and node:crypto and openssl verify it', async (alg, name) => {
    await using signer = await open(hsm.key(name), WHO);
    expect(signer.alg).toBe(alg);
    const signature = await signer.sign(DATA, { signal: never });
    expect(isBy(signer, signature)).toBe(true);
    const files = { sig: signature, data: DATA, der: Buffer.from(signer.spki) };
    for (const [file, bytes] of Object.entries(files)) await writeFile(join(hsm.dir, file), bytes);
    const raw = alg === 'ed25519' ? ['-rawin'] : ['-rawin', '-digest', 'sha256'];
    const said = execFileSync(
      'openssl',
      [...'pkeyutl -verify -pubin -keyform DER -inkey der -sigfile sig -in data'.split(' '), ...raw],
      { cwd: hsm.dir, encoding: 'utf8' },
    );
    expect(said).toContain('Signature Verified Successfully');
  });

  it('is found by its id, and its PIN in the environment', async () => {
    const { label, ...rest } = hsm.key({ id: 'a1', pin: { env: 'LAB_PIN' } });
    expect(label).toBe('system');
    await using signer = await open(rest, WHO);
    expect(isBy(signer, await signer.sign(DATA, { signal: never }))).toBe(true);
  });

  it('signs for many at once, and two keys share one module', async () => {
    await using system = await open(hsm.key(), WHO);
    const signatory = await open(hsm.key({ label: 'signatory' }), WHO);
    const signatures = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? system : signatory).sign(DATA, { signal: new AbortController().signal }),
      ),
    );
    expect(signatures.every((one, index) => isBy(index % 2 === 0 ? system : signatory, one))).toBe(true);
    await signatory[Symbol.asyncDispose]();
    expect(isBy(system, await system.sign(DATA, { signal: never }))).toBe(true);
  });

  it('can be stopped: whoever aborts waits no longer, and the next signature is sound', async () => {
    await using signer = await open(hsm.key(), WHO);
    const stop = new AbortController();
    const stopped = signer.sign(DATA, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    await expect(signer.sign(DATA, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
      'before',
    );
    expect(isBy(signer, await signer.sign(DATA, { signal: never }))).toBe(true);
  });

  it.each([
    ['a wrong PIN', () => hsm.key({ pin: { env: 'WRONG_PIN' } }), 'HSM_PIN_REFUSED'],
    ['a PIN that is nowhere', () => hsm.key({ pin: { env: 'NO_PIN' } }), 'HSM_PIN_REFUSED'],
    ['a PIN file that is not there', () => hsm.key({ pin: { file: '/nowhere/pin' } }), 'HSM_PIN_REFUSED'],
    ['a key that is not there', () => hsm.key({ label: 'nobody' }), 'HSM_KEY_MISSING'],
    ['a token that is not there', () => hsm.key({ token: 'other' }), 'HSM_TOKEN_MISSING'],
    ['a module that is not there', () => hsm.key({ module: '/nowhere/p11.so' }), 'HSM_MODULE_UNUSABLE'],
    ['a library that is no module', () => hsm.key({ module: 'libc.so.6' }), 'HSM_MODULE_UNUSABLE'],
  ])('is refused with %s, and others open as before', async (_, key, code) => {
    await expect(open(key(), WHO)).rejects.toMatchObject({ code });
    await using signer = await open(hsm.key(), WHO);
    expect(isBy(signer, await signer.sign(DATA, { signal: never }))).toBe(true);
  });

  it('is refused when others may read its PIN', async () => {
    const { pin } = hsm.key();
    const file = 'file' in pin ? pin.file : '';
    await chmod(file, 0o644);
    await expect(open(hsm.key(), WHO)).rejects.toMatchObject({ code: 'HSM_PIN_REFUSED' });
    await chmod(file, 0o600);
  });

  it('is adopted by a lab, which then signs its reports with it', async () => {
    const dir = join(hsm.dir, 'north');
    const keys = join(dir, 'keys');
    await patchbay('keys', 'init', '--lab', LEAD, '--dir', keys);
    const config = join(hsm.dir, 'signatory.json');
    await writeFile(config, JSON.stringify({ ...hsm.key({ label: 'signatory' }), pin: { file: 'pin' } }));
    const adopt = ['keys', 'adopt', config, '--role', 'authorised-signatory', '--overlap', '0', '--remove'];
    expect(await refusalOf(...adopt, '--dir', keys)).toBe(ACCEPTED);
    expect((await patchbay('keys', 'list', '--dir', keys)).stdout).toMatch(
      /authorised-signatory\s+valid\s+token/u,
    );
    await patchbay('keys', 'export', '--dir', keys, '--out', join(dir, 'trust'));
    const report = await issueReport(dir, [], { openToken: open });
    expect(
      verifyReport({
        envelopeBytes: await readFile(join(report, 'report.dsse.json')),
        trust: await readTrust(join(dir, 'trust')),
        now: Date.now(),
      }).status,
    ).toBe('accepted');
    await expect(loadLabKeys(keys, { lab: LEAD, now: Date.now() })).rejects.toMatchObject({
      code: 'SIGN_KEY_UNUSABLE',
    });
  });

  it('co-signs the report of another lab', async () => {
    await using labs = await openTwoLabs();
    const keys = join(labs.south, 'keys');
    const config = join(hsm.dir, 'system.json');
    await writeFile(config, JSON.stringify(hsm.key()));
    const adopt = ['keys', 'adopt', config, '--role', 'lab-system', '--dir', keys];
    expect(await refusalOf(...adopt)).toBe(ACCEPTED);
    for (const lab of [labs.north, labs.south])
      await patchbay('keys', 'export', '--dir', keys, '--out', join(lab, 'trust'));
    expect(await labs.sign(await labs.request())).toBe(ACCEPTED);
    expect(await labs.merge()).toBe(ACCEPTED);
    expect(await labs.verify()).toBe(ACCEPTED);
  });

  // The last one: it takes the token away.
  it('signs no more when its token is gone, and says so', async () => {
    const signer = await open(hsm.key(), WHO);
    await rm(hsm.tokens, { recursive: true });
    const signing = signer.sign(DATA, { signal: never });
    await expect(signing).rejects.toMatchObject({ code: expect.stringMatching(/^HSM_/u) as string });
    await signer[Symbol.asyncDispose]();
    await expect(open(hsm.key(), WHO)).rejects.toMatchObject({
      code: expect.stringMatching(/^HSM_/u) as string,
    });
  });
});
