import type { Equipment } from '../../src/domain/equipment.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/kernel/json.ts';
import { jsonOf } from '../interfaces/http/body.ts';
import { sendHttp } from '../interfaces/http/send.ts';
import { type Bench, Blocked } from './procedure.ts';

/** Kind of an observation of an order to the prepare hook, with the answer. */
export const HOOK = 'hook';
const HOOK_TIMEOUT_MS = 10_000;

/** Under what an IXIT says how the product is made to do what only it can begin, such as `e2.prepare`. */
export type PrepareKey = `${string}.prepare`;

/** URL of the prepare hook that the IXIT names under that key; null when states are arranged by hand. */
export function hookUrl({ ixit }: Pick<Equipment, 'ixit'>, key: PrepareKey): string | null {
  const prepare = ixit[key];
  return isJsonObject(prepare) && typeof prepare['url'] === 'string' && URL.canParse(prepare['url'])
    ? prepare['url']
    : null;
}

export interface HookAnswer {
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly body: Json;
}

export interface HookTo {
  readonly bench: Bench;
  readonly url: string;
  readonly step: string;
}

/**
 * Gives the prepare hook of a product an order, a JSON object with `action`, and observes what it said.
 * The contract of the hook is in testplans/README.md.
 */
export async function askHook(
  { bench, url, step }: HookTo,
  order: JsonObject,
  { signal }: { signal: AbortSignal },
): Promise<HookAnswer> {
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
  const body = exchange.response === null ? null : (jsonOf(exchange.response.body) ?? null);
  bench.observe(step, HOOK, { order, status, failure: exchange.failure, body });
  return { status, body };
}

export function isDone({ status }: HookAnswer): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** False when the hook did not answer 2xx: then the state is not arranged, which is never the fault of the product. */
export async function giveOrder(
  to: HookTo,
  order: JsonObject,
  options: { signal: AbortSignal },
): Promise<boolean> {
  return isDone(await askHook(to, order, options));
}

/** As {@link giveOrder}, where nothing can go on without it. */
export async function mustGiveOrder(
  to: HookTo,
  order: JsonObject,
  options: { signal: AbortSignal },
): Promise<void> {
  if (await giveOrder(to, order, options)) return;
  throw Blocked.precondition(`the prepare hook did not do what step ${to.step} needs`);
}
