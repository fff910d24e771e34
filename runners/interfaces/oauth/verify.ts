import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';

import type { PublicKeySet } from './signing-key.ts';

export interface VerifierOptions {
  readonly keys: PublicKeySet;
  /** Issuer and audience are absent only in a resource server that is to be wrong. */
  readonly issuer?: string;
  readonly audience?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a bearer token allows, or the answer that refuses it. @see RFC 6750 §3 */
export type Authorisation =
  | { readonly ok: true; readonly clientId: string; readonly scopes: readonly string[] }
  | { readonly ok: false; readonly status: 401; readonly challenge: string };

export type VerifyToken = (authorization: string | undefined) => Promise<Authorisation>;

const MAX_TOKEN_LENGTH = 8192;

/** The resource server's side: checks an `Authorization` field value. @see RFC 9068 §4 */
export function makeTokenVerifier(options: VerifierOptions): VerifyToken {
  const keys = createLocalJWKSet(options.keys as JSONWebKeySet);
  return async (authorization) => {
    const token = bearerOf(authorization);
    if (token === undefined) return refused();
    if (token.length > MAX_TOKEN_LENGTH) return refused('invalid_token');
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
        ...(options.audience === undefined ? {} : { audience: options.audience }),
        algorithms: ['ES256', 'RS256'],
        requiredClaims: ['exp', 'client_id'],
        currentDate: new Date(options.now()),
      });
      return { ok: true, ...grantOf(payload) };
    } catch (error) {
      if (error instanceof errors.JOSEError) return refused('invalid_token');
      throw error;
    }
  };
}

/** Reads what an authorised payload grants; `scope` is a list separated by spaces (RFC 6749 §3.3). */
export function grantOf(payload: Readonly<Record<string, unknown>>): { clientId: string; scopes: string[] } {
  const { client_id: clientId, scope } = payload;
  return {
    clientId: typeof clientId === 'string' ? clientId : '',
    scopes: typeof scope === 'string' ? scope.split(' ').filter((part) => part !== '') : [],
  };
}

/** The token of a `Bearer` credential (RFC 6750 §2.1); undefined when there is none. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*)$/iu.exec(authorization ?? '')?.[1];
}

function refused(error?: 'invalid_token'): Authorisation {
  const challenge = error === undefined ? 'Bearer realm="a1"' : `Bearer realm="a1", error="${error}"`;
  return { ok: false, status: 401, challenge };
}
