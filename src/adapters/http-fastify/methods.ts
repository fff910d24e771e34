import type { Server } from './deps.ts';
import { HarnessError } from '../../kernel/errors.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** An address that exists answers 405 with `Allow` to the methods it does not have. Call it before adding routes. */
export function refuseOtherMethods(server: Server): () => void {
  const allowed = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    const methods = allowed.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    allowed.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...allowed]) {
      const others = METHODS.filter((method) => !methods.has(method));
      const allow = [...methods].sort().join(', ');
      server.route({
        method: others,
        url,
        config: { scope: 'open' },
        schema: { hide: true },
        onRequest: async (request, reply) => {
          void reply.header('allow', allow);
          return Promise.reject(
            new HarnessError('METHOD_NOT_ALLOWED', `${request.method} is not possible here, only ${allow}`),
          );
        },
        handler: () => null,
      });
    }
  };
}
