import type { EquipmentAuth, OauthClient } from '../../../src/domain/equipment.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { readSigningKey, type SigningKey } from '../../interfaces/oauth/signing-key.ts';
import { requestToken, tokenOf } from '../../interfaces/oauth/request-token.ts';
import type { HttpExchange, TlsClientMaterial } from '../../interfaces/http/types.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { onlySubject, secretRef, type SecuredApi, withoutSecrets } from './secured-api.ts';

/** Key of the IXIT: the key with which the token issuer signs, so that the tester can mint tokens that are wrong. */
export const SIGNING_KEY = 'oauth.signingKey';

/** Names of the clients in the equipment file. */
export const FULL = 'full';
export const READ_ONLY = 'readonly';

/** Where tokens come from. */
export interface TokenSource {
  readonly auth: EquipmentAuth;
  readonly tokenUrl: string;
}

/** Undefined when the equipment file says nothing about tokens. Throws `Blocked` when it says too little. */
export function tokenSource(bench: Bench): TokenSource | undefined {
  const { auth } = onlySubject(bench.subjects);
  if (auth === undefined) return undefined;
  if (auth.tokenUrl === undefined || auth.clients[FULL]?.secret === undefined) {
    throw new Blocked(
      { code: 'IXIT_MISSING', text: `auth needs a tokenUrl, and a client "${FULL}" with its secret` },
      'notSupportedByTestbed',
    );
  }
  return { auth, tokenUrl: auth.tokenUrl };
}

export interface TokenAsking {
  readonly step: string;
  readonly client: OauthClient;
  /** Instead of the right ones. */
  readonly grantType?: string;
  readonly scopes?: readonly string[];
  readonly secret?: string;
  readonly tls?: TlsClientMaterial;
}

/** Asks the token end point, and observes it under `step`. */
export async function askForToken(
  { bench, api, source }: { bench: Bench; api: SecuredApi; source: TokenSource },
  asking: TokenAsking,
  { signal }: { signal: AbortSignal },
): Promise<HttpExchange> {
  const { client, grantType } = asking;
  const secret = asking.secret ?? (client.secret === undefined ? '' : await bench.secret(client.secret));
  const scopes = asking.scopes ?? client.scopes;
  const seen = await requestToken(
    {
      tokenUrl: source.tokenUrl,
      clientId: client.id,
      clientSecret: secret,
      ...(grantType === undefined ? {} : { grantType }),
      ...(scopes === undefined ? {} : { scopes }),
    },
    { tls: asking.tls ?? api.tls, limits: { timeoutMs: bench.number('responseTimeMs') } },
    { signal },
  );
  bench.observe(asking.step, 'http-exchange', withoutSecrets(seen));
  return seen;
}

/** A token of one of the clients; undefined when there is no such client. `Blocked` when the issuer gives none. */
export async function tokenFor(
  context: { bench: Bench; api: SecuredApi; source: TokenSource },
  name: typeof FULL | typeof READ_ONLY,
  { signal }: { signal: AbortSignal },
): Promise<string | undefined> {
  const client = context.source.auth.clients[name];
  if (client === undefined) return undefined;
  const seen = await askForToken(context, { step: `token-${name}`, client }, { signal });
  const token = tokenOf(seen);
  if (token === undefined) {
    const saw =
      seen.response === null ? (seen.failure?.detail ?? 'no answer') : `HTTP ${seen.response.status}`;
    throw Blocked.precondition(`the token end point gave "${name}" no token: ${saw}`);
  }
  return token;
}

/** The issuer's key, when the tester was given it. */
export async function issuerKey(bench: Bench): Promise<SigningKey | undefined> {
  const ixit = onlySubject(bench.subjects).ixit[SIGNING_KEY];
  if (!isJsonObject(ixit)) return undefined;
  const key = secretRef(ixit['key']);
  if (key === undefined || typeof ixit['kid'] !== 'string') {
    throw new Blocked(
      { code: 'IXIT_MISSING', text: `${SIGNING_KEY} needs a key and its kid` },
      'notSupportedByTestbed',
    );
  }
  return readSigningKey(await bench.secret(key), ixit['kid']);
}
