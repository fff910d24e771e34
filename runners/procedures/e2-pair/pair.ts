import type { E2apShape } from '../../interfaces/e2/types.ts';
import { E2 } from '../ap/interfaces/e2.ts';
import { type ApPair, CALLER, LISTENER } from '../ap-pair/pair.ts';

export const RIC = LISTENER;
export const NODE = CALLER;

/** A near-RT RIC (subject 0) and an E2 node (subject 1). */
export const E2_PAIR: ApPair<E2apShape> = {
  spoken: E2,
  names: ['ric', 'node'],
  inWords: ['near-RT RIC', 'E2 node'],
};
