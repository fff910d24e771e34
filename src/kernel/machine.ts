import { HarnessError } from './errors.ts';

/**
 * The legal moves of a machine: for each state, what each event makes of it.
 * A missing cell is an illegal move. A cell sees only its own state and event.
 */
export type Moves<S extends { readonly state: string }, E extends { readonly type: string }> = {
  readonly [K in S['state']]: {
    readonly [T in E['type']]?: (from: Extract<S, { state: K }>, event: Extract<E, { type: T }>) => S;
  };
};

type Move<S, E> = ((from: S, event: E) => S) | undefined;

/** The next state, or `ILLEGAL_TRANSITION`. Pure: no clock, no I/O. */
export function advance<S extends { readonly state: string }, E extends { readonly type: string }>(
  moves: Moves<S, E>,
  from: S,
  event: E,
): S {
  const move = moveFor(moves, from.state, event.type);
  if (move === undefined) {
    throw new HarnessError('ILLEGAL_TRANSITION', `${event.type} is not possible in state ${from.state}`);
  }
  return move(from, event);
}

/** Whether `event` is legal in `state`. */
export function canAdvance<S extends { readonly state: string }, E extends { readonly type: string }>(
  moves: Moves<S, E>,
  state: S['state'],
  event: E['type'],
): boolean {
  return moveFor(moves, state, event) !== undefined;
}

function moveFor<S extends { readonly state: string }, E extends { readonly type: string }>(
  moves: Moves<S, E>,
  state: string,
  event: string,
): Move<S, E> {
  const row = moves[state as S['state']] as Readonly<Record<string, Move<S, E>>>;
  return Object.hasOwn(row, event) ? row[event] : undefined;
}
