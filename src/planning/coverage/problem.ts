/**
 * A model in numbers. Every level of every factor has a number, its *value*: those of factor 0 first. A row is a value
 * for each factor; it is valid when it contains no clause whole.
 */
export interface Problem {
  readonly factors: number;
  /** The first value of each factor, and at the end the number of all values. */
  readonly first: Int32Array;
  /** The factor of each value. */
  readonly factorOf: Int32Array;
  /** Sets of values that must not stand in one row; at most one value of a factor in each. */
  readonly clauses: readonly Int32Array[];
  /** For each value, the numbers of the clauses that it stands in. */
  readonly clausesOf: readonly Int32Array[];
  /** For each factor, the group of factors that clauses tie together; -1 when it stands in no clause. */
  readonly component: Int32Array;
  readonly components: readonly Int32Array[];
  readonly strata: readonly StratumSpec[];
}

/** All combinations of `strength` of these factors are to be covered. */
export interface StratumSpec {
  readonly factors: readonly number[];
  readonly strength: number;
}

export interface ProblemSpec {
  readonly levels: readonly number[];
  readonly forbidden: readonly (readonly number[])[];
  readonly strata: readonly StratumSpec[];
}

/** @param spec `forbidden` holds values; its entries may repeat or contradict themselves, what never bites is left out */
export function makeProblem({ levels, forbidden, strata }: ProblemSpec): Problem {
  const first = new Int32Array(levels.length + 1);
  for (const [factor, count] of levels.entries()) first[factor + 1] = (first[factor] ?? 0) + count;
  const factorOf = new Int32Array(first[levels.length] ?? 0);
  for (const factor of levels.keys()) factorOf.fill(factor, first[factor], first[factor + 1]);
  const clauses = essential(forbidden, factorOf);
  const { component, components } = connect(clauses, factorOf, levels.length);
  const around: number[][] = Array.from(factorOf, () => []);
  for (const [index, clause] of clauses.entries()) for (const value of clause) around[value]?.push(index);
  const clausesOf = around.map((indices) => Int32Array.from(indices));
  return { factors: levels.length, first, factorOf, clauses, clausesOf, component, components, strata };
}

/** Whether the row that begins at `at` would break no clause if it held `value`. */
export function mayHold(
  { clausesOf, clauses, factorOf }: Problem,
  { cells }: { readonly cells: Int32Array },
  { value, at }: { readonly value: number; readonly at: number },
): boolean {
  const around = clausesOf[value] ?? NONE;
  for (let index = 0; index < around.length; index += 1) {
    const clause = clauses[around[index] ?? 0] ?? NONE;
    let whole = true;
    for (let place = 0; whole && place < clause.length; place += 1) {
      const other = clause[place] ?? 0;
      whole = other === value || cells[at + (factorOf[other] ?? 0)] === other;
    }
    if (whole) return false;
  }
  return true;
}

const NONE = new Int32Array(0);

/** Without repetitions, without those that hold another whole, without two values of one factor. */
function essential(forbidden: readonly (readonly number[])[], factorOf: Int32Array): readonly Int32Array[] {
  const sets = forbidden
    .map((values) => [...new Set(values)].sort((a, b) => a - b))
    .filter((values) => new Set(values.map((value) => factorOf[value])).size === values.length)
    .sort((a, b) => a.length - b.length);
  const kept: number[][] = [];
  const byValue = new Map<number, number[][]>();
  for (const values of sets) {
    const members = new Set(values);
    const near = values.flatMap((value) => byValue.get(value) ?? []);
    if (near.some((smaller) => smaller.every((value) => members.has(value)))) continue;
    kept.push(values);
    const [head] = values;
    if (head !== undefined) byValue.set(head, [...(byValue.get(head) ?? []), values]);
  }
  return kept.map((values) => Int32Array.from(values));
}

function connect(
  clauses: readonly Int32Array[],
  factorOf: Int32Array,
  factors: number,
): Pick<Problem, 'component' | 'components'> {
  const parent = Int32Array.from({ length: factors }, (_, factor) => factor);
  const rootOf = (factor: number): number => {
    let at = factor;
    while (parent[at] !== at) at = parent[at] ?? at;
    return at;
  };
  const tied = new Set<number>();
  for (const clause of clauses) {
    for (const value of clause) {
      tied.add(factorOf[value] ?? 0);
      parent[rootOf(factorOf[value] ?? 0)] = rootOf(factorOf[clause[0] ?? 0] ?? 0);
    }
  }
  const component = new Int32Array(factors).fill(-1);
  const groups = new Map<number, number[]>();
  for (const factor of [...tied].sort((a, b) => a - b)) {
    groups.set(rootOf(factor), [...(groups.get(rootOf(factor)) ?? []), factor]);
  }
  const components = [...groups.values()].map((group) => Int32Array.from(group));
  for (const [index, group] of components.entries()) for (const factor of group) component[factor] = index;
  return { component, components };
}
