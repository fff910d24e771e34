import { place, sortByTime, type Desk } from './place.ts';

/** Where a list is turned into a schedule: as early as possible, as late as possible, as early as possible again. */
export interface Bench {
  readonly desk: Desk;
  /** The schedule and its list, by start. */
  readonly starts: Int32Array;
  readonly order: Int32Array;
  readonly mirrored: Int32Array;
  readonly keys: Int32Array;
}

export function makeBench(desk: Desk): Bench {
  const { count } = desk.project;
  const row = (): Int32Array => new Int32Array(count);
  return { desk, starts: row(), order: row(), mirrored: row(), keys: row() };
}

/**
 * Double justification (Valls, Ballestin and Quintanilla 2005): pushing everything to the right by ends and then to the
 * left by starts never makes a schedule longer and most often shorter. Two schedules are counted.
 *
 * @param order as for `place`; the better list is left in `bench.order`
 * @returns the makespan
 */
export function justified(bench: Bench, order: Int32Array, again: Again = place): number {
  const { desk, starts, mirrored, keys } = bench;
  const { before, after, count } = desk.project;
  const { durations, inOrder, backwards } = desk;
  const makespan = place(desk, order, { before, starts });
  for (let i = 0; i < count; i++) keys[i] = makespan - (starts[i] ?? 0) - (durations[i] ?? 0);
  sortByTime(desk, keys, { ties: backwards, into: bench.order });
  const shorter = again(desk, bench.order, { before: after, starts: mirrored });
  for (let i = 0; i < count; i++) keys[i] = shorter - (mirrored[i] ?? 0) - (durations[i] ?? 0);
  sortByTime(desk, keys, { ties: inOrder, into: bench.order });
  const shortest = again(desk, bench.order, { before, starts });
  sortByTime(desk, starts, { ties: inOrder, into: bench.order });
  return shortest;
}

/** How the second and the third schedule are made: as the first, or with other modes where they end sooner. */
export type Again = typeof place;
