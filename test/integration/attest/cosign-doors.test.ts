import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { T0 } from '../../support/reports.ts';
import {
  ACCEPTED,
  ALL,
  type Change,
  CO_SIGNER,
  edit,
  issueReport,
  LEAD,
  openTwoLabs,
  PART,
  patchbay,
  put,
  refusalOf,
  type TwoLabs,
} from '../../support/two-labs.ts';

let fresh: TwoLabs;
let labs: TwoLabs;
const atNow = () => vi.useFakeTimers({ toFake: ['Date'], now: T0 + 600_000 });
beforeAll(async () => {
  atNow();
  fresh = await openTwoLabs();
});
afterAll(() => fresh[Symbol.asyncDispose]());
beforeEach(async () => {
  atNow();
  labs = await fresh.copy();
});
afterEach(async () => {
  vi.useRealTimers();
  await labs[Symbol.asyncDispose]();
});

describe('the lab that is to co-sign', () => {
  it.each<[string, string, Change]>([
    [
      'a count that is wrong',
      '1 VERIFY_COUNTS',
      ({ predicate }) => {
        predicate.outcome.counts.pass += 1;
      },
    ],
    [
      'a finding that its records do not make',
      '1 COSIGN_VERDICT',
      ({ predicate: { cases, outcome } }) => {
        const one = cases.find(([number]) => number === 'a1-producer:A1-003');
        if (one !== undefined) one[2] = 'pass';
        outcome.counts.fail -= 1;
        outcome.counts.pass += 1;
        outcome.result = 'PASS';
      },
    ],
    [
      'a scope with a case that is not there',
      '1 COSIGN_NOT_DISCLOSED',
      ({ predicate }) => predicate.signatories[2]?.scope.push('case:a1-producer:A1-999'),
    ],
  ])('refuses %s, and does not sign it', async (_, code, change) => {
    const file = await labs.request(ALL, change);
    expect(await labs.check(file)).toBe(code);
    expect(await labs.sign(file)).toBe(code);
    await expect(stat(labs.sig)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses to speak for what it was not shown', async () => {
    const file = await labs.request();
    await edit(file, (json: { disclosures: unknown[] }) => json.disclosures.pop());
    expect(await labs.check(file)).toBe('1 COSIGN_NOT_DISCLOSED');
    expect(await labs.sign(file)).toBe('1 COSIGN_NOT_DISCLOSED');
  });

  it.each<[string, string, (json: Record<string, never>) => void]>([
    [
      'another version',
      '1 COSIGN_FILE_INVALID',
      (json) => Object.assign(json, { apiVersion: 'patchbay/v2' }),
    ],
    ['an unknown member', '1 COSIGN_FILE_INVALID', (json) => Object.assign(json, { also: 1 })],
    ['another lab', '1 COSIGN_NOT_SIGNATORY', (json) => Object.assign(json, { for: 'lab-west' })],
    ['no disclosures', '1 COSIGN_NOT_DISCLOSED', (json) => Object.assign(json, { disclosures: [] })],
    [
      'a foreign disclosure',
      '1 VERIFY_DISCLOSURE_MALFORMED',
      (json) => Object.assign(json, { disclosures: ['YWJj'] }),
    ],
  ])('refuses a request with %s', async (_, code, change) => {
    const file = await labs.request();
    await edit(file, change);
    expect(await labs.check(file)).toBe(code);
  });

  it('refuses what is no request, and knows a file that is not there from one that is wrong', async () => {
    expect(await labs.check(await put(join(labs.south, 'odd.json'), '{"a":1,"a":2}'))).toBe(
      '1 COSIGN_FILE_INVALID',
    );
    expect(await labs.check(join(labs.south, 'nowhere.json'))).toBe('2 NOT_FOUND');
    expect(await refusalOf('cosign', 'check', join(labs.south, 'odd.json'))).toBe('2 WRONG_USE');
  });

  it('refuses a lead that it does not trust', async () => {
    const file = await labs.request();
    await rm(join(labs.south, 'trust', LEAD), { recursive: true });
    expect(await labs.check(file)).toBe('1 VERIFY_NO_TRUSTED_SIGNATURE');
  });

  it.each([
    [
      'of another lab',
      () => labs.sign(join(labs.south, 'request.json'), join(labs.north, 'keys')),
      '1 COSIGN_NOT_SIGNATORY',
    ],
    [
      'of its signatory',
      () => labs.sign(join(labs.south, 'request.json'), undefined, '--key', 'authorised-signatory'),
      '1 COSIGN_NOT_SIGNATORY',
    ],
  ])('does not sign with a key %s', async (_, sign, code) => {
    await labs.request();
    expect(await sign()).toBe(code);
  });

  it('signs with the key that the report names, also when a newer one has come', async () => {
    const file = await labs.request();
    await patchbay('keys', 'rotate', '--role', 'lab-system', '--dir', join(labs.south, 'keys'));
    expect(await labs.sign(file)).toBe(ACCEPTED);
    expect(await labs.merge()).toBe(ACCEPTED);
  });

  it('does not sign with a key that is revoked', async () => {
    const file = await labs.request();
    const { keyid } = await labs.cosigner();
    await patchbay(
      ...['keys', 'revoke', keyid, '--at', new Date(Date.now()).toISOString()],
      ...['--reason', 'lost', '--dir', join(labs.south, 'keys')],
    );
    expect(await labs.sign(file)).toBe('2 SIGN_KEY_UNUSABLE');
  });
});

describe('the lead', () => {
  it('does not ask a lab that the report does not name', async () => {
    const report = await issueReport(labs.north, [await labs.cosigner()]);
    const out = join(labs.root, 'x.json');
    expect(await refusalOf('cosign', 'request', report, '--for', 'lab-west', '--out', out)).toBe(
      '1 COSIGN_NOT_SIGNATORY',
    );
    await rm(join(report, 'disclosures'), { recursive: true });
    expect(await refusalOf('cosign', 'request', report, '--for', CO_SIGNER, '--out', out)).toBe(
      '2 NOT_FOUND',
    );
  });

  it('does not merge a signature over another report, and leaves what is there', async () => {
    await labs.both();
    const before = await readFile(labs.merged);
    await issueReport(labs.north, [await labs.cosigner(PART)]);
    expect(await labs.merge()).toBe('1 COSIGN_FOREIGN_PAYLOAD');
    expect(await readFile(labs.merged)).toEqual(before);
  });

  it.each<[string, string, (json: { sig: string; lab: string }) => void]>([
    [
      'is damaged',
      '1 VERIFY_SIGNATURE_MISSING',
      (json) => (json.sig = Buffer.alloc(64, 1).toString('base64')),
    ],
    ['is of a lab that nobody asked', '1 COSIGN_NOT_SIGNATORY', (json) => (json.lab = 'lab-west')],
    ['is no base64', '1 COSIGN_FILE_INVALID', (json) => (json.sig = '%%')],
  ])('does not merge a signature that %s', async (_, code, change) => {
    await labs.sign(await labs.request());
    await edit(labs.sig, change);
    expect(await labs.merge()).toBe(code);
    await expect(stat(labs.merged)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not merge a signature by a key that it does not trust', async () => {
    await labs.sign(await labs.request());
    await rm(join(labs.north, 'trust', CO_SIGNER), { recursive: true });
    expect(await labs.merge()).toBe('1 VERIFY_KEY_UNKNOWN');
  });
});
