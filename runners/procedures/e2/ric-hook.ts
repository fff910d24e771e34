import type { Equipment } from '../../../src/domain/equipment.ts';
import {
  notOffered,
  type Preparation,
  preparationOf as preparationBy,
  trigger as triggerBy,
  type Trigger,
} from '../preparation.ts';

/** The contract of the hook is in testplans/README-e2-hook.md. */
const KEY = 'e2.prepare';

export function preparationOf(product: Pick<Equipment, 'ixit'>): Preparation {
  return preparationBy(product, KEY);
}

/** Throws unless the product can be made to begin something. */
export function needsTrigger(product: Equipment, what: string): void {
  const { kind } = preparationOf(product);
  if (kind === 'none' || (kind === 'automatic' && what !== 'subscribe'))
    throw notOffered(`ixit ${KEY} says of no way to have the product do this: ${what}`);
}

/** Throws unless the product tells what it made of what it got. */
export function needsReport(product: Equipment): string {
  const preparation = preparationOf(product);
  if (preparation.kind !== 'hook')
    throw notOffered(`ixit ${KEY} names no hook that reports what was processed`);
  return preparation.url;
}

/** @throws Blocked when the product cannot be made to do it */
export async function trigger(wanted: Omit<Trigger, 'key'>, options: { signal: AbortSignal }): Promise<void> {
  needsTrigger(wanted.product, wanted.order.action);
  await triggerBy({ ...wanted, key: KEY }, options);
}
