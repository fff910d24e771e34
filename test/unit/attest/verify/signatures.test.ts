import { beforeAll, describe, expect, it } from 'vitest';
import type { KeyEntry } from '../../../../src/attest/format/keys.ts';
import { buildReport } from '../../../../src/reports/report.ts';
import { renderStatement } from '../../../../src/reports/statement.ts';
import { anInput, T0, tools } from '../../../support/reports.ts';
import {
  aKey,
  aSignedReport,
  check,
  codeOf,
  NOW,
  sign,
  signatoryOf,
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

  it('that co-sign may be waited for, and nobody else may', async () => {
    const third = aKey('lab-south', 'co-signing-lab');
    const [system, signatory] = good.keys;
    const keys = [system!, signatory!, third];
    const joint = renderStatement(buildReport(anInput({ signatories: keys.map(signatoryOf) })), tools);
    const awaiting = (lab: string): boolean => lab === 'lab-south';
    const trust = trustIn(keys);
    const byLead = await sign(joint.bytes, [system!, signatory!]);
    expect(codeOf(good, { envelope: byLead, trust })).toBe('VERIFY_SIGNATURE_MISSING');
    expect(check(good, { envelope: byLead, trust, awaiting })).toMatchObject({
      status: 'accepted',
      signers: [{ role: 'lab-system' }, { role: 'authorised-signatory' }],
      awaited: [{ lab: 'lab-south', role: 'co-signing-lab' }],
    });
    expect(codeOf(good, { envelope: byLead, trust, awaiting: () => false })).toBe('VERIFY_SIGNATURE_MISSING');
    const all = await sign(joint.bytes, keys);
    expect(check(good, { envelope: all, trust, awaiting })).toMatchObject({
      status: 'accepted',
      awaited: [],
    });
    const half = await sign(joint.bytes, [system!, third]);
    expect(codeOf(good, { envelope: half, trust, awaiting: () => true })).toBe('VERIFY_SIGNATURE_MISSING');
  });

  it('that are waited for do not lower what the report demands of the others', async () => {
    const third = aKey('lab-south', 'co-signing-lab');
    const envelope = await signChanged(good, ({ predicate }) => {
      predicate.signatories = [...good.keys, third].map(({ signer: { lab, role, keyid } }) => ({
        ...{ lab, role, keyid },
        scope: ['*'],
      }));
      predicate.signaturePolicy = { labs: 3, roles: ['lab-system', 'authorised-signatory'] };
    });
    expect(codeOf(good, { envelope, awaiting: () => true })).toBe('VERIFY_LABS_TOO_FEW');
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
