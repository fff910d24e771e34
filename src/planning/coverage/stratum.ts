import type { StratumSpec } from './problem.ts';

/**
 * Numbers all combinations of `strength` values of different factors, from `start` on, so that those that begin alike
 * stand side by side: `steps[d]` of a beginning of d + 1 values, plus the next value, is the number of the longer one.
 * Inside, values count from 0 over the factors of this stratum alone (`local`).
 */
export interface Stratum {
  readonly factors: Int32Array;
  readonly strength: number;
  readonly start: number;
  readonly size: number;
  readonly steps: readonly Int32Array[];
  /** For each length of a beginning: its last value, and where the longer ones that follow it begin. */
  readonly last: readonly Int32Array[];
  readonly begins: readonly Int32Array[];
  /** For each local value, the first one of the next factor. */
  readonly behind: Int32Array;
  /** Local value of each value, -1 for those of other factors; and back. */
  readonly local: Int32Array;
  readonly values: Int32Array;
  /** The place of a factor in `factors`, or -1. */
  readonly place: Int32Array;
  /** All choices of `strength - 1` of the other factors, one after the other, in the order of `combinationsAround`. */
  readonly companions: Uint16Array;
  readonly companionSets: number;
}

interface StratumInput {
  readonly first: Int32Array;
  readonly spec: StratumSpec;
  readonly start: number;
}

/** How many combinations there are, without making a list of them. */
export function countCombinations(levels: readonly number[], strength: number): number {
  const ways = [1, ...Array.from({ length: strength }, () => 0)];
  for (const count of levels) {
    for (let size = strength; size > 0; size -= 1) {
      ways[size] = (ways[size] ?? 0) + count * (ways[size - 1] ?? 0);
    }
  }
  return ways[strength] ?? 0;
}

export function makeStratum({ first, spec, start }: StratumInput): Stratum {
  const factors = Int32Array.from(spec.factors).sort();
  const all = first[first.length - 1] ?? 0;
  const local = new Int32Array(all).fill(-1);
  const place = new Int32Array(first.length - 1).fill(-1);
  const values: number[] = [];
  const past: number[] = [];
  for (const [index, factor] of factors.entries()) {
    place[factor] = index;
    const end = first[factor + 1] ?? 0;
    const next = values.length + end - (first[factor] ?? 0);
    for (let value = first[factor] ?? 0; value < end; value += 1) {
      local[value] = values.length;
      values.push(value);
      past.push(next);
    }
  }
  const behind = Int32Array.from(past);
  const tree = grow(behind, spec.strength, start);
  const companions = choices(factors.length - 1, spec.strength - 1);
  return {
    ...{
      factors,
      strength: spec.strength,
      start,
      ...tree,
      behind,
      local,
      values: Int32Array.from(values),
      place,
    },
    ...{ companions, companionSets: spec.strength === 1 ? 1 : companions.length / (spec.strength - 1) },
  };
}

/** @param behind for each local value, the first local value of the next factor */
function grow(
  behind: Int32Array,
  strength: number,
  start: number,
): Pick<Stratum, 'steps' | 'last' | 'begins' | 'size'> {
  const values = behind.length;
  const steps: Int32Array[] = [];
  const begins: Int32Array[] = [];
  const last: Int32Array[] = [Int32Array.from(behind.keys())];
  let size = values;
  for (let length = 1; length < strength; length += 1) {
    const ends = last[length - 1] ?? new Int32Array(0);
    const [step, begin] = [new Int32Array(size), new Int32Array(size)];
    const base = length === strength - 1 ? start : 0;
    let cursor = 0;
    for (let node = 0; node < size; node += 1) {
      const next = behind[ends[node] ?? 0] ?? 0;
      begin[node] = base + cursor;
      step[node] = base + cursor - next;
      cursor += values - next;
    }
    steps.push(step);
    begins.push(begin);
    if (length < strength - 1) last.push(lastValues(ends, behind, cursor));
    size = cursor;
  }
  return { steps, begins, last, size };
}

function lastValues(ends: Int32Array, behind: Int32Array, size: number): Int32Array {
  const last = new Int32Array(size);
  let cursor = 0;
  for (const end of ends) {
    for (let value = behind[end] ?? 0; value < behind.length; value += 1) last[cursor++] = value;
  }
  return last;
}

/** All ways to choose `size` of 0 … `count` - 1, in order, one after the other. */
function choices(count: number, size: number): Uint16Array {
  if (size <= 0 || count < size) return new Uint16Array(0);
  const total = countCombinations(
    Array.from({ length: count }, () => 1),
    size,
  );
  const out = new Uint16Array(total * size);
  const chosen = Array.from({ length: size }, (_, index) => index);
  for (let at = 0; at < out.length; at += size) {
    out.set(chosen, at);
    let place = size - 1;
    while (place >= 0 && chosen[place] === count - size + place) place -= 1;
    if (place < 0) break;
    let next = (chosen[place] ?? 0) + 1;
    for (; place < size; place += 1) chosen[place] = next++;
  }
  return out;
}

export interface Around {
  /** Local values of other factors, in the order of their factors. */
  readonly others: Int32Array;
  readonly count: number;
  /** How many of them belong to factors before that of `value`. */
  readonly split: number;
  /** A local value. */
  readonly value: number;
}

