import type { Equipment } from '../../../src/domain/equipment.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { askHook, hookUrl, isDone, type PrepareKey } from '../hook.ts';
import { type Bench, Blocked } from '../procedure.ts';

const NOT_IMPLEMENTED = 501;

/** How the product is made to do what only it can begin: a hook, a person, or of itself. */
export type Preparation =
  | { readonly kind: 'hook'; readonly url: string }
  | { readonly kind: 'manual' }
  | { readonly kind: 'automatic' }
  | { readonly kind: 'none' };

/** As its IXIT says under that key. */
export function preparationIn(product: Pick<Equipment, 'ixit'>, key: PrepareKey): Preparation {
  const prepare = product.ixit[key];
  if (prepare === 'manual' || prepare === 'automatic') return { kind: prepare };
  const url = hookUrl(product, key);
  return url === null ? { kind: 'none' } : { kind: 'hook', url };
}

export interface Trigger {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly key: PrepareKey;
  readonly step: string;
  readonly order: JsonObject & { readonly action: string };
  /** What a person is asked to have the product do. */
  readonly inWords: string;
}

/** Has the product begin something. @throws Blocked when it cannot be made to */
export async function trigger(
  { bench, product, key, step, order, inWords }: Trigger,
  options: { signal: AbortSignal },
): Promise<void> {
  const preparation = preparationIn(product, key);
  if (preparation.kind === 'none' || preparation.kind === 'automatic')
    throw notOffered(`ixit ${key} says of no way to have the product do this: ${order.action}`);
  if (preparation.kind === 'manual') bench.ask(`have ${product.id} ${inWords} now`);
  if (preparation.kind !== 'hook') return;
  const answer = await askHook({ bench, url: preparation.url, step }, order, options);
  if (isDone(answer)) return;
  if (answer.status === NOT_IMPLEMENTED) throw notOffered(`the prepare hook does not know ${order.action}`);
  throw Blocked.precondition(`the prepare hook did not do what step ${step} needs`);
}

/** What the testbed lacks for the case. */
export function notOffered(text: string): Blocked {
  return new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}
