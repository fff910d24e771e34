import type { Random } from '../random.ts';
import { setUpBetween, type Related } from './related.ts';

/** What a list is changed with; `list` and `wanted` are changed in place, `undo` puts them back. */
export interface Mover {
  readonly list: Int32Array;
  readonly wanted: Int32Array;
  readonly before: Int32Array;
  readonly wantedBefore: Int32Array;
  readonly random: Random;
  readonly related: Related;
  /** How far a run is moved at most. */
  readonly reach: number;
}

/** Makes one change. @returns the first place that differs, or the length of the list when none does */
export function move(mover: Mover): number {
  const { list, before, random } = mover;
  const count = list.length;
  if (count < 2) return count;
  before.set(list);
  mover.wantedBefore.set(mover.wanted);
  const dice = random.next();
  if (mover.related.choices && dice < 0.1) return reconsider(mover);
  if (dice < 0.4) return shift(list, random.below(count), near(mover));
  if (dice < 0.6) return exchange(mover);
  if (dice < 0.75) return shiftBlock(mover);
  return gather(mover);
}

export function undo({ list, wanted, before, wantedBefore }: Mover): void {
  list.set(before);
  wanted.set(wantedBefore);
}

/** A place no further from another than the reach. */
function near({ random, reach, list }: Mover): (from: number) => number {
  return (from) => Math.min(list.length - 1, Math.max(0, from - reach + random.below(2 * reach + 1)));
}

function shift(list: Int32Array, from: number, place: (from: number) => number): number {
  const to = place(from);
  const run = list[from] ?? 0;
  if (to > from) list.copyWithin(from, from + 1, to + 1);
  else list.copyWithin(to + 1, to, from);
  list[to] = run;
  return from === to ? list.length : Math.min(from, to);
}

function exchange(mover: Mover): number {
  const { list, random } = mover;
  const from = random.below(list.length);
  const to = near(mover)(from);
  [list[from], list[to]] = [list[to] ?? 0, list[from] ?? 0];
  return from === to ? list.length : Math.min(from, to);
}

function shiftBlock(mover: Mover): number {
  const { list, random } = mover;
  const from = random.below(list.length);
  const length = Math.min(list.length - from, 2 + random.below(5));
  const to = Math.min(list.length - length, near(mover)(from));
  const block = list.slice(from, from + length);
  if (to > from) list.copyWithin(from, from + length, to + length);
  else list.copyWithin(to + length, to, from);
  list.set(block, to);
  return from === to ? list.length : Math.min(from, to);
}

/** Brings a run next to one after which it needs little set-up. */
function gather(mover: Mover): number {
  const { list, random, related } = mover;
  const from = random.below(list.length);
  const run = list[from] ?? 0;
  let [to, least] = [from, Infinity];
  for (let attempt = 0; attempt < 6; attempt++) {
    const place = near(mover)(from);
    const minutes = setUpBetween(related, list[place] ?? 0, run);
    if (place !== from && minutes < least) [to, least] = [place, minutes];
  }
  return shift(list, from, () => (to > from ? to : Math.min(list.length - 1, to + 1)));
}

/** Gives a run another wanted mode, or none. */
function reconsider({ list, wanted, random, related }: Mover): number {
  const place = random.below(list.length);
  const run = list[place] ?? 0;
  const modes = related.modes[run] ?? 1;
  const wish = random.next() < 0.5 ? -1 : random.below(modes);
  if (wish === wanted[run]) return list.length;
  wanted[run] = wish;
  return place;
}
