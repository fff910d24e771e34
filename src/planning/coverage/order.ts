import { makeRandom } from '../random.ts';
import { countCombinations, eachOf, indexOf, valuesOf, type Stratum } from './stratum.ts';

/** What the rows up to one cover. */
export interface Prefix {
  readonly rows: number;
  readonly combinations: number;
  readonly weight: number;
  /**
   * Sets of factors of which everything is covered (NIST CCM); null in a plan that leaves something uncovered, and when there
   * are more than `MAX_SETS` sets.
   */
  readonly wholeSets: number | null;
}

export interface Ordered {
  /** Indices of rows, those that add the most weight first. */
  readonly order: readonly number[];
  readonly prefixes: readonly Prefix[];
  /** The weight of everything that is to be covered. */
  readonly weight: number;
  /** Sets of factors that have something to cover; null like `wholeSets`. */
  readonly sets: number | null;
}

export interface OrderInput {
  readonly strata: readonly Stratum[];
  /** 0 for each combination that is to be covered. */
  readonly counts: Int32Array;
  readonly rows: readonly Int32Array[];
  readonly weights: readonly { readonly values: readonly number[]; readonly weight: number }[];
}

/** With more sets of factors than this in a stratum, so many of them, chosen at random, decide the order. */
const MAX_SETS = 20_000;
/** So many combinations of all rows together, at most, decide it. */
const MAX_HELD = 4_000_000;

/** The order in which every prefix covers as much weight as one gets by always taking the row that adds the most. */
export function orderRows(input: OrderInput): Ordered {
  const weigh = makeWeigh(input);
  const deciding = listDeciding(input);
  const order = chooseOrder(deciding.lists, input.counts.length, weigh);
  const heldBy = deciding.whole
    ? (index: number): Int32Array => deciding.lists[index] ?? NOTHING
    : makeHeldBy(input);
  const covered = new Uint8Array(input.counts.length);
  const sets = countSets(input, heldBy);
  let [combinations, weight] = [0, 0];
  const prefixes = order.map((index, place): Prefix => {
    const held = heldBy(index);
    for (let at = 0; at < held.length; at += 1) {
      const each = held[at] ?? 0;
      if (covered[each] === 1 || input.counts[each] !== 0) continue;
      covered[each] = 1;
      combinations += 1;
      weight += weigh(each);
    }
    return { rows: place + 1, combinations, weight, wholeSets: sets?.take(index) ?? null };
  });
  return { order, prefixes, weight: totalWeight(input, weigh), sets: sets?.all ?? null };
}

type Weigh = (combination: number) => number;
/** The combinations that a row holds; good until the next row is asked for. */
type HeldBy = (index: number) => Int32Array;

const NOTHING = new Int32Array(0);

/**
 * A row never adds more later than it would have before, so only rows that may still be the best are looked at again.
 *
 * @param lists for each row, the combinations that decide
 */
function chooseOrder(lists: readonly Int32Array[], combinations: number, weigh: Weigh): readonly number[] {
  const covered = new Uint8Array(combinations);
  const gainOf = (held: Int32Array): number => {
    let gain = 0;
    for (let at = 0; at < held.length; at += 1)
      if (covered[held[at] ?? 0] === 0) gain += weigh(held[at] ?? 0);
    return gain;
  };
  const waiting = lists.map((held, index): Waiting => ({ index, held, gain: gainOf(held), seenAt: 0 }));
  waiting.sort(worseFirst);
  const order: number[] = [];
  for (let best = waiting.pop(); best !== undefined; best = waiting.pop()) {
    if (best.seenAt < order.length) {
      best.gain = gainOf(best.held);
      best.seenAt = order.length;
      waiting.splice(placeOf(best, waiting), 0, best);
      continue;
    }
    order.push(best.index);
    for (let at = 0; at < best.held.length; at += 1) covered[best.held[at] ?? 0] = 1;
  }
  return order;
}

interface Waiting {
  readonly index: number;
  readonly held: Int32Array;
  /** What it added when that many rows were taken. */
  gain: number;
  seenAt: number;
}

/** Of those that add as much, the first row comes first. */
function worseFirst(a: Waiting, b: Waiting): number {
  return a.gain - b.gain || b.index - a.index;
}

