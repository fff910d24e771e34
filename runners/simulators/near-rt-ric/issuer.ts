import { readFile } from 'node:fs/promises';
import { type HttpListener, listenHttp } from '../../interfaces/http/listen.ts';
import { readSigningKey } from '../../interfaces/oauth/signing-key.ts';
import { makeTokenEndpoint } from '../../interfaces/oauth/token-endpoint.ts';
import type { OauthConfig } from './gate.ts';
import { type ListenerConfig, tlsOf } from './listener.ts';
import { defective } from './security-defects.ts';

const TOKEN_LIFE_S = 600;

/** The authorisation server that stands beside the simulator, with the same TLS as the API. */
export async function startIssuer(config: ListenerConfig, oauth: OauthConfig): Promise<HttpListener> {
  const clients = oauth.clients.map(async ({ secret, ...client }) => ({
    ...client,
    secret: (await readFile(secret, 'utf8')).trim(),
  }));
  return listenHttp({
    answer: makeTokenEndpoint({
      ...oauth,
      clients: await Promise.all(clients),
      key: readSigningKey(await readFile(oauth.key, 'utf8'), oauth.kid),
      lifeSeconds: TOKEN_LIFE_S,
      anySecret: defective(config)('issues-token-to-anybody'),
      now: Date.now,
    }),
    ...(await tlsOf(config)),
  });
}
