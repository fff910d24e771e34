import { unfairnessOf } from '../evaluate.ts';
import { costOf, type Weights } from '../plan.ts';
import type { Random } from '../../random.ts';
import type { Chart, Seat } from './chart.ts';
import { modeOf, seat, unseat } from './chart.ts';
import { displace, settle } from './repair.ts';

/** By run, where it was before: a start of -1 for one that was not planned. */
export interface Former {
  readonly starts: Int32Array;
  readonly modes: Int32Array;
}

export interface ImproveOptions {
  readonly random: Random;
  readonly weights: Weights;
  readonly former: Former;
  /** Limit of runs moved. */
  readonly mayMove: number;
  readonly scale: readonly number[];
}

/**
 * Takes a few runs out, mostly of those that end last or are late, and puts each where it ends first; keeps what costs
 * no more. Yields whether the plan became better, for ever.
 */
export function* improve(chart: Chart, options: ImproveOptions): Generator<boolean, never> {
  let cost = costOfChart(chart, options);
  for (;;) {
    const chosen = choose(chart, options.random);
    const trail = remember(chart);
    const pending = displace(chart, chosen);
    const seated = settle(chart, shuffled(pending, options.random));
    const now = seated ? costOfChart(chart, options) : Infinity;
    if (now > cost) restore(chart, trail);
    const better = now < cost - 1e-9;
    if (now <= cost) cost = now;
    yield better;
  }
}

export function costOfChart(chart: Chart, { weights, former, mayMove, scale }: ImproveOptions): number {
  const { compiled, ends } = chart;
  const moved = movedOn(chart, former);
  let [weightedTardiness, makespan] = [0, 0];
  const sums = new Float64Array(compiled.organisations);
  for (const run of compiled.runs) {
    const i = run.index;
    const end = ends[i] ?? 0;
    makespan = Math.max(makespan, end);
    weightedTardiness += Math.max(0, end + (modeOf(chart, i)?.buffer ?? 0) - run.due) * run.weight;
    sums[run.organisation] = (sums[run.organisation] ?? 0) + end;
  }
  const unfairness = unfairnessOf(sums, scale);
  const setUpMinutes = setUpMinutesOf(chart);
  const cost = costOf({ weightedTardiness, makespan, setUpMinutes, unfairness, moved }, weights);
  return moved > mayMove ? cost + (moved - mayMove) * 1e6 : cost;
}

/** How many runs are at another time or in another mode than before. */
export function movedOn({ starts, modes }: Chart, former: Former): number {
  let moved = 0;
  for (let i = 0; i < starts.length; i++) {
    const was = former.starts[i] ?? -1;
    if (was >= 0 && (was !== starts[i] || former.modes[i] !== modes[i])) moved++;
  }
  return moved;
}

function setUpMinutesOf({ compiled, beds }: Chart): number {
  let minutes = 0;
  for (const [b, runs] of beds.entries()) {
    const bed = compiled.testbeds[b];
    for (let x = 0; x < runs.length; x++) {
      const run = runs[x] ?? 0;
      minutes += (x === 0 ? bed?.firstSetUps[run] : bed?.setUpAfter(runs[x - 1] ?? 0, run)) ?? 0;
    }
  }
  return minutes;
}

/** The last run but a few, or one that is late, with some that stand beside it or anywhere. */
function choose(chart: Chart, random: Random): readonly number[] {
  const { compiled, ends, fixed, beds } = chart;
  const free = compiled.runs.filter(({ index }) => fixed[index] !== 1);
  if (free.length === 0) return [];
  const late = free.filter(
    ({ index, due }) => (ends[index] ?? 0) + (modeOf(chart, index)?.buffer ?? 0) > due,
  );
  const pick = (list: readonly { readonly index: number }[]): number =>
    list[random.below(list.length)]?.index ?? 0;
  const chosen = new Set<number>();
  if (late.length > 0 && random.next() < 0.5) chosen.add(pick(late));
  else {
    const lasts = beds.flatMap((bed) => bed.slice(-3)).filter((index) => fixed[index] !== 1);
    lasts.sort((a, b) => (ends[b] ?? 0) - (ends[a] ?? 0));
    chosen.add(lasts[Math.floor(random.next() * random.next() * lasts.length)] ?? pick(free));
  }
  for (let more = random.below(4); more > 0; more--) {
    const [one] = chosen;
    const bed = beds[modeOf(chart, one ?? 0)?.testbed ?? -1] ?? [];
    const beside = bed[bed.indexOf(one ?? 0) + (random.next() < 0.5 ? -more : more)];
    const other = random.next() < 0.5 ? beside : pick(free);
    if (other !== undefined && fixed[other] !== 1) chosen.add(other);
  }
  return [...chosen];
}

function shuffled(set: ReadonlySet<number>, random: Random): Set<number> {
  const list = [...set];
  for (let x = list.length - 1; x > 0; x--) {
    const y = random.below(x + 1);
    [list[x], list[y]] = [list[y] ?? 0, list[x] ?? 0];
  }
  return new Set(list);
}

interface Trail {
  readonly modes: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly setUpStarts: Int32Array;
}

export function remember({ modes, starts, ends, setUpStarts }: Chart): Trail {
  return {
    modes: modes.slice(),
    starts: starts.slice(),
    ends: ends.slice(),
    setUpStarts: setUpStarts.slice(),
  };
}

/** Puts every run that has changed back where it was. */
export function restore(chart: Chart, { modes, starts, ends, setUpStarts }: Trail): void {
  const changed: number[] = [];
  for (let i = 0; i < modes.length; i++)
    if (modes[i] !== chart.modes[i] || starts[i] !== chart.starts[i]) changed.push(i);
  for (const i of changed) if ((chart.modes[i] ?? -1) >= 0) unseat(chart, i);
  const seats = changed
    .filter((i) => (modes[i] ?? -1) >= 0)
    .map((i): readonly [number, Seat] => [
      i,
      { mode: modes[i] ?? 0, begin: setUpStarts[i] ?? 0, start: starts[i] ?? 0, end: ends[i] ?? 0 },
    ]);
  for (const [i, where] of seats.sort(([, a], [, b]) => a.start - b.start)) seat(chart, i, where);
}
