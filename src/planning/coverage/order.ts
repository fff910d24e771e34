import { eachOf, valuesOf, type Stratum } from './stratum.ts';

/** What the rows up to one cover. */
export interface Prefix {
  readonly rows: number;
  readonly combinations: number;
  readonly weight: number;
  /** Sets of factors, of all that have something to cover, of which everything is covered (NIST CCM); null in a plan that covers less. */
  readonly wholeSets: number | null;
}

export interface Ordered {
  /** Indices of rows, those that add the most weight first. */
  readonly order: readonly number[];
  readonly prefixes: readonly Prefix[];
  /** The weight of everything that is to be covered. */
  readonly weight: number;
  readonly sets: number | null;
}

interface OrderInput {
  readonly strata: readonly Stratum[];
  /** 0 for each combination that is to be covered. */
  readonly counts: Int32Array;
  readonly rows: readonly Int32Array[];
  readonly weights: readonly { readonly values: readonly number[]; readonly weight: number }[];
}

/**
 * The order in which every prefix covers the most weight that one can get by always taking the row that adds the most.
 * A row never adds more later than it would have before, so only rows that may still be the best are looked at again.
 */
export function orderRows(input: OrderInput): Ordered {
  const { strata, rows } = input;
  const weigh = makeWeigh(input);
  const covered = new Uint8Array(input.counts.length);
  const gainOf = (row: Int32Array): number => {
    let gain = 0;
    for (const stratum of strata)
      eachOf(stratum, row, (each) => void (gain += covered[each] === 1 ? 0 : weigh(each)));
    return gain;
  };
  const waiting = rows.map((row, index) => ({ index, row, gain: gainOf(row), seenAt: 0 }));
  const sets = countSets(input);
  const order: number[] = [];
  const prefixes: Prefix[] = [];
  let [combinations, weight] = [0, 0];
  while (waiting.length > 0) {
    waiting.sort((a, b) => b.gain - a.gain || a.index - b.index);
    const [first] = waiting;
    if (first === undefined) break;
    if (first.seenAt < order.length) {
      first.gain = gainOf(first.row);
      first.seenAt = order.length;
      continue;
    }
    waiting.shift();
    order.push(first.index);
    weight += first.gain;
    combinations += cover(input, covered, first.row);
    prefixes.push({ rows: order.length, combinations, weight, wholeSets: sets?.take(first.row) ?? null });
  }
  return { order, prefixes, weight: totalWeight(input, weigh), sets: sets?.all ?? null };
}

type Weigh = (combination: number) => number;

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

function cover({ strata, counts }: OrderInput, covered: Uint8Array, row: Int32Array): number {
  let fresh = 0;
  for (const stratum of strata) {
    eachOf(stratum, row, (combination) => {
      if (covered[combination] === 0 && counts[combination] === 0) fresh += 1;
      covered[combination] = 1;
    });
  }
  return fresh;
}

interface Sets {
  readonly all: number;
  /** How many sets are whole with this row, too. */
  readonly take: (row: Int32Array) => number;
}

/** Rows visit sets of factors in the same order, so that the place in it is the set. */
function countSets({ strata, counts, rows }: OrderInput): Sets | null {
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
  for (const row of rows) visit(row, seen, (set) => void (left[set] = (left[set] ?? 0) + 1));
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
