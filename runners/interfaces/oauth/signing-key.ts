import { createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';

import { HarnessError } from '../../../src/kernel/errors.ts';

/** What signs access tokens: a private key, its algorithm (RFC 7518 §3.1) and the id it has in the JWKS. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: 'ES256' | 'RS256';
  readonly privateKey: KeyObject;
}

/** A JSON Web Key Set with public keys only (RFC 7517 §5). */
export interface PublicKeySet {
  readonly keys: readonly JsonWebKey[];
}

export function makeSigningKey(kid: string): SigningKey {
  return {
    kid,
    algorithm: 'ES256',
    privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  };
}

/** The key in PEM (PKCS #8): P-256 signs ES256, RSA signs RS256. Throws `INPUT_INVALID` for everything else. */
export function readSigningKey(pem: string, kid: string): SigningKey {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch (cause) {
    throw new HarnessError('INPUT_INVALID', 'the signing key of the token issuer is no private key in PEM', {
      cause,
    });
  }
  if (privateKey.asymmetricKeyDetails?.namedCurve === 'prime256v1')
    return { kid, algorithm: 'ES256', privateKey };
  if (privateKey.asymmetricKeyType === 'rsa') return { kid, algorithm: 'RS256', privateKey };
  throw new HarnessError('INPUT_INVALID', 'the signing key of the token issuer is neither P-256 nor RSA');
}

export function exportSigningKey({ privateKey }: SigningKey): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function publicKeySet({ kid, algorithm, privateKey }: SigningKey): PublicKeySet {
  const { kty, crv, x, y, n, e } = privateKey.export({ format: 'jwk' });
  const members = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined);
  return { keys: [{ ...Object.fromEntries(members), kid, alg: algorithm, use: 'sig' }] };
}
