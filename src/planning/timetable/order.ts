import type { Compiled } from './compile.ts';

/**
 * Puts what a run waits for before it, changing as little as possible. Runs that are not in the list are under way.
 *
 * @param from everything before this place is in order
 */
export function inOrder({ runs }: Compiled, list: Int32Array, { from, seats }: Seating): void {
  const wanted = list.slice(from);
  seats.fill(0);
  for (const run of wanted) seats[run] = 1;
  let at = from;
  const seat = (index: number): void => {
    if (seats[index] !== 1) return;
    seats[index] = 0;
    for (const before of runs[index]?.after ?? []) seat(before);
    list[at++] = index;
  };
  for (const run of wanted) seat(run);
}

export interface Seating {
  readonly from: number;
  /** Room for one mark a run. */
  readonly seats: Uint8Array;
}
