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
  const order = chooseOrder(input, weigh);
  const covered = new Uint8Array(input.counts.length);
  const sets = countSets(input);
  let [combinations, weight] = [0, 0];
  const prefixes = order.map((index, place): Prefix => {
    const row = input.rows[index] ?? new Int32Array(0);
    for (const stratum of input.strata) {
      eachOf(stratum, row, (each) => {
        if (covered[each] === 1 || input.counts[each] !== 0) return;
        covered[each] = 1;
        combinations += 1;
        weight += weigh(each);
      });
    }
    return { rows: place + 1, combinations, weight, wholeSets: sets?.take(row) ?? null };
  });
  return { order, prefixes, weight: totalWeight(input, weigh), sets: sets?.all ?? null };
}

type Weigh = (combination: number) => number;

/** A row never adds more later than it would have before, so only rows that may still be the best are looked at again. */
function chooseOrder(input: OrderInput, weigh: Weigh): readonly number[] {
  const covered = new Uint8Array(input.counts.length);
  const gainOf = (held: Int32Array): number => {
    let gain = 0;
    for (const each of held) if (covered[each] === 0) gain += weigh(each);
    return gain;
  };
  const waiting = listHeld(input).map((held, index) => ({ index, held, gain: gainOf(held), seenAt: 0 }));
  const order: number[] = [];
  while (order.length < input.rows.length) {
    let first = waiting[0];
    for (const each of waiting) if (first === undefined || each.gain > first.gain) first = each;
    if (first === undefined) break;
    if (first.seenAt < order.length) {
      first.gain = gainOf(first.held);
      first.seenAt = order.length;
      continue;
    }
    waiting.splice(waiting.indexOf(first), 1);
    order.push(first.index);
    for (const each of first.held) covered[each] = 1;
  }
  return order;
}

/** For each row the combinations that it holds, or the same sample of sets for each. */
function listHeld({ strata, rows }: OrderInput): readonly Int32Array[] {
  const sets = strata.map((stratum) => countSetsOf(stratum));
  const room = Math.floor(MAX_HELD / Math.max(1, rows.length));
  const most = Math.max(1, Math.min(MAX_SETS, room));
  const samples = strata.map((stratum, index) => ((sets[index] ?? 0) > most ? sample(stratum, most) : null));
  return rows.map((row) => {
    const held: number[] = [];
    for (const [index, stratum] of strata.entries()) {
      const chosen = samples[index] ?? null;
      if (chosen === null) eachOf(stratum, row, (each) => void held.push(each));
      for (const set of chosen ?? []) held.push(combinationAt(stratum, row, set));
    }
    return Int32Array.from(held);
  });
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
  readonly take: (row: Int32Array) => number;
}

/** Rows visit sets of factors in the same order, so that the place in it is the set. */
function countSets({ strata, counts, rows }: OrderInput): Sets | null {
  if (strata.some((stratum) => countSetsOf(stratum) > MAX_SETS)) return null;
  const visit = (row: Int32Array, seen: Uint8Array, onFresh: (set: number) => void): void => {
    let set = 0;
    for (const stratum of strata) {
      eachOf(stratum, row, (combination) => {
        if (seen[combination] === 0 && counts[combination] === 0) onFresh(set);
        seen[combination] = 1;
        set += 1;
      });
    }
  };
  const left: number[] = [];
  const seen = new Uint8Array(counts.length);
  for (const row of rows) visit(row, seen, (set) => (left[set] = (left[set] ?? 0) + 1));
  if (seen.some((is, combination) => is === 0 && counts[combination] === 0)) return null;
  seen.fill(0);
  let whole = 0;
  return {
    all: left.filter((count) => count > 0).length,
    take: (row) => {
      visit(row, seen, (set) => {
        left[set] = (left[set] ?? 0) - 1;
        if (left[set] === 0) whole += 1;
      });
      return whole;
    },
  };
}
