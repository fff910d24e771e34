import type { Compiled } from './compile.ts';
import { append, makeBoard, promiseOf, type Board } from './decode.ts';

/** First come, first served: as they stand in the problem, what they wait for before them. */
export function asTheyCome({ sorted }: Compiled): Int32Array {
  return sorted.slice();
}

/** Most important and most urgent first; organisations in turns, by their shares. */
export function byUrgency({ runs, shares, sorted }: Compiled): Int32Array {
  const used = new Float64Array(shares.length);
  const turn = new Float64Array(runs.length);
  for (const index of sorted) {
    const run = runs[index];
    if (run === undefined) continue;
    used[run.organisation] = (used[run.organisation] ?? 0) + (run.modes[0]?.duration ?? 0);
    turn[index] = (used[run.organisation] ?? 0) / (shares[run.organisation] ?? 1);
  }
  const due = (index: number): number => runs[index]?.due ?? 0;
  const weight = (index: number): number => runs[index]?.weight ?? 1;
  return sorted
    .slice()
    .sort((a, b) => due(a) - due(b) || weight(b) - weight(a) || (turn[a] ?? 0) - (turn[b] ?? 0) || a - b);
}

/**
 * Set-up-aware greedy: of all runs that may start, and all places where they can, the one that starts first goes next;
 * each minute of its set-up counts half a minute more.
 */
export function bySetUp(compiled: Compiled): Int32Array {
  const board = makeBoard(compiled);
  const { runs, sorted } = compiled;
  const open = new Set(sorted);
  const list: number[] = [];
  const waits = new Map(runs.map(({ index, after }) => [index, after.length]));
  while (open.size > 0) {
    const run = runs[nextOf(board, open, waits)];
    if (run === undefined) break;
    append(board, run, -1);
    open.delete(run.index);
    list.push(run.index);
    for (const follower of run.before) waits.set(follower, (waits.get(follower) ?? 0) - 1);
  }
  return Int32Array.from(list);
}

function nextOf(board: Board, open: ReadonlySet<number>, waits: ReadonlyMap<number, number>): number {
  let [next, least] = [-1, Infinity];
  for (const index of open) {
    if ((waits.get(index) ?? 0) > 0) continue;
    const run = board.compiled.runs[index];
    const value = run === undefined ? Infinity : promiseOf(board, run);
    if (value < least || next < 0) [next, least] = [index, value];
  }
  return next;
}
