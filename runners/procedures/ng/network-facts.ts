import { isJsonObject } from '../../../src/kernel/json.ts';
import type { NetworkFact } from '../../simulators/amf/nas-types.ts';
import { broken, type Found, holds } from '../ap/judging.ts';
import type { Seen } from '../procedure.ts';

/** Kind of an observation of what the network of the tester made of the NAS of a UE. */
export const NETWORK_FACT = 'network';

export interface SeenNetworkFact {
  readonly n: number;
  readonly step: string;
  readonly fact: NetworkFact['fact'];
}

export function networkFactsIn({ observations }: Pick<Seen, 'observations'>): readonly SeenNetworkFact[] {
  return observations.flatMap(({ n, step, kind, data }) =>
    kind === NETWORK_FACT && isJsonObject(data) && typeof data['fact'] === 'string'
      ? [{ n, step, fact: data['fact'] as NetworkFact['fact'] }]
      : [],
  );
}

/** That has happened in the step. */
export function networkSaw(
  seen: Pick<Seen, 'observations'>,
  fact: NetworkFact['fact'],
  { step, otherwise }: { readonly step: string; readonly otherwise: string },
): Found {
  const facts = networkFactsIn(seen);
  const found = facts.find((each) => each.fact === fact && each.step === step);
  if (found !== undefined) return holds(fact, found.n);
  return broken(otherwise, ...facts.slice(-1).map(({ n }) => n));
}
