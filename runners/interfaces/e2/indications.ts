import { subscriptionKey } from './node-subscriptions.ts';
import type { AcceptedMessage } from './types.ts';

/** What is wrong with an indication beside the ones before it. */
export type IndicationFault =
  /** Numbers are missing before it. */
  | { readonly kind: 'gap'; readonly expected: number; readonly got: number }
  /** It has the number of an earlier one. */
  | { readonly kind: 'repeated'; readonly got: number }
  /** Nobody subscribed to that. */
  | { readonly kind: 'unknownSubscription' }
  | { readonly kind: 'wrongFunction'; readonly expected: number; readonly got: number }
  | { readonly kind: 'unknownAction'; readonly got: number };

interface Watched {
  readonly functionId: number;
  readonly actions: ReadonlySet<number>;
  readonly next: Map<number, number>;
}

const SERIALS = 65_536;

/**
 * Checks indications against subscriptions, one after the other. Sequence numbers are optional; where they are there, they count up
 * by one, over a subscription or over each of its actions, and go round.
 *
 * @see O-RAN.WG3.E2AP clauses 8.2.3, 9.2.14 (RIC Indication SN)
 */
export class IndicationWatch {
  readonly #watched = new Map<string, Watched>();

  /** @param actions those that were admitted */
  subscribed(
    requestId: Parameters<typeof subscriptionKey>[0],
    { functionId, actions }: { readonly functionId: number; readonly actions: readonly number[] },
  ): void {
    const watched = { functionId, actions: new Set(actions), next: new Map<number, number>() };
    this.#watched.set(subscriptionKey(requestId), watched);
  }

  unsubscribed(requestId: Parameters<typeof subscriptionKey>[0]): void {
    this.#watched.delete(subscriptionKey(requestId));
  }

  check({ ies }: AcceptedMessage<'RICindication'>): readonly IndicationFault[] {
    const watched = this.#watched.get(subscriptionKey(ies.RICrequestID));
    if (watched === undefined) return [{ kind: 'unknownSubscription' }];
    const { functionId, actions, next } = watched;
    const { RANfunctionID: ranFunction, RICactionID: action, RICindicationSN: serial } = ies;
    const faults: IndicationFault[] = [];
    if (ranFunction !== functionId)
      faults.push({ kind: 'wrongFunction', expected: functionId, got: ranFunction });
    if (!actions.has(action)) faults.push({ kind: 'unknownAction', got: action });
    if (serial === undefined) return faults;
    const fault = serialFault(serial, { own: next.get(action), whole: next.get(WHOLE) });
    next.set(action, (serial + 1) % SERIALS);
    next.set(WHOLE, (serial + 1) % SERIALS);
    return fault === null ? faults : [...faults, fault];
  }
}

/** No action has this number. */
const WHOLE = -1;

/** The first of an action begins where it likes. */
function serialFault(
  got: number,
  { own, whole }: { readonly own: number | undefined; readonly whole: number | undefined },
): IndicationFault | null {
  if (own === undefined || got === own || got === whole) return null;
  const ahead = (got - own + SERIALS) % SERIALS;
  return ahead < SERIALS / 2 ? { kind: 'gap', expected: own, got } : { kind: 'repeated', got };
}
