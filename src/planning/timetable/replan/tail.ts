import { anneal } from '../anneal.ts';
import { book, type Board } from '../decode.ts';
import type { Weights } from '../plan.ts';
import type { Random } from '../../random.ts';
import { modeOf, seat, unseat, type Chart } from './chart.ts';

export interface TailOptions {
  readonly random: Random;
  readonly weights: Weights;
  readonly spent: () => number;
  /** How many runs may be planned anew. */
  readonly runs: number;
}

/** Plans the last runs of a chart anew, from the end of all that stays. Yields whether there is something to look at. */
export function* replanTail(chart: Chart, options: TailOptions): Generator<boolean> {
  const { compiled } = chart;
  const free = lastRuns(chart, options.runs);
  const list = compiled.sorted.filter((index) => free.has(index));
  const byStart = list.slice().sort((a, b) => (chart.starts[a] ?? 0) - (chart.starts[b] ?? 0));
  const stays = compiled.sorted
    .filter((index) => !free.has(index))
    .sort((a, b) => (chart.starts[a] ?? 0) - (chart.starts[b] ?? 0));
  const base = { runs: list, book: (board: Board) => bookAll(board, chart, stays) };
  // What stays is booked whenever a search begins; it never moves.
  for (const settled of anneal(compiled, { ...options, base, lists: [byStart] })) {
    if (settled === null || list.some((index) => (settled.modes[index] ?? -1) < 0)) {
      yield false;
      continue;
    }
    for (const index of list) unseat(chart, index);
    for (const index of list.slice().sort((a, b) => (settled.starts[a] ?? 0) - (settled.starts[b] ?? 0)))
      seat(chart, index, {
        mode: settled.modes[index] ?? 0,
        begin: settled.setUpStarts[index] ?? 0,
        start: settled.starts[index] ?? 0,
        end: settled.ends[index] ?? 0,
      });
    yield true;
  }
}

/** The runs that start last, and all that waits for one of them. */
function lastRuns({ compiled, starts, fixed }: Chart, most: number): ReadonlySet<number> {
  const open = compiled.runs.filter(({ index }) => fixed[index] !== 1);
  const sorted = open.sort((a, b) => (starts[b.index] ?? 0) - (starts[a.index] ?? 0));
  return new Set(sorted.slice(0, Math.max(0, most)).map(({ index }) => index));
}

function bookAll(board: Board, chart: Chart, runs: Int32Array): void {
  for (const index of runs) {
    const [run, mode] = [chart.compiled.runs[index], modeOf(chart, index)];
    if (run === undefined || mode === undefined) continue;
    board.modes[index] = chart.modes[index] ?? 0;
    board.slot.begin = chart.setUpStarts[index] ?? 0;
    board.slot.start = chart.starts[index] ?? 0;
    board.slot.end = chart.ends[index] ?? 0;
    book(board, run, mode);
  }
}
