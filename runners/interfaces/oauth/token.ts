import { randomUUID } from 'node:crypto';

import { decodeJwt, SignJWT } from 'jose';

import type { SigningKey } from './signing-key.ts';
import { grantOf } from './verify.ts';

/** What an access token says. @see RFC 9068 §2.2 */
export interface TokenClaims {
  readonly issuer: string;
  readonly audience: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  /** Seconds since the epoch; before `issuedAt` in a token that is to be refused. */
  readonly expiresAt: number;
}

/** A signed access token in JWS compact form. @see RFC 7515 §3.1, RFC 9068 */
export async function mintToken(claims: TokenClaims, key: SigningKey): Promise<string> {
  return new SignJWT(payloadOf(claims))
    .setProtectedHeader({ typ: 'at+jwt', alg: key.algorithm, kid: key.kid })
    .sign(key.privateKey);
}

/** A token with `alg: none` and no signature, which nobody may accept (RFC 8725 §3.2, RFC 9068 §4). */
export function mintUnsigned(claims: TokenClaims): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ typ: 'at+jwt', alg: 'none' })}.${encode(payloadOf(claims))}.`;
}

/** The same token with one bit of its signature turned. */
export function breakSignature(token: string): string {
  const dot = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(dot + 1), 'base64url');
  const first = signature[0];
  if (first === undefined) return `${token}AAAA`;
  signature[0] = first ^ 1;
  return `${token.slice(0, dot + 1)}${signature.toString('base64url')}`;
}

/** Whether text has the form of a JWS in compact serialisation with a readable header. @see RFC 7515 §7.1 */
export function looksLikeJws(text: string): boolean {
  const [head, ...rest] = text.split('.');
  if (head === undefined || rest.length !== 2 || rest.some((part) => !/^[A-Za-z0-9_-]+$/u.test(part)))
    return false;
  try {
    const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && 'alg' in header && header.alg !== 'none';
  } catch {
    return false;
  }
}

function payloadOf(claims: TokenClaims): Record<string, string | number> {
  return {
    iss: claims.issuer,
    aud: claims.audience,
    sub: claims.clientId,
    client_id: claims.clientId,
    scope: claims.scopes.join(' '),
    iat: claims.issuedAt,
    exp: claims.expiresAt,
    jti: randomUUID(),
  };
}

/** What a token says, without any check; undefined when it cannot be read. For making others like it. */
export function claimsOf(token: string): TokenClaims | undefined {
  try {
    const { iss, aud, iat, exp, ...payload } = decodeJwt(token);
    const audience = Array.isArray(aud) ? aud[0] : aud;
    if (iss === undefined || audience === undefined || exp === undefined) return undefined;
    return { issuer: iss, audience, issuedAt: iat ?? exp, expiresAt: exp, ...grantOf(payload) };
  } catch {
    return undefined;
  }
}
