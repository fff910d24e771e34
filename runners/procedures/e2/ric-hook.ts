import type { Equipment } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { jsonOf } from '../../interfaces/http/body.ts';
import { sendHttp } from '../../interfaces/http/send.ts';
import { type Bench, Blocked } from '../procedure.ts';

/** Kind of an observation of an order to the prepare hook, with the answer. */
export const HOOK = 'hook';
const HOOK_TIMEOUT_MS = 10_000;
const NOT_IMPLEMENTED = 501;

/** How the product is made to do what only it can begin: a hook, a person, or of itself. */
export type Preparation =
  | { readonly kind: 'hook'; readonly url: string }
  | { readonly kind: 'manual' }
  | { readonly kind: 'automatic' }
  | { readonly kind: 'none' };

/** IXIT `e2.prepare`, whose contract is in testplans/README-e2-hook.md. */
export function preparationOf({ ixit }: Pick<Equipment, 'ixit'>): Preparation {
  const prepare = ixit['e2.prepare'];
  if (prepare === 'manual' || prepare === 'automatic') return { kind: prepare };
  if (isJsonObject(prepare) && typeof prepare['url'] === 'string' && URL.canParse(prepare['url']))
    return { kind: 'hook', url: prepare['url'] };
  return { kind: 'none' };
}

export interface HookAnswer {
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly body: Json;
}

/** Gives the hook an order and observes what it said. */
export async function giveOrder(
  { bench, url, step }: { readonly bench: Bench; readonly url: string; readonly step: string },
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

/** Throws unless the product can be made to begin something. */
export function needsTrigger(product: Equipment, what: string): void {
  const { kind } = preparationOf(product);
  if (kind === 'none' || (kind === 'automatic' && what !== 'subscribe'))
    throw notOffered(`ixit e2.prepare says of no way to have the product do this: ${what}`);
}

/** Throws unless the product tells what it made of what it got. */
export function needsReport(product: Equipment): string {
  const preparation = preparationOf(product);
  if (preparation.kind !== 'hook')
    throw notOffered('ixit e2.prepare names no hook that reports what was processed');
  return preparation.url;
}

export interface Trigger {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly step: string;
  readonly order: JsonObject & { readonly action: string };
  /** What a person is asked to have the product do. */
  readonly inWords: string;
}

/** @throws Blocked when the product cannot be made to do it */
export async function trigger(
  { bench, product, step, order, inWords }: Trigger,
  options: { signal: AbortSignal },
): Promise<void> {
  needsTrigger(product, order.action);
  const preparation = preparationOf(product);
  if (preparation.kind === 'manual') bench.ask(`have ${product.id} ${inWords} now`);
  if (preparation.kind !== 'hook') return;
  const answer = await giveOrder({ bench, url: preparation.url, step }, order, options);
  if (isDone(answer)) return;
  if (answer.status === NOT_IMPLEMENTED) throw notOffered(`the prepare hook does not know ${order.action}`);
  throw Blocked.precondition(`the prepare hook did not do what step ${step} needs`);
}

function notOffered(text: string): Blocked {
  return new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}
