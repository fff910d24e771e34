import type { Equipment } from '../../../src/domain/equipment.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { askHook, hookUrl, isDone } from '../hook.ts';
import { type Bench, Blocked } from '../procedure.ts';

const NOT_IMPLEMENTED = 501;

/** How the product is made to do what only it can begin: a hook, a person, or of itself. */
export type Preparation =
  | { readonly kind: 'hook'; readonly url: string }
  | { readonly kind: 'manual' }
  | { readonly kind: 'automatic' }
  | { readonly kind: 'none' };

/** IXIT `e2.prepare`, whose contract is in testplans/README-e2-hook.md. */
export function preparationOf(product: Pick<Equipment, 'ixit'>): Preparation {
  const prepare = product.ixit['e2.prepare'];
  if (prepare === 'manual' || prepare === 'automatic') return { kind: prepare };
  const url = hookUrl(product, 'e2.prepare');
  return url === null ? { kind: 'none' } : { kind: 'hook', url };
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
  const answer = await askHook({ bench, url: preparation.url, step }, order, options);
  if (isDone(answer)) return;
  if (answer.status === NOT_IMPLEMENTED) throw notOffered(`the prepare hook does not know ${order.action}`);
  throw Blocked.precondition(`the prepare hook did not do what step ${step} needs`);
}

function notOffered(text: string): Blocked {
  return new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}
