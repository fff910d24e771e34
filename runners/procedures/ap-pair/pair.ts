import type { JsonObject } from '../../../src/kernel/json.ts';
import type { ApShape } from '../../interfaces/ap/types.ts';
import type { ApInterface } from '../ap/ap-interface.ts';

/** Of a pair, the product that listens (the first subject of the plan), and the one that connects to it (the second). */
export const LISTENER = 0;
export const CALLER = 1;
export type Side = typeof LISTENER | typeof CALLER;

export function otherOf(side: Side): Side {
  return side === LISTENER ? CALLER : LISTENER;
}

/** Two products on an application protocol, with the runner between them. */
export interface ApPair<S extends ApShape> {
  readonly spoken: ApInterface<S>;
  /** What its clauses call the sides, such as `ric` and `node`. */
  readonly names: readonly [listener: string, caller: string];
  /** What people call them. */
  readonly inWords: readonly [listener: string, caller: string];
  /** Where the listener sets the interface up on the association of the caller, what each of them is told; absent: the caller does it. */
  readonly byListener?: { readonly connects: JsonObject; readonly order: JsonObject };
}
