import { readFileSync } from 'node:fs';
import { header, jsonOf, recordBody } from '../../interfaces/http/body.ts';
import type { Answer, Received } from '../../interfaces/http/listen.ts';
import { publicKeySet, readSigningKey } from '../../interfaces/oauth/signing-key.ts';
import {
  type Authorisation,
  bearerOf,
  makeTokenVerifier,
  type VerifyToken,
} from '../../interfaces/oauth/verify.ts';
import { claimsOf } from '../../interfaces/oauth/token.ts';
import { defective } from './security-defects.ts';

/**
 * What every request has to pass before it is taken for an A1 request: undefined lets it through, an answer ends it.
 * Authentication, authorisation and plain HTTP hygiene belong here; resources and schemas do not.
 */
export type Gate = (received: Received) => Promise<Answer | undefined> | Answer | undefined;

export interface GateConfig {
  readonly defects: readonly string[];
  /** Null: no tokens are asked for. */
  readonly oauth: OauthConfig | null;
}

export interface OauthConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly kid: string;
  /** Path of the issuer's private key, PEM. */
  readonly key: string;
  readonly clients: readonly OauthClientConfig[];
}

export interface OauthClientConfig {
  readonly id: string;
  /** Path of the file that holds the secret. */
  readonly secret: string;
  readonly scopes: readonly string[];
}

/** Larger bodies are answered with 413. */
export const MAX_BODY_BYTES = 256 * 1024;
export const READ_SCOPE = 'a1:read';
export const WRITE_SCOPE = 'a1:write';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export function makeGate(config: GateConfig): Gate {
  const authorise = config.oauth === null ? undefined : makeAuthorise(config, config.oauth);
  const has = defective(config);
  return async (received) => (await authorise?.(received)) ?? inspect(received, has);
}

/** @see RFC 6750 §3.1: 401 for a token that is missing or bad, 403 for one that allows too little */
function makeAuthorise(config: GateConfig, oauth: OauthConfig): Gate {
  const has = defective(config);
  const check = makeCheck(oauth, has);
  return async ({ method, headers }) => {
    if (has('no-token-check')) return undefined;
    const authorisation = await check(header(headers, 'authorization'));
    if (!authorisation.ok)
      return { status: authorisation.status, headers: [['WWW-Authenticate', authorisation.challenge]] };
    const wanted = SAFE_METHODS.has(method) ? READ_SCOPE : WRITE_SCOPE;
    if (has('ignores-scope') || authorisation.scopes.includes(wanted)) return undefined;
    const challenge = `Bearer realm="a1", error="insufficient_scope", scope="${wanted}"`;
    return { status: 403, headers: [['WWW-Authenticate', challenge]] };
  };
}

function makeCheck(oauth: OauthConfig, has: ReturnType<typeof defective>): VerifyToken {
  const keys = publicKeySet(readSigningKey(readFileSync(oauth.key, 'utf8'), oauth.kid));
  const verify = makeTokenVerifier({
    keys,
    ...(has('ignores-issuer') ? {} : { issuer: oauth.issuer }),
    ...(has('ignores-audience') ? {} : { audience: oauth.audience }),
    now: has('accepts-expired-token') ? () => 0 : Date.now,
  });
  if (!has('accepts-alg-none')) return verify;
  return async (authorization) => readUnsigned(authorization) ?? verify(authorization);
}

/** The defect `accepts-alg-none`: what such a token says is believed. */
function readUnsigned(authorization: string | undefined): Authorisation | undefined {
  const token = bearerOf(authorization);
  const claims = token?.endsWith('.') === true ? claimsOf(token) : undefined;
  return claims === undefined ? undefined : { ok: true, clientId: claims.clientId, scopes: claims.scopes };
}

/** HTTP itself, before anybody looks at resources. */
function inspect(
  { method, path, headers, body }: Received,
  has: ReturnType<typeof defective>,
): Answer | undefined {
  // The product is gone, as after a fault in it: no answer, no tear-down.
  if (has('crashes-on-oversize') && body.byteLength > MAX_BODY_BYTES) process.exit(71);
  if (method === 'TRACE' && has('trace-method')) {
    const lines = [`TRACE ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
    return {
      status: 200,
      headers: [['Content-Type', 'message/http']],
      body: `${lines.join('\r\n')}\r\n\r\n`,
    };
  }
  const coding = header(headers, 'content-encoding');
  if (coding !== undefined && coding !== 'identity' && !has('ignores-content-encoding'))
    return { status: 415, headers: [['Accept-Encoding', 'identity']] };
  if (method === 'PUT' && has('500-on-bad-json') && jsonOf(recordBody(body)) === undefined)
    return { status: 500 };
  return undefined;
}
