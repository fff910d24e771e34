import type { Random } from '../../random.ts';
import {
  crossCuts,
  crossPeak,
  makeCradle,
  orderByKeys,
  shuffleStretch,
  swapNeighbours,
  type Cradle,
  type Parent,
  type Parents,
} from './breed.ts';
import { criticalTimes, shortestDurations, type Critical } from './critical.ts';
import { AGAIN, looseness, makeBench, type Bench } from './justify.ts';
import { chooseModes, FINENESS, makeDesk, sortByTime } from './place.ts';
import { dressAnew, dressLike, evaluate, makeWardrobe } from './wardrobe.ts';
import { admit, makePopulation, type Population } from './population.ts';
import type { Project } from './project.ts';

export interface Found {
  readonly starts: Int32Array;
  readonly modes: Int32Array;
  readonly makespan: number;
}

/** Shares of the ways to make a child, and how long without news until everything starts anew. */
const CROSSED = 0.92;
const PEAKS = 0.5;
const SWAPS = 0.015;
const PATIENCE = 60;
const FIRST_LOT = 2;
/** So small that it decides only between schedules equally long. */
const LOOSE = 1e-9;

/**
 * Breeds schedules for ever; the caller stops. After each schedule it says whether a shorter one was found.
 *
 * @param size how many are bred from: few find something soon, many find better later
 */
export function* breed(project: Project, { random, size }: BreedOptions): Generator<Found | null, never> {
  const desk = makeDesk(project);
  const [bench, cradle, wardrobe] = [makeBench(desk), makeCradle(desk, random), makeWardrobe(desk, random)];
  const { modes } = wardrobe;
  chooseModes(desk, modes);
  weigh(cradle);
  const times = criticalTimes(project, shortestDurations(project));
  let shortest = project.horizon + 1;
  for (;;) {
    const population = makePopulation(size, project.count);
    let [best, since] = [project.horizon + 1, 0];
    for (let made = 0; since < size * PATIENCE; made++, since++) {
      const parents = made < size * FIRST_LOT ? null : conceive(cradle, population);
      if (parents === null) {
        sample(cradle, times, made);
        dressAnew(wardrobe);
      } else dressLike(wardrobe, cradle.marks, parents);
      const cost = evaluate(wardrobe, bench, { order: cradle.child, parents });
      if (cost !== AGAIN) join(population, bench, { modes, cost });
      if (cost < best) [best, since] = [cost, 0];
      if (cost >= shortest) yield null;
      else {
        shortest = cost;
        yield { starts: bench.starts.slice(), modes: modes.slice(), makespan: cost };
      }
    }
  }
}

export interface BreedOptions {
  readonly random: Random;
  readonly size: number;
}

/** Work of each activity, as a share of all resources. */
function weigh({ desk, work }: Cradle): void {
  const { count, amounts, capacities, durations } = desk.project;
  const resources = capacities.length;
  for (let i = 0; i < count; i++) {
    let share = 0;
    for (let r = 0; r < resources; r++)
      share += (amounts[i * resources + r] ?? 0) / Math.max(1, capacities[r] ?? 0);
    work[i] = share * (durations[i] ?? 0);
  }
}

/** Of two schedules equally long the looser one is the better: more of it may be moved about. */
function join(population: Population, bench: Bench, { modes, cost }: Judged): void {
  const { desk, starts } = bench;
  const order = admit(population, { starts, modes, cost: cost - LOOSE * looseness(bench) });
  if (order !== undefined) sortByTime(desk, starts, { ties: desk.inOrder, into: order });
}

interface Judged {
  readonly modes: Int32Array;
  readonly cost: number;
}

/** A list by latest starts, more or less at random. */
function sample(cradle: Cradle, { tails, length }: Critical, turn: number): void {
  const { keys, random, desk } = cradle;
  const spread = turn === 0 ? 0 : ([0.6, 0.3, 0.15, 0.08][turn % 4] ?? 0);
  const scale = (keys.length * FINENESS) / Math.max(1, length * (1 + spread));
  for (let i = 0; i < keys.length; i++)
    keys[i] = scale * (length - (tails[i] ?? 0) + length * spread * random.next());
  orderByKeys(cradle, desk.inOrder);
}

/** Makes a child; `marks` of the cradle tell, by activity, whether it follows the first parent. */
function conceive(cradle: Cradle, { orders, starts, modes, costs, filled }: Population): Parents {
  const { random, child } = cradle;
  const [a, rival, b] = [random.below(filled), random.below(filled), random.below(filled)];
  const chosen = (costs[rival] ?? 0) < (costs[a] ?? 0) ? rival : a;
  const parent = (i: number): Parent => ({
    order: orders[i] ?? child,
    starts: starts[i] ?? child,
    modes: modes[i] ?? child,
  });
  const parents = { first: parent(chosen), second: parent(b) };
  if (random.next() >= CROSSED) {
    shuffleStretch(cradle, parents.first);
    return parents;
  }
  if (random.next() < PEAKS) crossPeak(cradle, parents.first, parents.second);
  else crossCuts(cradle, parents.first, parents.second);
  swapNeighbours(cradle, SWAPS);
  return parents;
}
