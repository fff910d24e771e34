import type { Moves } from '../../../src/kernel/machine.ts';

/** The life of E2 between a node and a RIC, as either of them sees it. @see O-RAN.WG3.E2AP clauses 8.3.1, 8.3.2 and E2 Removal */
export type E2Link = { readonly state: 'down' | 'settingUp' | 'up' | 'removed' };

export type E2LinkEvent = {
  /** `asked`: a set-up was requested; `accepted`, `refused`: and answered. Reset changes nothing here: the link stays up. */
  readonly type: 'asked' | 'accepted' | 'refused' | 'reset' | 'removed';
};

const down = (): E2Link => ({ state: 'down' });
const settingUp = (): E2Link => ({ state: 'settingUp' });
const up = (): E2Link => ({ state: 'up' });
const removed = (): E2Link => ({ state: 'removed' });

/** A set-up on a link that is up begins anew: what both ends knew of each other is replaced. */
export const E2_LINK_MOVES: Moves<E2Link, E2LinkEvent> = {
  down: { asked: settingUp },
  settingUp: { asked: settingUp, accepted: up, refused: down },
  up: { asked: settingUp, reset: up, removed },
  removed: { asked: settingUp },
};
