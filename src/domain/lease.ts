import type { Reason } from '../kernel/errors.ts';
import { advance, type Moves } from '../kernel/machine.ts';
import type { Instant, LeaseId, RunId, TestbedId } from './ids.ts';

/** One unit of something that exists only so many times: a product, a testbed slot, an instrument. */
export interface ReservedUnit {
  /** `equipment:org/id`, `slot:org/testbed`, `instrument:org/testbed/id` */
  readonly resource: string;
  /** From 0 to capacity − 1. */
  readonly unit: number;
}

export interface Grant {
  readonly testbed: TestbedId;
  readonly slot: number;
  readonly fence: number;
  readonly units: readonly ReservedUnit[];
  readonly expiresAt: Instant;
}

export type LeaseLife =
  | { readonly state: 'requested' }
  | { readonly state: 'pending'; readonly reason: Reason }
  | { readonly state: 'granted'; readonly grant: Grant }
  | { readonly state: 'preparing'; readonly grant: Grant }
  | { readonly state: 'active'; readonly grant: Grant }
  | { readonly state: 'draining'; readonly grant: Grant }
  | { readonly state: 'released'; readonly grant: Grant | null }
  | { readonly state: 'unsatisfiable'; readonly reason: Reason }
  | { readonly state: 'expired'; readonly grant: Grant; readonly reason: Reason }
  | { readonly state: 'revoked'; readonly grant: Grant; readonly reason: Reason };

export type LeaseState = LeaseLife['state'];
export const LEASE_STATES = [
  'requested',
  'pending',
  'granted',
  'preparing',
  'active',
  'draining',
  'released',
  'unsatisfiable',
  'expired',
  'revoked',
] as const satisfies readonly LeaseState[];
/** States in which the lease holds its units. */
export const HOLDING_LEASE_STATES = [
  'granted',
  'preparing',
  'active',
  'draining',
] as const satisfies readonly LeaseState[];

export type LeaseEvent =
  | { readonly type: 'waits'; readonly reason: Reason }
  | { readonly type: 'granted'; readonly grant: Grant }
  | { readonly type: 'refused'; readonly reason: Reason }
  | { readonly type: 'accepted' }
  | { readonly type: 'started' }
  | { readonly type: 'renewed'; readonly expiresAt: Instant }
  | { readonly type: 'finished' }
  | { readonly type: 'tornDown' }
  | { readonly type: 'withdrawn' }
  | { readonly type: 'timedOut'; readonly reason: Reason }
  | { readonly type: 'revoked'; readonly reason: Reason };

type Holding = Extract<LeaseLife, { state: (typeof HOLDING_LEASE_STATES)[number] }>;

const renew = (lease: Holding, { expiresAt }: { expiresAt: Instant }): LeaseLife => ({
  ...lease,
  grant: { ...lease.grant, expiresAt },
});
const expire = ({ grant }: Holding, { reason }: { reason: Reason }): LeaseLife => ({
  state: 'expired',
  grant,
  reason,
});
const revoke = ({ grant }: Holding, { reason }: { reason: Reason }): LeaseLife => ({
  state: 'revoked',
  grant,
  reason,
});
const drain = ({ grant }: Holding): LeaseLife => ({ state: 'draining', grant });
const release = ({ grant }: Holding): LeaseLife => ({ state: 'released', grant });

const waiting = {
  waits: (_: unknown, { reason }: { reason: Reason }): LeaseLife => ({ state: 'pending', reason }),
  granted: (_: unknown, { grant }: { grant: Grant }): LeaseLife => ({ state: 'granted', grant }),
  refused: (_: unknown, { reason }: { reason: Reason }): LeaseLife => ({ state: 'unsatisfiable', reason }),
  withdrawn: (): LeaseLife => ({ state: 'released', grant: null }),
};

/** The life of a lease: all units of a run or none, with a fence number and an expiry. */
export const LEASE_MOVES: Moves<LeaseLife, LeaseEvent> = {
  requested: waiting,
  pending: waiting,
  granted: {
    accepted: ({ grant }) => ({ state: 'preparing', grant }),
    started: ({ grant }) => ({ state: 'active', grant }),
    renewed: renew,
    finished: drain,
    withdrawn: release,
    timedOut: expire,
    revoked: revoke,
  },
  preparing: {
    started: ({ grant }) => ({ state: 'active', grant }),
    renewed: renew,
    finished: drain,
    timedOut: expire,
    revoked: revoke,
  },
  active: { renewed: renew, finished: drain, timedOut: expire, revoked: revoke },
  draining: { renewed: renew, tornDown: release, timedOut: expire, revoked: revoke },
  released: {},
  unsatisfiable: {},
  expired: {},
  revoked: {},
};

export function stepLease(from: LeaseLife, event: LeaseEvent): LeaseLife {
  return advance(LEASE_MOVES, from, event);
}

export interface Lease {
  readonly id: LeaseId;
  readonly run: RunId;
  readonly life: LeaseLife;
  readonly version: number;
}
