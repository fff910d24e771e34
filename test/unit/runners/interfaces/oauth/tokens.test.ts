import { describe, expect, it } from 'vitest';
import type { Received } from '../../../../../runners/interfaces/http/listen.ts';
import {
  exportSigningKey,
  makeSigningKey,
  publicKeySet,
  readSigningKey,
} from '../../../../../runners/interfaces/oauth/signing-key.ts';
import {
  breakSignature,
  claimsOf,
  looksLikeJws,
  mintToken,
  mintUnsigned,
} from '../../../../../runners/interfaces/oauth/token.ts';
import { makeTokenEndpoint } from '../../../../../runners/interfaces/oauth/token-endpoint.ts';
import { makeTokenVerifier } from '../../../../../runners/interfaces/oauth/verify.ts';

const NOW = Date.UTC(2026, 10, 25);
const key = makeSigningKey('k1');
const right = {
  issuer: 'https://issuer.test',
  audience: 'ric',
  clientId: 'full',
  scopes: ['a1:read', 'a1:write'],
  issuedAt: NOW / 1000,
  expiresAt: NOW / 1000 + 60,
};
const verify = makeTokenVerifier({
  keys: publicKeySet(key),
  issuer: right.issuer,
  audience: right.audience,
  now: () => NOW,
});

describe('an access token', () => {
  it('is let in with its client and scopes', async () => {
    const token = await mintToken(right, key);
    expect(looksLikeJws(token)).toBe(true);
    expect(claimsOf(token)).toEqual(right);
    expect(await verify(`Bearer ${token}`)).toEqual({ ok: true, clientId: 'full', scopes: right.scopes });
  });

  it.each([
    ['expired', () => mintToken({ ...right, expiresAt: NOW / 1000 - 1 }, key)],
    ['for somebody else', () => mintToken({ ...right, audience: 'other' }, key)],
    ['of another issuer', () => mintToken({ ...right, issuer: 'https://other.test' }, key)],
    ['signed with another key', () => mintToken(right, makeSigningKey('k1'))],
    ['of a key that is not known', () => mintToken(right, { ...key, kid: 'k2' })],
    ['broken in its signature', async () => breakSignature(await mintToken(right, key))],
    ['without a signature', () => mintUnsigned(right)],
    ['no token at all', () => 'abc'],
    ['endless', () => 'a'.repeat(9000)],
  ])('is refused when it is %s', async (_, make) => {
    expect(await verify(`Bearer ${await make()}`)).toMatchObject({
      ok: false,
      status: 401,
      challenge: expect.stringContaining('invalid_token') as unknown,
    });
  });

  it.each([[undefined], ['Basic abc'], ['Bearer'], ['Bearer a b']])(
    'is missing in %s',
    async (authorization) => {
      expect(await verify(authorization)).toEqual({ ok: false, status: 401, challenge: 'Bearer realm="a1"' });
    },
  );

  it('is signed with a key that can be kept in a file', async () => {
    const again = readSigningKey(exportSigningKey(key), 'k1');
    expect(await verify(`Bearer ${await mintToken(right, again)}`)).toMatchObject({ ok: true });
    expect(JSON.stringify(publicKeySet(again))).not.toContain('"d"');
    expect(() => readSigningKey('no key', 'k1')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }) as Error,
    );
  });
});

describe('the token end point', () => {
  const answer = makeTokenEndpoint({
    ...right,
    key,
    clients: [{ id: 'full', secret: 's3cret:ä', scopes: right.scopes }],
    lifeSeconds: 60,
    now: () => NOW,
  });
  const ask = async (form: string, changes: Partial<Received> = {}) => {
    const {
      status,
      body = '',
      headers = [],
    } = await answer({
      method: 'POST',
      path: '/token',
      scheme: 'http',
      headers: [['content-type', 'application/x-www-form-urlencoded']],
      body: Buffer.from(form),
      ...changes,
    });
    const text = String(body);
    return { status, headers, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  };
  const good = 'grant_type=client_credentials&client_id=full&client_secret=s3cret%3A%C3%A4';

  it('gives a token that its own verifier lets in, and forbids storing it', async () => {
    const { status, body, headers } = await ask(`${good}&scope=a1:read`);
    expect({ status, type: body['token_type'], scope: body['scope'] }).toEqual({
      status: 200,
      type: 'Bearer',
      scope: 'a1:read',
    });
    expect(headers).toContainEqual(['Cache-Control', 'no-store']);
    expect(await verify(`Bearer ${String(body['access_token'])}`)).toMatchObject({
      ok: true,
      scopes: ['a1:read'],
    });
  });

  it('takes the secret by basic authentication, form-encoded', async () => {
    const basic = Buffer.from('full:s3cret%3A%C3%A4').toString('base64');
    const headers = [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Authorization', `Basic ${basic}`],
    ] as const;
    expect(await ask('grant_type=client_credentials', { headers })).toMatchObject({ status: 200 });
    expect(await ask(good, { headers })).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it.each([
    ['a wrong secret', 'grant_type=client_credentials&client_id=full&client_secret=x', '401 invalid_client'],
    ['an unknown client', 'grant_type=client_credentials&client_id=x&client_secret=x', '401 invalid_client'],
    ['no client', 'grant_type=client_credentials', '401 invalid_client'],
    ['no grant type', 'client_id=full&client_secret=s3cret%3A%C3%A4', '400 invalid_request'],
    ['another grant type', good.replace('client_credentials', 'password'), '400 unsupported_grant_type'],
    ['a scope of others', `${good}&scope=a1:read+admin`, '400 invalid_scope'],
    ['a parameter twice', `${good}&scope=a1:read&scope=a1:write`, '400 invalid_request'],
  ])('refuses %s', async (_, form, wanted) => {
    const { status, body } = await ask(form);
    expect(`${status} ${String(body['error'])}`).toBe(wanted);
  });

  it('knows two paths and one method each', async () => {
    expect((await ask(good, { method: 'GET' })).status).toBe(405);
    expect((await ask('', { path: '/jwks' })).status).toBe(405);
    expect((await ask('', { path: '/else' })).status).toBe(404);
    expect(await ask('', { method: 'GET', path: '/jwks' })).toMatchObject({
      status: 200,
      body: { keys: [{ kid: 'k1' }] },
    });
  });
});
