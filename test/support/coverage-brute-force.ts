import type { Choice, Constraint, CoverageModel, PartialRow } from '../../src/planning/coverage/model.ts';
import { NOW } from './coverage-models.ts';

/** What follows from a model when all its rows are listed. */
export interface BruteForce {
  readonly rows: readonly PartialRow[];
  /** `stratum factor=level …` */
  readonly feasible: ReadonlySet<string>;
  readonly needed: ReadonlySet<string>;
  /** `factor=level` */
  readonly unreachable: readonly string[];
}

export function bruteForce(model: CoverageModel): BruteForce {
  const rows = allRows(model).filter((row) =>
    constraintsOf(model).every((constraint) => holds(constraint, row)),
  );
  const feasible = new Set(rows.flatMap((row) => combinationsOf(model, row)));
  const counting = (model.covered ?? []).filter(({ until }) => until > NOW);
  const covered = new Set(counting.flatMap(({ row }) => combinationsOf(model, row)));
  const unreachable = model.factors.flatMap(({ name, levels }) =>
    levels.filter((level) => rows.every((row) => row[name] !== level)).map((level) => `${name}=${level}`),
  );
  return { rows, feasible, needed: new Set([...feasible].filter((each) => !covered.has(each))), unreachable };
}

/** How many constraints the smallest set has that leaves no row with these levels; null when there is a row. */
export function smallestConflict(model: CoverageModel, assumed: PartialRow): number | null {
  const rows = allRows(model).filter((row) =>
    Object.entries(assumed).every(([name, level]) => row[name] === level),
  );
  const constraints = constraintsOf(model);
  for (let size = 0; size <= constraints.length; size += 1) {
    const conflict = choose(constraints, size).some(
      (set) => !rows.some((row) => set.every((one) => holds(one, row))),
    );
    if (conflict) return size;
  }
  return null;
}

/** Every combination of a row, or of what is known of it. */
export function combinationsOf(
  { factors, strength, groups = [] }: CoverageModel,
  row: PartialRow,
): readonly string[] {
  const strata = [{ factors: factors.map(({ name }) => name), strength }, ...groups];
  return strata.flatMap((stratum, index) =>
    choose(
      stratum.factors.filter((name) => row[name] !== undefined),
      stratum.strength,
    ).map((set) => [index, ...set.map((name) => `${name}=${row[name] ?? ''}`).sort()].join(' ')),
  );
}

function constraintsOf({ constraints = [], exclude = [] }: CoverageModel): readonly Constraint[] {
  return [...constraints, ...exclude.map((forbid, index) => ({ id: `exclude[${index}]`, forbid }))];
}

function allRows({ factors }: CoverageModel): readonly PartialRow[] {
  return factors.reduce<readonly PartialRow[]>(
    (rows, { name, levels }) => rows.flatMap((row) => levels.map((level) => ({ ...row, [name]: level }))),
    [{}],
  );
}

function holds(constraint: Constraint, row: PartialRow): boolean {
  if ('allows' in constraint) return constraint.allows(...constraint.factors.map((name) => row[name] ?? ''));
  const has = (choice: Choice): boolean =>
    Object.entries(choice).every(([name, levels]) => [levels].flat().includes(row[name] ?? ''));
  return 'forbid' in constraint ? !has(constraint.forbid) : !has(constraint.when) || has(constraint.then);
}

function choose<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) =>
    choose(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]),
  );
}