function placeOf(one: Waiting, sorted: readonly Waiting[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[middle];
    if (other !== undefined && worseFirst(other, one) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Deciding {
  readonly lists: readonly Int32Array[];
  /** Whether they are all that rows hold. */
  readonly whole: boolean;
}

/** For each row the combinations that it holds, or the same sample of sets for each. */
function listDeciding(input: OrderInput): Deciding {
  const { strata, rows } = input;
  const sets = strata.map((stratum) => countSetsOf(stratum));
  const room = Math.floor(MAX_HELD / Math.max(1, rows.length));
  const most = Math.max(1, Math.min(MAX_SETS, room));
  if (sets.every((count) => count <= most)) {
    const heldBy = makeHeldBy(input);
    return { lists: rows.map((_, index) => heldBy(index).slice()), whole: true };
  }
  const samples = strata.map((stratum, index) => ((sets[index] ?? 0) > most ? sample(stratum, most) : null));
  const lists = rows.map((row) => {
    const held: number[] = [];
    for (const [index, stratum] of strata.entries()) {
      const chosen = samples[index] ?? null;
      if (chosen === null) eachOf(stratum, row, (each) => void held.push(each));
      for (const set of chosen ?? []) held.push(combinationAt(stratum, row, set));
    }
    return Int32Array.from(held);
  });
  return { lists, whole: false };
}

function makeHeldBy({ strata, rows }: OrderInput): HeldBy {
  const held = new Int32Array(strata.reduce((sum, stratum) => sum + countSetsOf(stratum), 0));
  return (index) => {
    let count = 0;
    const row = rows[index] ?? NOTHING;
    for (const stratum of strata) eachOf(stratum, row, (each) => (held[count++] = each));
    return held.subarray(0, count);
  };
}

function sample({ factors, strength }: Stratum, size: number): readonly (readonly number[])[] {
  const random = makeRandom(1).below;
  return Array.from({ length: size }, () => {
    const set = new Set<number>();
    while (set.size < strength) set.add(factors[random(factors.length)] ?? 0);
    return [...set].sort((a, b) => a - b);
  });
}

function combinationAt(stratum: Stratum, row: Int32Array, set: readonly number[]): number {
  return indexOf(
    stratum,
    set.map((factor) => stratum.local[row[factor] ?? 0] ?? 0),
  );
}

function countSetsOf({ factors, strength }: Stratum): number {
  return countCombinations(
    Array.from(factors, () => 1),
    strength,
  );
}

function makeWeigh({ strata, counts, weights }: OrderInput): Weigh {
  if (weights.length === 0) return (combination) => (counts[combination] === 0 ? 1 : 0);
  const all = new Float64Array(counts.length);
  const byValue = new Map<number, { readonly values: readonly number[]; readonly weight: number }[]>();
  for (const each of weights) {
    const head = each.values[0] ?? -1;
    byValue.set(head, [...(byValue.get(head) ?? []), each]);
  }
  for (const stratum of strata) {
    for (let combination = stratum.start; combination < stratum.start + stratum.size; combination += 1) {
      if (counts[combination] !== 0) continue;
      const values = valuesOf(stratum, combination);
      const matching = values
        .flatMap((value) => byValue.get(value) ?? [])
        .filter((each) => each.values.every((value) => values.includes(value)));
      all[combination] = matching.reduce((product, each) => product * each.weight, 1);
    }
  }
  return (combination) => all[combination] ?? 0;
}

function totalWeight({ counts }: OrderInput, weigh: Weigh): number {
  let weight = 0;
  for (let combination = 0; combination < counts.length; combination += 1) weight += weigh(combination);
  return weight;
}

interface Sets {
  readonly all: number;
  /** How many sets are whole with this row, too. */
  readonly take: (index: number) => number;
}

/** Rows hold sets of factors in the same order, so that the place in it is the set. */
function countSets({ strata, counts, rows }: OrderInput, heldBy: HeldBy): Sets | null {
  if (strata.some((stratum) => countSetsOf(stratum) > MAX_SETS)) return null;
  const left: number[] = [];
  const seen = new Uint8Array(counts.length);
  for (const index of rows.keys()) {
    const held = heldBy(index);
    for (let set = 0; set < held.length; set += 1) {
      const combination = held[set] ?? 0;
      if (seen[combination] === 0 && counts[combination] === 0) left[set] = (left[set] ?? 0) + 1;
      seen[combination] = 1;
    }
  }
  if (seen.some((is, combination) => is === 0 && counts[combination] === 0)) return null;
  seen.fill(0);
  let whole = 0;
  return {
    all: left.filter((count) => count > 0).length,
    take: (index) => {
      const held = heldBy(index);
      for (let set = 0; set < held.length; set += 1) {
        const combination = held[set] ?? 0;
        if (seen[combination] === 0 && counts[combination] === 0) {
          const now = (left[set] ?? 0) - 1;
          left[set] = now;
          if (now === 0) whole += 1;
        }
        seen[combination] = 1;
      }
      return whole;
    },
  };
}
