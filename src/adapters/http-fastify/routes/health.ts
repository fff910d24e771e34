import { healthView } from '../../../api/views.ts';
import { HarnessError } from '../../../kernel/errors.ts';
import type { HttpDeps, Server } from '../deps.ts';
import type { Metrics } from '../metrics.ts';

/** Longer than this, and a part counts as not answering. */
const PING_MS = 2_000;

/** For the machines that watch over this one; they need no token and learn nothing but states and counts. */
export function addHealthRoutes(server: Server, deps: HttpDeps, metrics: Metrics): void {
  const { store, queue, version } = deps;
  server.get(
    '/healthz',
    {
      config: { scope: 'open', rateLimit: false },
      schema: {
        operationId: 'health',
        summary: 'Whether the parts answer; 503 names those that do not',
        tags: ['health'],
        response: { 200: healthView, 503: healthView },
      },
    },
    async (_, reply) => {
      const [storeOk, queueOk] = await Promise.all([answers(store.ping()), answers(queue.ping())]);
      const healthy = storeOk && queueOk;
      return reply.code(healthy ? 200 : 503).send({
        healthy,
        version,
        parts: {
          store: { ok: storeOk, backend: store.backend },
          queue: { ok: queueOk, backend: queue.backend },
        },
      });
    },
  );
  server.get(
    '/metrics',
    { config: { scope: 'open', rateLimit: false }, schema: { hide: true } },
    async (_, reply) => reply.type(metrics.contentType).send(await metrics.render()),
  );
}

async function answers(ping: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HarnessError('DEADLINE', 'no answer to a ping')), PING_MS);
  });
  try {
    await Promise.race([ping, late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
