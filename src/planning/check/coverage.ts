/** What is to be checked: numbers of factors and levels, both from 0. Knows nothing of how plans are made. */
export interface CoverageClaim {
  readonly levels: readonly number[];
  /** Levels that may not stand in one row together. */
  readonly forbidden: readonly (readonly (readonly [factor: number, level: number])[])[];
  readonly strata: readonly { readonly factors: readonly number[]; readonly strength: number }[];
  readonly rows: readonly (readonly number[])[];
  /** Rows, with -1 for what is open, whose combinations count as covered. */
  readonly covered?: readonly (readonly number[])[];
  /** Rows, with -1 for what is open, that must be among the rows. */
  readonly seeds?: readonly (readonly number[])[];
}

export interface CoverageFindings {
  /** Combinations that some valid row can hold, and those of them that no valid row of the plan holds and that are not covered. */
  readonly feasible: number;
  readonly uncovered: number;
  /** Some of the uncovered, as `factor:level`, for a message. */
  readonly examples: readonly string[];
  /** Indices of rows that are forbidden or no rows. */
  readonly invalid: readonly number[];
  /** Indices of seeds that no row holds. */
  readonly lostSeeds: readonly number[];
}

const MAX_EXAMPLES = 5;

/** Looks at every set of factors, one after the other, and at every combination of their levels. */
export function checkCoverage(claim: CoverageClaim): CoverageFindings {
  const { levels, rows, covered = [], seeds = [] } = claim;
  const invalid = [...rows.keys()].filter((index) => !isValid(claim, rows[index] ?? []));
  const valid = rows.filter((_, index) => !invalid.includes(index));
  const isFeasible = makeFeasible(claim);
  const examples: string[] = [];
  let [feasible, uncovered] = [0, 0];
  for (const { factors, strength } of claim.strata) {
    for (const set of subsets(
      [...factors].sort((a, b) => a - b),
      strength,
    )) {
      const planned = seenIn(set, levels, valid);
      const before = seenIn(set, levels, covered);
      for (const [code, isPlanned] of planned.entries()) {
        if (isPlanned === 0 && !isFeasible(set, decode(set, levels, code))) continue;
        feasible += 1;
        if (isPlanned === 1 || before[code] === 1) continue;
        uncovered += 1;
        const named = decode(set, levels, code).map((level, index) => `${set[index] ?? 0}:${level}`);
        if (examples.length < MAX_EXAMPLES) examples.push(named.join(' '));
      }
    }
  }
  const holds = (seed: readonly number[]): boolean =>
    rows.some((row) => seed.every((level, factor) => level < 0 || row[factor] === level));
  const lostSeeds = [...seeds.keys()].filter((index) => !holds(seeds[index] ?? []));
  return { feasible, uncovered, examples, invalid, lostSeeds };
}

function isValid({ levels, forbidden }: CoverageClaim, row: readonly number[]): boolean {
  if (row.length !== levels.length) return false;
  if (!row.every((level, factor) => Number.isInteger(level) && level >= 0 && level < (levels[factor] ?? 0)))
    return false;
  return !forbidden.some((parts) => parts.every(([factor, level]) => row[factor] === level));
}

function* subsets(items: readonly number[], size: number): Generator<readonly number[]> {
  if (size === 0) yield [];
  for (let first = 0; size > 0 && first <= items.length - size; first += 1) {
    for (const rest of subsets(items.slice(first + 1), size - 1)) yield [items[first] ?? 0, ...rest];
  }
}

/** 1 for each combination of levels of these factors that some row holds; the last factor counts the fastest. */
function seenIn(
  set: readonly number[],
  levels: readonly number[],
  rows: readonly (readonly number[])[],
): Uint8Array {
  const seen = new Uint8Array(set.reduce((product, factor) => product * (levels[factor] ?? 0), 1));
  for (const row of rows) {
    let code = 0;
    for (const factor of set) {
      const level = row[factor] ?? -1;
      code = level < 0 ? NaN : code * (levels[factor] ?? 0) + level;
    }
    if (code >= 0) seen[code] = 1;
  }
  return seen;
}

function decode(set: readonly number[], levels: readonly number[], code: number): readonly number[] {
  const found: number[] = [];
  let rest = code;
  for (const factor of [...set].reverse()) {
    const count = levels[factor] ?? 1;
    found.unshift(rest % count);
    rest = Math.floor(rest / count);
  }
  return found;
}

type Nogood = ReadonlyMap<number, number>;

/** By trying everything: what is left for each factor is found anew at each step, the factor with the least left goes first. */
function makeFeasible({
  levels,
  forbidden,
}: CoverageClaim): (set: readonly number[], chosen: readonly number[]) => boolean {
  const nogoods = forbidden
    .filter((parts) => parts.every(([f, l]) => parts.every(([g, m]) => f !== g || l === m)))
    .map((parts): Nogood => new Map(parts));
  const around = levels.map((_, factor) => nogoods.filter((nogood) => nogood.has(factor)));
  const known = new Map<string, boolean>();
  const possible = (row: Map<number, number>, factors: readonly number[]): boolean => {
    let next: { readonly factor: number; readonly left: readonly number[] } | undefined;
    for (const factor of factors) {
      if (row.has(factor)) continue;
      const left = leftFor(row, { factor, count: levels[factor] ?? 0, nogoods: around[factor] ?? [] });
      if (next === undefined || left.length < next.left.length) next = { factor, left };
      if (left.length === 0) return false;
    }
    if (next === undefined) return true;
    const { factor, left } = next;
    const found = left.some((level) => possible(row.set(factor, level), factors));
    row.delete(factor);
    return found;
  };
  return (set, chosen) => {
    const tied = reach(set, around);
    const used = set
      .map((factor, index) => `${factor}:${chosen[index] ?? 0}`)
      .filter((_, i) => around[set[i] ?? 0]?.length);
    const key = used.join(' ');
    const before = known.get(key);
    if (before !== undefined) return before;
    const row = new Map(set.map((factor, index) => [factor, chosen[index] ?? 0]));
    const broken = nogoods.some((nogood) =>
      [...nogood].every(([factor, level]) => row.get(factor) === level),
    );
    const answer = !broken && possible(row, tied);
    known.set(key, answer);
    return answer;
  };
}

function leftFor(
  row: ReadonlyMap<number, number>,
  {
    factor,
    count,
    nogoods,
  }: { readonly factor: number; readonly count: number; readonly nogoods: readonly Nogood[] },
): readonly number[] {
  const refused = new Set<number>();
  for (const nogood of nogoods) {
    let whole = true;
    for (const [other, level] of nogood) if (other !== factor && row.get(other) !== level) whole = false;
    if (whole) refused.add(nogood.get(factor) ?? -1);
  }
  return Array.from({ length: count }, (_, level) => level).filter((level) => !refused.has(level));
}

/** All factors that nogoods tie to these, directly or by others. */
function reach(set: readonly number[], around: readonly (readonly Nogood[])[]): readonly number[] {
  const found = new Set(set);
  for (const factor of found)
    for (const nogood of around[factor] ?? []) for (const other of nogood.keys()) found.add(other);
  return [...found];
}
