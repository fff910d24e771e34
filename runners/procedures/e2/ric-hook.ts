import type { Equipment } from '../../../src/domain/equipment.ts';
import {
  notOffered,
  type Preparation,
  preparationIn,
  type Trigger as AnyTrigger,
  trigger as triggerAny,
} from '../ap/preparation.ts';

const KEY = 'e2.prepare';

/** IXIT `e2.prepare`, whose contract is in testplans/README-e2-hook.md. */
export function preparationOf(product: Pick<Equipment, 'ixit'>): Preparation {
  return preparationIn(product, KEY);
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

export type Trigger = Omit<AnyTrigger, 'key'>;

/** What comes of itself needs nobody. @throws Blocked when the product cannot be made to do it */
export async function trigger(of: Trigger, options: { signal: AbortSignal }): Promise<void> {
  needsTrigger(of.product, of.order.action);
  if (preparationOf(of.product).kind === 'automatic') return;
  await triggerAny({ ...of, key: KEY }, options);
}
