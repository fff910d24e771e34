import { createHash } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import type { HttpDeps, Server } from './deps.ts';
import { HarnessError } from '../../kernel/errors.ts';

/** Who asks: a token of an organisation. */
export interface Actor {
  readonly tokenId: string;
  readonly organisation: string;
  readonly scopes: readonly string[];
  /** Of the organisation that runs this orchestrator. */
  readonly ofLab: boolean;
}

const ACTOR = 'actor';
const BEARER = /^Bearer (?<token>patchbay_[A-Za-z0-9.-]{1,100}_[A-Za-z0-9_-]{20,200})$/u;

/** Refuses whoever has no valid token, or one without the scope of the route, before the body is read. */
export function guardRoutes(server: Server, deps: HttpDeps): void {
  server.decorateRequest(ACTOR, null);
  server.addHook('onRoute', ({ config, url }) => {
    if (config?.scope === undefined) throw new Error(`route ${url} does not say what it needs`);
  });
  server.addHook('onRequest', async (request) => {
    const { scope } = request.routeOptions.config;
    if (scope === 'open' || request.is404) return;
    const actor = await authenticate(request.headers.authorization, deps);
    if (scope === undefined || !(actor.scopes.includes(scope) || actor.scopes.includes('admin')))
      throw new HarnessError('FORBIDDEN', `the token lacks the scope ${scope ?? 'of this route'}`);
    request.setDecorator(ACTOR, actor);
  });
}

export function actorOf(request: FastifyRequest): Actor {
  const actor = request.getDecorator<Actor | null>(ACTOR);
  if (actor === null) throw new HarnessError('UNAUTHENTICATED', 'no token came with the request');
  return actor;
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

async function authenticate(
  header: string | undefined,
  { store, clock, lab }: Pick<HttpDeps, 'store' | 'clock' | 'lab'>,
): Promise<Actor> {
  if (header === undefined) throw new HarnessError('UNAUTHENTICATED', 'no token came with the request');
  const token = BEARER.exec(header)?.groups?.['token'];
  const known = token === undefined ? null : await store.apiTokenByHash(tokenHash(token), clock.now());
  if (known === null) throw new HarnessError('UNAUTHENTICATED', 'the token is unknown or expired');
  return {
    tokenId: known.id,
    organisation: known.organisation,
    scopes: known.scopes,
    ofLab: known.organisation === lab,
  };
}
