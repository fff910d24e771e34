import { timingSafeEqual } from 'node:crypto';

import { mediaType } from '../http/body.ts';
import type { Answer, Received } from '../http/listen.ts';
import { publicKeySet, type SigningKey } from './signing-key.ts';
import { mintToken } from './token.ts';

export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
  readonly scopes: readonly string[];
}

export interface TokenEndpointOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly clients: readonly RegisteredClient[];
  readonly key: SigningKey;
  readonly lifeSeconds: number;
  /** Wrong on purpose: does not look at the secret. */
  readonly anySecret?: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Error codes of RFC 6749 §5.2 that this end point gives. */
type TokenError = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';

/**
 * A test token issuer: `POST /token` with the client credentials grant, `GET /jwks`. It has no state.
 * @see RFC 6749 §4.4, §5; RFC 7517
 */
export function makeTokenEndpoint(options: TokenEndpointOptions): (received: Received) => Promise<Answer> {
  return async (received) => {
    const [path] = received.path.split('?', 1);
    if (path === '/jwks') {
      if (received.method !== 'GET') return { status: 405, headers: [['Allow', 'GET']] };
      return json(200, publicKeySet(options.key));
    }
    if (path !== '/token') return { status: 404 };
    if (received.method !== 'POST') return { status: 405, headers: [['Allow', 'POST']] };
    return grant(received, options);
  };
}

async function grant(received: Received, options: TokenEndpointOptions): Promise<Answer> {
  const form = formOf(received);
  if (form === undefined) return refusal('invalid_request');
  const client = authenticate(received, form, options);
  if (client === undefined) return refusal('invalid_client');
  const grantType = form.get('grant_type');
  if (grantType === undefined) return refusal('invalid_request');
  if (grantType !== 'client_credentials') return refusal('unsupported_grant_type');
  const scopes = form.get('scope')?.split(' ') ?? client.scopes;
  if (scopes.some((scope) => !client.scopes.includes(scope))) return refusal('invalid_scope');
  const issuedAt = Math.floor(options.now() / 1000);
  const token = await mintToken(
    {
      issuer: options.issuer,
      audience: options.audience,
      clientId: client.id,
      scopes,
      issuedAt,
      expiresAt: issuedAt + options.lifeSeconds,
    },
    options.key,
  );
  return json(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: options.lifeSeconds,
    scope: scopes.join(' '),
  });
}

/** Undefined when the body is no form, or names a parameter twice (RFC 6749 §3.2). */
function formOf({ headers, body }: Received): ReadonlyMap<string, string> | undefined {
  if (mediaType(headers) !== 'application/x-www-form-urlencoded') return undefined;
  const pairs = [...new URLSearchParams(Buffer.from(body).toString('utf8'))];
  const form = new Map(pairs);
  return form.size === pairs.length ? form : undefined;
}

/** By HTTP basic authentication, or in the body (RFC 6749 §2.3.1); not both at once. */
function authenticate(
  { headers }: Received,
  form: ReadonlyMap<string, string>,
  { clients, anySecret = false }: TokenEndpointOptions,
): RegisteredClient | undefined {
  const given = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  if (given !== undefined && form.has('client_secret')) return undefined;
  const [id, secret] =
    given === undefined ? [form.get('client_id'), form.get('client_secret')] : basicOf(given);
  const client = clients.find((known) => known.id === id);
  if (client === undefined || secret === undefined) return undefined;
  return anySecret || sameText(client.secret, secret) ? client : undefined;
}

function basicOf(authorization: string): readonly (string | undefined)[] {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/iu.exec(authorization)?.[1];
  if (encoded === undefined) return [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return [];
  const parts = new URLSearchParams(`id=${text.slice(0, colon)}&secret=${text.slice(colon + 1)}`);
  return [parts.get('id') ?? undefined, parts.get('secret') ?? undefined];
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

function refusal(error: TokenError): Answer {
  const answer = json(error === 'invalid_client' ? 401 : 400, { error });
  const challenge = [['WWW-Authenticate', 'Basic realm="token"']] as const;
  return error === 'invalid_client'
    ? { ...answer, headers: [...(answer.headers ?? []), ...challenge] }
    : answer;
}

function json(status: number, value: object): Answer {
  const headers = [
    ['Content-Type', 'application/json'],
    ['Cache-Control', 'no-store'],
  ] as const;
  return { status, headers, body: JSON.stringify(value) };
}
