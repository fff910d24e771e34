import type { Random } from '../../random.ts';
import { sortByTime, type Desk } from './place.ts';
import type { Links } from './project.ts';

/** What children are made in. */
export interface Cradle {
  readonly desk: Desk;
  readonly random: Random;
  readonly child: Int32Array;
  readonly keys: Int32Array;
  readonly marks: Uint8Array;
  readonly open: Int32Array;
  /** By activity: how much of all resources it takes, times how long. */
  readonly work: Float64Array;
}

export function makeCradle(desk: Desk, random: Random): Cradle {
  const { count } = desk.project;
  return {
    desk,
    random,
    child: new Int32Array(count),
    keys: new Int32Array(count),
    marks: new Uint8Array(count),
    open: new Int32Array(count),
    work: new Float64Array(count),
  };
}

export interface Parent {
  readonly order: Int32Array;
  readonly starts: Int32Array;
  readonly modes: Int32Array;
}

export interface Parents {
  readonly first: Parent;
  readonly second: Parent;
}

/**
 * A child that keeps a busy stretch of the first parent's schedule as it is, and follows the second everywhere else
 * (after the peak crossover of Valls, Ballestin and Quintanilla 2008). `marks` tells whose an activity is.
 */
export function crossPeak(cradle: Cradle, first: Parent, second: Parent): void {
  const { keys, marks } = cradle;
  const { count } = cradle.desk.project;
  const [from, to] = busyStretch(cradle, first);
  const { durations } = cradle.desk;
  for (let x = 0; x < count; x++) keys[second.order[x] ?? 0] = 2 * x + 1;
  marks.fill(0);
  for (let x = 0; x < count; x++) {
    const i = first.order[x] ?? 0;
    const start = first.starts[i] ?? 0;
    if (start < from || start + (durations[i] ?? 0) > to) continue;
    keys[i] = 2 * x;
    marks[i] = 1;
  }
  orderByKeys(cradle, second.order);
}

/** Of three stretches the one with most work in it, in time units of the parent's schedule. */
function busyStretch({ desk, random, work }: Cradle, { order, starts }: Parent): readonly [number, number] {
  const { durations } = desk;
  const last = order[order.length - 1] ?? 0;
  const span = Math.max(1, (starts[last] ?? 0) + (durations[last] ?? 0));
  let [most, from, to] = [-1, 0, 0];
  for (let attempt = 0; attempt < 3; attempt++) {
    const length = Math.max(1, Math.floor(span * (0.2 + 0.5 * random.next())));
    const begin = random.below(Math.max(1, span - length));
    let inside = 0;
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i] ?? 0;
      if (start >= begin && start + (durations[i] ?? 0) <= begin + length) inside += work[i] ?? 0;
    }
    if (inside / length > most) [most, from, to] = [inside / length, begin, begin + length];
  }
  return [from, to];
}

/** One or two cuts: the first parent up to the first cut, then the second, then the first again. */
export function crossCuts({ child, marks, random }: Cradle, first: Parent, second: Parent): void {
  const count = child.length;
  const a = random.below(count);
  const b = random.next() < 0.5 ? count : random.below(count);
  const [from, to] = a < b ? [a, b] : [b, a];
  marks.fill(0);
  let k = 0;
  for (; k < from; k++) {
    const i = first.order[k] ?? 0;
    child[k] = i;
    marks[i] = 1;
  }
  const seconds = k;
  for (let x = 0; x < count && k < to; x++) {
    const i = second.order[x] ?? 0;
    if (marks[i] !== 0) continue;
    child[k++] = i;
    marks[i] = 2;
  }
  const until = k;
  for (let x = 0; x < count; x++) {
    const i = first.order[x] ?? 0;
    if (marks[i] === 0) child[k++] = i;
  }
  for (let x = seconds; x < until; x++) marks[child[x] ?? 0] = 0;
  for (let x = until; x < count; x++) marks[child[x] ?? 0] = 1;
}

/** A copy of the parent in which a stretch of the list is dealt anew. */
export function shuffleStretch(cradle: Cradle, { order }: Parent): void {
  const { child, marks, random, open, desk } = cradle;
  const { before, after } = desk.project;
  const count = order.length;
  child.set(order);
  marks.fill(1);
  const length = Math.min(count, 2 + random.below(Math.max(8, Math.floor(count / 4))));
  const begin = random.below(count - length + 1);
  let ready = 0;
  for (let x = begin; x < begin + length; x++) marks[order[x] ?? 0] = 0;
  const waits = (i: number): boolean => {
    for (let y = before.from[i] ?? 0; y < (before.from[i + 1] ?? 0); y++)
      if (marks[before.ids[y] ?? 0] === 0) return true;
    return false;
  };
  for (let x = begin; x < begin + length; x++) {
    const i = order[x] ?? 0;
    if (!waits(i)) open[ready++] = i;
  }
  for (let k = begin; ready > 0; k++) {
    const pick = random.below(ready);
    const i = open[pick] ?? 0;
    open[pick] = open[--ready] ?? 0;
    child[k] = i;
    marks[i] = 1;
    for (let y = after.from[i] ?? 0; y < (after.from[i + 1] ?? 0); y++) {
      const j = after.ids[y] ?? 0;
      if (marks[j] === 0 && !waits(j)) open[ready++] = j;
    }
  }
}

/** Neighbours in the list change places, each with this likelihood, where nothing stands against it. */
export function swapNeighbours({ child, desk, random }: Cradle, likelihood: number): void {
  const { after } = desk.project;
  for (let x = 0; x + 1 < child.length; x++) {
    if (random.next() >= likelihood) continue;
    const [i, j] = [child[x] ?? 0, child[x + 1] ?? 0];
    if (linked(after, i, j)) continue;
    child[x] = j;
    child[x + 1] = i;
  }
}

function linked({ from, ids }: Links, i: number, j: number): boolean {
  for (let y = from[i] ?? 0; y < (from[i + 1] ?? 0); y++) if (ids[y] === j) return true;
  return false;
}

/**
 * Lists activities by `keys`, whole numbers below the limit of the desk; one that waits for others with greater keys comes
 * after these. Ties stay in the order of `ties`, which lists everything after what it waits for.
 */
export function orderByKeys({ desk, keys, child }: Cradle, ties: Int32Array): void {
  const { before, count } = desk.project;
  const { from, ids } = before;
  for (let i = 0; i < count; i++) {
    let key = keys[i] ?? 0;
    for (let y = from[i] ?? 0, last = from[i + 1] ?? 0; y < last; y++) {
      const other = keys[ids[y] ?? 0] ?? 0;
      if (other > key) key = other;
    }
    keys[i] = key;
  }
  sortByTime(desk, keys, { ties, into: child });
}