/**
 * Writes the numbers of all combinations of `value` with `strength - 1` of the others, and returns how many there are.
 * When `others` are those of a whole row, the order is that of `companions`.
 */
export function combinationsAround(stratum: Stratum, around: Around, out: Int32Array): number {
  if (stratum.strength === 2) return pairsAround(stratum, around, out);
  if (stratum.strength === 3) return triplesAround(stratum, around, out);
  if (stratum.strength === 4) return quadruplesAround(stratum, around, out);
  out[0] = stratum.start + around.value;
  return 1;
}

const NONE = new Int32Array(0);

function pairsAround({ steps }: Stratum, { others, count, split, value }: Around, out: Int32Array): number {
  const step = steps[0] ?? NONE;
  const own = step[value] ?? 0;
  for (let a = 0; a < split; a += 1) out[a] = (step[others[a] ?? 0] ?? 0) + value;
  for (let a = split; a < count; a += 1) out[a] = own + (others[a] ?? 0);
  return count;
}

function triplesAround({ steps }: Stratum, { others, count, split, value }: Around, out: Int32Array): number {
  const [pair, triple] = [steps[0] ?? NONE, steps[1] ?? NONE];
  const own = pair[value] ?? 0;
  let at = 0;
  for (let a = 0; a < split; a += 1) {
    const begin = pair[others[a] ?? 0] ?? 0;
    for (let b = a + 1; b < split; b += 1) out[at++] = (triple[begin + (others[b] ?? 0)] ?? 0) + value;
    const base = triple[begin + value] ?? 0;
    for (let b = split; b < count; b += 1) out[at++] = base + (others[b] ?? 0);
  }
  for (let a = split; a < count; a += 1) {
    const base = triple[own + (others[a] ?? 0)] ?? 0;
    for (let b = a + 1; b < count; b += 1) out[at++] = base + (others[b] ?? 0);
  }
  return at;
}

function quadruplesAround({ steps }: Stratum, around: Around, out: Int32Array): number {
  const { others, count, split, value } = around;
  const [pair, triple, quadruple] = [steps[0] ?? NONE, steps[1] ?? NONE, steps[2] ?? NONE];
  let at = 0;
  for (let a = 0; a < count; a += 1) {
    for (let b = a + 1; b < count; b += 1) {
      const [x, y] = [others[a] ?? 0, others[b] ?? 0];
      if (b < split) {
        const begin = triple[(pair[x] ?? 0) + y] ?? 0;
        for (let c = b + 1; c < split; c += 1) out[at++] = (quadruple[begin + (others[c] ?? 0)] ?? 0) + value;
        const base = quadruple[begin + value] ?? 0;
        for (let c = split; c < count; c += 1) out[at++] = base + (others[c] ?? 0);
        continue;
      }
      const two = a < split ? (pair[x] ?? 0) + value : (pair[value] ?? 0) + x;
      const base = quadruple[(triple[two] ?? 0) + y] ?? 0;
      for (let c = b + 1; c < count; c += 1) out[at++] = base + (others[c] ?? 0);
    }
  }
  return at;
}

/** Every combination of a row, each once; of those cells that have a value, when others hold -1. */
export function eachOf(stratum: Stratum, row: Int32Array, visit: (combination: number) => void): void {
  const { factors, local, strength } = stratum;
  const others = new Int32Array(factors.length);
  const out = new Int32Array(Math.max(1, stratum.companionSets));
  // From the last factor on, so that combinations that stand side by side come one after the other.
  let from = factors.length;
  for (let place = factors.length - 1; place >= 0; place -= 1) {
    const number = row[factors[place] ?? 0] ?? -1;
    if (number < 0) continue;
    const value = local[number] ?? 0;
    const count = factors.length - from;
    if (count >= strength - 1) {
      const found = combinationsAround(
        stratum,
        { others: others.subarray(from), count, split: 0, value },
        out,
      );
      for (let index = 0; index < found; index += 1) visit(out[index] ?? 0);
    }
    from -= 1;
    others[from] = value;
  }
}

/** The values that a combination consists of, in the order of their factors. */
export function valuesOf(stratum: Stratum, combination: number): number[] {
  const { begins, last, behind, start, strength, values } = stratum;
  const found: number[] = [];
  let node = strength === 1 ? combination - start : combination;
  for (let length = strength - 1; length > 0; length -= 1) {
    const begin = begins[length - 1] ?? NONE;
    const parent = lastAtMost(begin, node);
    const end = last[length - 1]?.[parent] ?? 0;
    found.unshift(values[(behind[end] ?? 0) + node - (begin[parent] ?? 0)] ?? 0);
    node = parent;
  }
  return [values[node] ?? 0, ...found];
}

function lastAtMost(sorted: Int32Array, wanted: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The number of the combination of these local values, which come in the order of their factors. */
export function indexOf({ steps, start, strength }: Stratum, values: readonly number[]): number {
  let node = values[0] ?? 0;
  for (let length = 1; length < strength; length += 1)
    node = (steps[length - 1]?.[node] ?? 0) + (values[length] ?? 0);
  return strength === 1 ? start + node : node;
}
