import type { Compiled } from './compile.ts';
import {
  append,
  copyFront,
  MAKESPAN,
  makeBoard,
  makeFront,
  SET_UP,
  TARDINESS,
  UNPLACED,
  type Board,
  type Front,
} from './decode.ts';
import { GUIDE, type Weights } from './plan.ts';

/**
 * A list of runs that is changed a little, measured, and kept or not. Fronts are put aside every few places, so that
 * only what comes after the change is made anew.
 */
export interface Track {
  readonly board: Board;
  readonly weights: Weights;
  readonly scale: readonly number[];
  /** Runs in the order in which they are put down; those before `fixed` never move. */
  readonly list: Int32Array;
  /** By run: the mode it has to take; -1: any. */
  readonly wanted: Int32Array;
  readonly stride: number;
  readonly fronts: Front[];
  readonly trials: Front[];
  /** Of the list as kept. */
  readonly kept: Kept;
  /** What the plan measured last costs, by its objective; nothing while searching guides it. */
  readonly figures: { cost: number };
}

export interface Kept {
  readonly setUpStarts: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly modes: Int32Array;
}

/** A run without a place costs more than any run that is late. */
const UNPLACED_COST = 1e12;

export interface TrackOptions {
  readonly weights: Weights;
  readonly list: Int32Array;
  readonly base: Base;
}

/** What is to be planned, on top of what stands already. */
export interface Base {
  /** With all that they wait for, as far as it is to be planned, before them. */
  readonly runs: Int32Array;
  /** Books what stands on an empty board. */
  readonly book: (board: Board) => void;
}

export function makeTrack(compiled: Compiled, { weights, list, base }: TrackOptions): Track {
  const board = makeBoard(compiled);
  base.book(board);
  const stride = Math.max(6, Math.ceil(list.length / 48));
  const fronts = (): Front[] =>
    Array.from({ length: Math.floor(list.length / stride) + 1 }, () => makeFront(compiled));
  const track: Track = {
    board,
    weights,
    scale: scaleOf(compiled),
    list,
    wanted: new Int32Array(compiled.runs.length).fill(-1),
    stride,
    fronts: fronts(),
    trials: fronts(),
    kept: {
      setUpStarts: board.setUpStarts.slice(),
      starts: board.starts.slice(),
      ends: board.ends.slice(),
      modes: board.modes.slice(),
    },
    figures: { cost: Infinity },
  };
  for (const each of [track.fronts[0], track.trials[0]]) if (each !== undefined) copyFront(board.front, each);
  return track;
}

/** By organisation: what turns the sum of the ends of its runs into their mean, by its share. */
export function scaleOf({ runs, shares }: Compiled): readonly number[] {
  const counts = Array.from(shares, () => 0);
  for (const { organisation } of runs) counts[organisation] = (counts[organisation] ?? 0) + 1;
  return counts.map((runsOf, o) => 1 / (runsOf * (shares[o] ?? 1)));
}

/**
 * What the list costs when everything from place `from` on is put down anew.
 *
 * @param limit more than this is not looked at to its end; what is returned is then only known to be more
 */
export function measure(track: Track, from: number, limit: number): number {
  const { board, list, stride, wanted, trials, fronts, weights } = track;
  const { front, compiled } = board;
  const { sums } = front;
  const block = Math.floor(from / stride);
  const base = fronts[block];
  if (base !== undefined) copyFront(base, front);
  for (let x = block * stride; x < list.length; x++) {
    if (x % stride === 0 && x > from) {
      const aside = trials[x / stride];
      if (aside !== undefined) copyFront(front, aside);
      const least =
        (sums[TARDINESS] ?? 0) * weights.weightedTardiness +
        (sums[MAKESPAN] ?? 0) * weights.makespan +
        (sums[SET_UP] ?? 0) * weights.setUpMinutes;
      if (least > limit || (sums[UNPLACED] ?? 0) * UNPLACED_COST > limit) return Infinity;
    }
    const run = compiled.runs[list[x] ?? 0];
    if (run !== undefined) append(board, run, wanted[run.index] ?? -1);
  }
  return costOnBoard(track);
}

/** What the finished board costs; while searching, the mean end counts as well. */
function costOnBoard({ board, weights, scale, figures }: Track): number {
  const { sums, ends } = board.front;
  let total = 0;
  for (let o = 0; o < ends.length; o++) total += ends[o] ?? 0;
  figures.cost =
    (sums[TARDINESS] ?? 0) * weights.weightedTardiness +
    (sums[MAKESPAN] ?? 0) * weights.makespan +
    (sums[SET_UP] ?? 0) * weights.setUpMinutes +
    unfairnessOf(ends, scale) * weights.unfairness +
    (sums[UNPLACED] ?? 0) * UNPLACED_COST;
  return figures.cost + (total / Math.max(1, board.starts.length)) * GUIDE * weights.makespan;
}

/** Between the organisation that waits longest and the one that waits least: mean end by share, in minutes. */
export function unfairnessOf(ends: Float64Array, scale: readonly number[]): number {
  let [most, least] = [0, Infinity];
  for (let o = 0; o < ends.length; o++) {
    const mean = (ends[o] ?? 0) * (scale[o] ?? 0);
    if (mean > most) most = mean;
    if (mean < least) least = mean;
  }
  return ends.length < 2 ? 0 : most - least;
}

/** The list as it is becomes the one that changes start from. */
export function keep(track: Track, from: number): void {
  const { fronts, trials, stride, board, kept } = track;
  for (let block = Math.floor(from / stride) + 1; block < fronts.length; block++) {
    const [old, made] = [fronts[block], trials[block]];
    if (old === undefined || made === undefined) continue;
    fronts[block] = made;
    trials[block] = old;
  }
  kept.setUpStarts.set(board.setUpStarts);
  kept.starts.set(board.starts);
  kept.ends.set(board.ends);
  kept.modes.set(board.modes);
}

/** Takes back what a trial that is not kept has written. */
export function takeBack({ board, kept }: Track): void {
  board.setUpStarts.set(kept.setUpStarts);
  board.starts.set(kept.starts);
  board.ends.set(kept.ends);
  board.modes.set(kept.modes);
}
