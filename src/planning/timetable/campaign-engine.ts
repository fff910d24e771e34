import { anneal, type Settled } from './anneal.ts';
import { boundOf } from './bounds.ts';
import { NEVER } from './calendar.ts';
import type { Compiled } from './compile.ts';
import { type Board, book } from './decode.ts';
import type { Engine, Sketch } from './engine.ts';
import type { Former } from './evaluate.ts';
import { asTheyCome, bySetUp, byUrgency } from './firsts.ts';
import type { PlannedEntry, Weights } from './plan.ts';
import type { Random } from './random.ts';

/** A plan that is being carried out. */
export interface Standing {
  /** Of all runs that are still in the problem. */
  readonly entries: readonly PlannedEntry[];
  /** Runs that have started (set-up included): they stay where they are. */
  readonly started: readonly string[];
  /** So many others may be moved at most. */
  readonly mayMove: number;
}

export interface CampaignOptions {
  readonly random: Random;
  readonly weights: Weights;
  readonly spent: () => number;
  readonly standing: Standing | null;
}

export function campaignEngine(compiled: Compiled, options: CampaignOptions): Engine {
  const { standing } = options;
  const former = standing === null ? null : formerOf(compiled, standing);
  const started = new Set(standing?.started);
  const left = compiled.sorted.filter((index) => !started.has(compiled.problem.runs[index]?.id ?? ''));
  const underWay = standing === null ? null : (board: Board) => bookStarted(board, standing);
  const lists =
    former === null
      ? [asTheyCome(compiled), byUrgency(compiled), bySetUp(compiled, { left, underWay })]
      : [byFormerStart(left, former)];
  return {
    name: 'campaign',
    bound: boundOf(compiled),
    endsAtBound: false,
    search: sketches(compiled, anneal(compiled, { ...options, former, underWay, lists })),
  };
}

function formerOf({ problem }: Compiled, { entries, mayMove }: Standing): Former {
  const places = new Map(problem.runs.map(({ id }, index) => [id, index]));
  const starts = new Int32Array(problem.runs.length).fill(-1);
  const modes = new Int32Array(problem.runs.length).fill(-1);
  for (const { run, start, mode } of entries) {
    const index = places.get(run) ?? -1;
    if (index < 0) continue;
    starts[index] = start;
    modes[index] = mode;
  }
  return { starts, modes, limit: mayMove };
}

/** By the start they had; what was not planned comes last. */
function byFormerStart(left: Int32Array, { starts }: Former): Int32Array {
  const start = (index: number): number => ((starts[index] ?? -1) < 0 ? NEVER : (starts[index] ?? 0));
  return left.slice().sort((a, b) => start(a) - start(b) || a - b);
}

/** Puts what has started on the board, as it is. */
function bookStarted(board: Board, { entries, started }: Standing): void {
  const under = new Set(started);
  const places = new Map(board.compiled.problem.runs.map(({ id }, index) => [id, index]));
  for (const entry of [...entries].sort((a, b) => a.start - b.start)) {
    const run = board.compiled.runs[places.get(entry.run) ?? -1];
    const mode = run?.modes[entry.mode];
    if (run === undefined || mode === undefined || !under.has(entry.run)) continue;
    board.slot.begin = entry.setUpStart;
    board.slot.start = entry.start;
    board.slot.end = entry.end;
    board.modes[run.index] = entry.mode;
    book(board, run, mode);
  }
}

function* sketches(compiled: Compiled, search: Iterator<Settled | null>): Iterator<Sketch | null> {
  for (let next = search.next(); next.done !== true; next = search.next()) {
    const found = next.value;
    if (found === null || found.modes.some((mode) => mode < 0)) yield null;
    else
      yield {
        makespan: found.ends.reduce((a, b) => Math.max(a, b), 0),
        entries: () => entriesOf(compiled, found),
      };
  }
}

function entriesOf({ problem }: Compiled, found: Settled): readonly PlannedEntry[] {
  return problem.runs.map(({ id, modes }, index) => {
    const mode = found.modes[index] ?? 0;
    return {
      run: id,
      mode,
      testbed: modes[mode]?.testbed ?? null,
      setUpStart: found.setUpStarts[index] ?? 0,
      start: found.starts[index] ?? 0,
      end: found.ends[index] ?? 0,
    };
  });
}
