import { beforeAll, describe, expect, it } from 'vitest';
import type { KeyEntry } from '../../../../src/attest/format/keys.ts';
import { T0 } from '../../../support/reports.ts';
import {
  aKey,
  aSignedReport,
  codeOf,
  NOW,
  sign,
  signChanged,
  type SignedReport,
  trustIn,
} from '../../../support/signed-report.ts';

let good: SignedReport;
beforeAll(async () => {
  good = await aSignedReport();
});

describe('the signatories', () => {
  it('must all have signed', async () => {
    for (const key of good.keys) {
      expect(codeOf(good, { envelope: await sign(good.rendered.bytes, [key]) })).toBe(
        'VERIFY_SIGNATURE_MISSING',
      );
    }
  });

  it('must use keys of their own lab', () => {
    const [system, signatory] = good.keys;
    const foreign = { ...system!, signer: { ...system!.signer, lab: 'lab-south' } };
    expect(codeOf(good, { trust: trustIn([foreign, signatory!]) })).toBe('VERIFY_KEY_OTHER_LAB');
  });

  it('must be known: a stranger who signs everything anew is refused', async () => {
    const strangers = [aKey('lab-north', 'lab-system'), aKey('lab-north', 'authorised-signatory')];
    expect(codeOf(good, { envelope: await sign(good.rendered.bytes, strangers) })).toBe(
      'VERIFY_NO_TRUSTED_SIGNATURE',
    );
  });

  it('may belong to several labs, and a co-signature that was taken away is missed', async () => {
    const third = aKey('lab-south', 'co-signing-lab');
    const keys = [...good.keys, third];
    const joint = await aSignedReport();
    const envelope = await signChanged({ ...joint, keys }, ({ predicate }) => {
      predicate.signatories = keys.map(({ signer: { lab, role, keyid } }) => ({
        lab,
        role,
        keyid,
        scope: ['*'],
      }));
      predicate.signaturePolicy = {
        labs: 2,
        roles: ['lab-system', 'authorised-signatory', 'co-signing-lab'],
      };
    });
    const trust = trustIn(keys);
    expect(codeOf(good, { envelope, trust })).toBe('accepted');
    const stripped = { ...envelope, signatures: envelope.signatures.slice(0, 2) };
    expect(codeOf(good, { envelope: stripped, trust })).toBe('VERIFY_SIGNATURE_MISSING');
  });

  it('of one lab cannot stand for two', async () => {
    const keys = [...good.keys, aKey('lab-north', 'co-signing-lab')];
    const envelope = await signChanged({ ...good, keys }, ({ predicate }) => {
      predicate.signatories = keys.map(({ signer: { lab, role, keyid } }) => ({
        lab,
        role,
        keyid,
        scope: ['*'],
      }));
      predicate.signaturePolicy.labs = 2;
    });
    expect(codeOf(good, { envelope, trust: trustIn(keys) })).toBe('VERIFY_LABS_TOO_FEW');
  });

  it.each<[string, string, Partial<KeyEntry>]>([
    ['VERIFY_KEY_NOT_VALID', 'not valid yet', { validFrom: T0 + 500_000 }],
    ['VERIFY_KEY_NOT_VALID', 'not valid any more', { validTo: T0 + 60_000 }],
    ['VERIFY_KEY_REVOKED', 'revoked before the report', { revokedAt: T0 }],
    ['VERIFY_KEY_REVOKED', 'revoked after the report, whose age nothing proves', { revokedAt: NOW }],
    ['VERIFY_KEY_USE', 'for another use', { uses: ['log'] }],
  ])('are refused with %s when a key is %s', (code, _, change) => {
    expect(codeOf(good, { trust: trustIn(good.keys, (entry) => ({ ...entry, ...change })) })).toBe(code);
  });
});
