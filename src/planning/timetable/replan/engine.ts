import { boundOf } from '../bounds.ts';
import { compile, type Compiled } from '../compile.ts';
import type { Engine, Sketch } from '../engine.ts';
import { scaleOf } from '../evaluate.ts';
import type { Bound, PlannedEntry, Weights } from '../plan.ts';
import type { TimetableProblem } from '../problem.ts';
import type { Random } from '../../random.ts';
import type { Chart } from './chart.ts';
import {
  costOfChart,
  improve,
  movedOn,
  remember,
  restore,
  type Former,
  type ImproveOptions,
} from './improve.ts';
import { makespanOf, repair, type Standing } from './repair.ts';
import { replanTail } from './tail.ts';

export interface ReplanOptions {
  readonly random: Random;
  readonly weights: Weights;
  readonly standing: Standing;
  readonly spent: () => number;
}

/** The share of the budget in which the last runs are planned anew; then single runs are put elsewhere. */
const TAIL = 0.7;

/** Repairs a standing plan at once, then improves it, moving no more runs than it may. */
export function replanEngine(
  problem: TimetableProblem,
  { random, weights, standing, spent }: ReplanOptions,
): Engine {
  const compiled = compile(fromNowOn(problem, standing));
  let bound: Bound | null = null;
  return { name: 'replan', bound: () => (bound ??= boundOf(compiled)), endsAtBound: false, search: search() };

  function* search(): Generator<Sketch | null> {
    const chart = repair(compiled, standing);
    if (chart === null) return;
    yield sketchOf(chart);
    const former = formerOf(compiled, standing);
    const base: ImproveOptions = {
      random,
      weights,
      former,
      mayMove: standing.mayMove,
      scale: scaleOf(compiled),
    };
    // What had to be moved is moved, even when that is more than may be.
    const forced = movedOn(chart, former);
    const limited = { ...base, mayMove: Math.max(standing.mayMove, forced) };
    let best = costOfChart(chart, limited);
    const tail = { random, weights, spent: () => spent() / TAIL, runs: standing.mayMove - forced };
    const kept = remember(chart);
    let top = kept;
    for (const news of replanTail(chart, tail)) {
      if (spent() >= TAIL) break;
      const cost = news ? costOfChart(chart, limited) : Infinity;
      if (cost < best) [best, top] = [cost, remember(chart)];
      yield cost === best ? sketchOf(chart) : null;
    }
    restore(chart, top);
    for (const better of improve(chart, limited)) yield better ? sketchOf(chart) : null;
  }
}

function fromNowOn(problem: TimetableProblem, { started, now }: Standing): TimetableProblem {
  const begun = new Set(started);
  const runs = problem.runs.map((run) =>
    begun.has(run.id) || run.release >= now ? run : { ...run, release: now },
  );
  return { ...problem, runs };
}

function formerOf({ problem }: Compiled, { entries }: Standing): Former {
  const places = new Map(problem.runs.map(({ id }, index) => [id, index]));
  const starts = new Int32Array(problem.runs.length).fill(-1);
  const modes = new Int32Array(problem.runs.length).fill(-1);
  for (const { run, start, mode } of entries) {
    const index = places.get(run) ?? -1;
    if (index < 0) continue;
    starts[index] = start;
    modes[index] = mode;
  }
  return { starts, modes };
}

function sketchOf(chart: Chart): Sketch {
  return { makespan: makespanOf(chart), entries: () => entriesOf(chart) };
}

function entriesOf({ compiled, modes, setUpStarts, starts, ends }: Chart): readonly PlannedEntry[] {
  return compiled.problem.runs.map((run, index) => {
    const mode = modes[index] ?? 0;
    return {
      run: run.id,
      mode,
      testbed: run.modes[mode]?.testbed ?? null,
      setUpStart: setUpStarts[index] ?? 0,
      start: starts[index] ?? 0,
      end: ends[index] ?? 0,
    };
  });
}
