import type { Equipment } from '../../../src/domain/equipment.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { askHook, hookUrl, isDone, type PrepareKey } from '../hook.ts';
import type { Bench } from '../procedure.ts';
import { preparationIn, trigger } from './preparation.ts';

/** A product that is made to begin what only it can begin: by the hook that its IXIT names, by a person, or of itself. */
export interface Ordered {
  readonly bench: Bench;
  readonly product: Equipment;
  /** Such as `f1.prepare`. */
  readonly key: PrepareKey;
  readonly signal: AbortSignal;
}

export interface RanOrder {
  readonly step: string;
  readonly order: JsonObject & { readonly action: string };
  /** What a person is asked to have the product do. */
  readonly inWords: string;
  /** The product may do it by itself: without hook and person it is waited for. */
  readonly comesByItself?: boolean;
}

/** @throws Blocked when the product cannot be made to do it */
export async function orderProduct(
  { signal, ...of }: Ordered,
  { comesByItself = false, ...wanted }: RanOrder,
): Promise<void> {
  const { kind } = preparationIn(of.product, of.key);
  if (comesByItself && (kind === 'none' || kind === 'automatic')) return;
  await trigger({ ...of, ...wanted }, { signal });
}

/** As {@link orderProduct}; false, and nothing thrown, when the hook did not do it. @throws Blocked when there is neither hook nor person */
export async function tryOrder(ordered: Ordered, wanted: RanOrder): Promise<boolean> {
  const { bench, product, key, signal } = ordered;
  const url = hookUrl(product, key);
  if (url === null) {
    await orderProduct(ordered, wanted);
    return true;
  }
  return isDone(await askHook({ bench, url, step: wanted.step }, wanted.order, { signal }));
}

/** At the end of a case, when nothing can be thrown any more: whether it was done does not matter. */
export async function tellProduct(
  { bench, product, key, signal }: Ordered,
  { step, order }: Pick<RanOrder, 'step' | 'order'>,
): Promise<void> {
  const url = hookUrl(product, key);
  if (url !== null && !signal.aborted) await askHook({ bench, url, step }, order, { signal });
}
