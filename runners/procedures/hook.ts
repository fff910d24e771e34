import type { Equipment } from '../../src/domain/equipment.ts';
import { isJsonObject, type JsonObject } from '../../src/kernel/json.ts';
import { sendHttp } from '../interfaces/http/send.ts';
import { type Bench, Blocked } from './procedure.ts';

const HOOK_TIMEOUT_MS = 10_000;

/** URL of the prepare hook that the IXIT names under that key; null when states are arranged by hand. */
export function hookUrl({ ixit }: Pick<Equipment, 'ixit'>, key: 'a1.prepare' | 'e2.prepare'): string | null {
  const prepare = ixit[key];
  return isJsonObject(prepare) && typeof prepare['url'] === 'string' && URL.canParse(prepare['url'])
    ? prepare['url']
    : null;
}

/**
 * Gives the prepare hook of a product an order, a JSON object with `action`, and observes the answer as kind `hook`.
 * False when the hook did not answer 2xx: then the state is not arranged, which is never the fault of the product.
 * The contract of the hook is in testplans/README.md.
 */
export async function giveOrder(
  { bench, url, step }: { bench: Bench; url: string; step: string },
  order: JsonObject,
  { signal }: { signal: AbortSignal },
): Promise<boolean> {
  const exchange = await sendHttp(
    {
      method: 'POST',
      url,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify(order),
    },
    { limits: { timeoutMs: HOOK_TIMEOUT_MS } },
    { signal },
  );
  const status = exchange.response?.status ?? null;
  bench.observe(step, 'hook', { order, status, failure: exchange.failure });
  return status !== null && status >= 200 && status < 300;
}

/** As {@link giveOrder}, where nothing can go on without it. */
export async function mustGiveOrder(
  to: { bench: Bench; url: string; step: string },
  order: JsonObject,
  options: { signal: AbortSignal },
): Promise<void> {
  if (await giveOrder(to, order, options)) return;
  throw Blocked.precondition(`the prepare hook did not do what step ${to.step} needs`);
}
