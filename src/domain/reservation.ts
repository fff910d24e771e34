import { advance, type Moves } from '../kernel/machine.ts';
import type { Instant, RunId } from './ids.ts';
import type { ReservedUnit } from './lease.ts';

/** Where and when a run is planned to be, with everything that it holds then. */
export interface Place {
  readonly run: RunId;
  readonly units: readonly ReservedUnit[];
  /** Set-up included. */
  readonly from: Instant;
  readonly to: Instant;
  /** It may begin earlier than planned when what is before it ends earlier, but not before this. */
  readonly notBefore: Instant;
}

/** The life of a reservation: one unit of capacity over one time range. The database refuses overlaps. */
export type ReservationLife =
  | { readonly state: 'planned' }
  | { readonly state: 'confirmed' }
  | { readonly state: 'leased' }
  | { readonly state: 'done' }
  | { readonly state: 'withdrawn' };

export const RESERVATION_STATES = ['planned', 'confirmed', 'leased', 'done', 'withdrawn'] as const;

export type ReservationEvent = { readonly type: 'confirmed' | 'leased' | 'released' | 'withdrawn' };

const withdraw = (): ReservationLife => ({ state: 'withdrawn' });
const lease = (): ReservationLife => ({ state: 'leased' });

export const RESERVATION_MOVES: Moves<ReservationLife, ReservationEvent> = {
  planned: { confirmed: () => ({ state: 'confirmed' }), leased: lease, withdrawn: withdraw },
  confirmed: { leased: lease, withdrawn: withdraw },
  leased: { released: () => ({ state: 'done' }) },
  done: {},
  withdrawn: {},
};

export function stepReservation(from: ReservationLife, event: ReservationEvent): ReservationLife {
  return advance(RESERVATION_MOVES, from, event);
}
