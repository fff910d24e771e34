import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { algorithmOfParams, spkiOfPoint, toDerSignature } from '../../../../src/adapters/pkcs11/ec.ts';
import { failure, returnName } from '../../../../src/adapters/pkcs11/return-values.ts';

describe('the public half of a key on a token', () => {
  const pairs = [
    ['ecdsa-p256-sha256', generateKeyPairSync('ec', { namedCurve: 'prime256v1' }), 65],
    ['ed25519', generateKeyPairSync('ed25519'), 32],
  ] as const;

  it.each(pairs)(
    '%s comes out as everybody else writes it, wrapped or bare',
    (alg, { publicKey }, length) => {
      const spki = publicKey.export({ type: 'spki', format: 'der' });
      const point = spki.subarray(spki.length - length);
      const wrapped = Buffer.concat([Buffer.from([0x04, length]), point]);
      for (const form of [point, wrapped])
        expect(Buffer.from(spkiOfPoint(alg, form) ?? []).equals(spki)).toBe(true);
      expect(createPublicKey({ key: spki, format: 'der', type: 'spki' }).equals(publicKey)).toBe(true);
      expect(spkiOfPoint(alg, point.subarray(1))).toBeUndefined();
    },
  );

  it('of another curve, or in compressed form, is not taken', () => {
    expect(algorithmOfParams(Buffer.from('06082a8648ce3d030107', 'hex'))).toBe('ecdsa-p256-sha256');
    expect(algorithmOfParams(Buffer.from('06032b6570', 'hex'))).toBe('ed25519');
    expect(algorithmOfParams(Buffer.from('130c656477617264733235353139', 'hex'))).toBe('ed25519');
    expect(algorithmOfParams(Buffer.from('06052b81040022', 'hex'))).toBeUndefined();
    expect(spkiOfPoint('ecdsa-p256-sha256', Buffer.alloc(65, 2))).toBeUndefined();
  });
});

describe('a signature of r and s', () => {
  it('verifies as DER, whatever zeros and high bits it begins with', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    for (let index = 0; index < 300; index += 1) {
      const data = Buffer.from([index & 0xff, index >> 8]);
      const raw = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verify('sha256', data, publicKey, toDerSignature(raw))).toBe(true);
    }
  });

  it.each([
    ['00'.repeat(31) + '01' + '00'.repeat(31) + '02', '3006020101020102'],
    ['80' + '00'.repeat(31) + '00'.repeat(31) + '7f', `302602210080${'00'.repeat(31)}02017f`],
  ])('has the shortest form: %s', (raw, der) => {
    expect(Buffer.from(toDerSignature(Buffer.from(raw, 'hex'))).toString('hex')).toBe(der);
  });
});

it('what a module returns has a name, and a code of ours', () => {
  expect(returnName(0xa0)).toBe('CKR_PIN_INCORRECT');
  expect(returnName(0x80000001)).toBe('CKR 0x80000001');
  expect(
    [0xa4, 0x102, 0x32, 0xe0, 0xb3, 0x60, 0x82, 0x05].map((value) => failure('C_Sign', value).code),
  ).toEqual([
    'HSM_PIN_REFUSED',
    'HSM_PIN_REFUSED',
    'HSM_TOKEN_MISSING',
    'HSM_TOKEN_MISSING',
    'HSM_TOKEN_MISSING',
    'HSM_KEY_MISSING',
    'HSM_KEY_MISSING',
    'HSM_FAILED',
  ]);
});
