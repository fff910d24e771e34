import { advance, type Moves } from '../kernel/machine.ts';

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
