import { indexOf, type Stratum } from './stratum.ts';

/**
 * So many rows are needed at least: a row holds one combination of a set of factors, so as many as the set that has the
 * most of them to cover. Sets are looked at from the largest on, until none can have more.
 */
export function lowerBound(strata: readonly Stratum[], counts: Int32Array): number {
  return Math.max(0, ...strata.map((stratum) => boundOf(stratum, counts)));
}

function boundOf(stratum: Stratum, counts: Int32Array): number {
  const { behind, place, factors, strength } = stratum;
  const begins = [0, ...factors.keys()].slice(0, factors.length);
  let next = 0;
  for (const index of factors.keys()) {
    begins[index] = next;
    next = behind[next] ?? 0;
  }
  const levelsOf = (index: number): number => (behind[begins[index] ?? 0] ?? 0) - (begins[index] ?? 0);
  const largest = [...factors].map((factor) => place[factor] ?? 0).sort((a, b) => levelsOf(b) - levelsOf(a));
  let best = 0;
  const choose = (from: number, chosen: readonly number[], product: number): void => {
    if (chosen.length === strength) {
      best = Math.max(best, countOpen([...chosen].sort((a, b) => a - b)));
      return;
    }
    for (let at = from; at < largest.length; at += 1) {
      const index = largest[at] ?? 0;
      if (product * levelsOf(index) ** (strength - chosen.length) <= best) return;
      choose(at + 1, [...chosen, index], product * levelsOf(index));
    }
  };
  const countOpen = (set: readonly number[]): number => {
    let combinations: readonly (readonly number[])[] = [[]];
    for (const index of set) {
      const values = Array.from({ length: levelsOf(index) }, (_, level) => (begins[index] ?? 0) + level);
      combinations = combinations.flatMap((head) => values.map((value) => [...head, value]));
    }
    return combinations.filter((values) => counts[indexOf(stratum, values)] === 0).length;
  };
  choose(0, [], 1);
  return best;
}
