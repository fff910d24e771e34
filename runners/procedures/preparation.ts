import type { Equipment } from '../../src/domain/equipment.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { askHook, hookUrl, isDone } from './hook.ts';
import { type Bench, Blocked } from './procedure.ts';

const NOT_IMPLEMENTED = 501;

/** How the product is made to do what only it can begin: a hook, a person, or of itself. */
export type Preparation =
  | { readonly kind: 'hook'; readonly url: string }
  | { readonly kind: 'manual' }
  | { readonly kind: 'automatic' }
  | { readonly kind: 'none' };

/** IXIT of that name, such as `e2.prepare`; the contracts of the hooks are beside the test plans. */
export function preparationOf(product: Pick<Equipment, 'ixit'>, key: string): Preparation {
  const prepare = product.ixit[key];
  if (prepare === 'manual' || prepare === 'automatic') return { kind: prepare };
  const url = hookUrl(product, key);
  return url === null ? { kind: 'none' } : { kind: 'hook', url };
}

export interface Trigger {
  readonly bench: Bench;
  readonly product: Equipment;
  /** Of the IXIT. */
  readonly key: string;
  readonly step: string;
  readonly order: JsonObject & { readonly action: string };
  /** What a person is asked to have the product do. */
  readonly inWords: string;
}

/** @throws Blocked when the product cannot be made to do it */
export async function trigger(
  { bench, product, key, step, order, inWords }: Trigger,
  options: { signal: AbortSignal },
): Promise<void> {
  const preparation = preparationOf(product, key);
  if (preparation.kind === 'none')
    throw notOffered(`ixit ${key} says of no way to have the product do this: ${order.action}`);
  if (preparation.kind === 'manual') bench.ask(`have ${product.id} ${inWords} now`);
  if (preparation.kind !== 'hook') return;
  const answer = await askHook({ bench, url: preparation.url, step }, order, options);
  if (isDone(answer)) return;
  if (answer.status === NOT_IMPLEMENTED) throw notOffered(`the prepare hook does not know ${order.action}`);
  throw Blocked.precondition(`the prepare hook did not do what step ${step} needs`);
}

export function notOffered(text: string): Blocked {
  return new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}
