import type { Parents } from './breed.ts';
import { place, sortByTime, type Desk } from './place.ts';

/** Where a list is turned into a schedule: as early as possible, as late as possible, as early as possible again. */
export interface Bench {
  readonly desk: Desk;
  readonly starts: Int32Array;
  readonly list: Int32Array;
  readonly mirrored: Int32Array;
  readonly keys: Int32Array;
}

export function makeBench(desk: Desk): Bench {
  const { count } = desk.project;
  const row = (): Int32Array => new Int32Array(count);
  return { desk, starts: row(), list: row(), mirrored: row(), keys: row() };
}

/** Instead of a makespan: the child is a parent's schedule once more. */
export const AGAIN = Infinity;

/**
 * Double justification (Valls, Ballestin and Quintanilla 2005): pushing everything to the right by ends and then to the
 * left by starts never makes a schedule longer and most often shorter. Two schedules are counted.
 *
 * @param order as for `place`
 * @param parents what is listed as in one of these, from the beginning, starts as there
 * @returns the makespan, or `AGAIN`
 */
export function justified(bench: Bench, order: Int32Array, { parents, again = place }: Ways): number {
  const { desk, starts, list, mirrored, keys } = bench;
  const { before, after, count } = desk.project;
  const { durations, inOrder, backwards } = desk;
  const known = parents === null ? 0 : begin(starts, order, parents);
  const makespan = place(desk, order, { before, starts, known });
  if (parents !== null && (same(starts, parents.first.starts) || same(starts, parents.second.starts)))
    return AGAIN;
  for (let i = 0; i < count; i++) keys[i] = makespan - (starts[i] ?? 0) - (durations[i] ?? 0);
  sortByTime(desk, keys, { ties: backwards, into: list });
  const shorter = again(desk, list, { before: after, starts: mirrored });
  for (let i = 0; i < count; i++) keys[i] = shorter - (mirrored[i] ?? 0) - (durations[i] ?? 0);
  sortByTime(desk, keys, { ties: inOrder, into: list });
  return again(desk, list, { before, starts });
}

export interface Ways {
  /** None when modes may be others than the parents'. */
  readonly parents: Parents | null;
  /** How the second and the third schedule are made: as the first, or with other modes where they end sooner. */
  readonly again?: typeof place;
}

/** How much later, in all, activities might start as they stood before the last push to the left. */
export function looseness({ keys, starts }: Bench): number {
  let sum = 0;
  for (let i = 0; i < starts.length; i++) sum += (keys[i] ?? 0) - (starts[i] ?? 0);
  return sum;
}

/** @returns how many of the first in the order have their starts now */
function begin(starts: Int32Array, order: Int32Array, { first, second }: Parents): number {
  const [a, b] = [alike(order, first.order), alike(order, second.order)];
  const known = Math.max(a, b);
  const parent = a >= b ? first : second;
  for (let x = 0; x < known; x++) starts[order[x] ?? 0] = parent.starts[order[x] ?? 0] ?? 0;
  return known;
}

function alike(a: Int32Array, b: Int32Array): number {
  let x = 0;
  while (x < a.length && a[x] === b[x]) x++;
  return x;
}

function same(a: Int32Array, b: Int32Array): boolean {
  return alike(a, b) === a.length;
}
