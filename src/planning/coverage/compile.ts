import type { Instant } from '../../domain/ids.ts';
import { reason, type Reason } from '../../kernel/errors.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { findConflict, type Clauses } from './conflict.ts';
import { compileConstraints } from './constraints.ts';
import {
  LIMITS,
  type CompiledModel,
  type CoverageModel,
  type Factor,
  type UnreachableLevel,
} from './model.ts';
import { clip, makeNames, type Names } from './names.ts';
import { makeProblem } from './problem.ts';
import { makeRandom } from '../random.ts';
import { makeSolver } from './solver.ts';
import { countCombinations } from './stratum.ts';

export interface Compilation {
  readonly compiled: CompiledModel;
  /** Levels that no valid row holds; the plan does without them. */
  readonly unreachable: readonly UnreachableLevel[];
  /** What is worth knowing and no mistake: factors that cannot vary. */
  readonly remarks: readonly string[];
}

/**
 * Names to numbers, with everything that is wrong: `INPUT_INVALID`, `INPUT_TOO_LARGE`, and `CONSTRAINTS_CONTRADICT` with the
 * smallest set of constraints that leaves no row, or no row for a seed.
 *
 * @param now what was covered until then, or earlier, does not count any more
 */
export function compileModel(model: CoverageModel, now: Instant): Result<Compilation, readonly Reason[]> {
  const problems: Reason[] = [];
  checkFactors(model.factors, problems);
  if (problems.length > 0) return err(problems);
  const names = makeNames(model.factors, problems);
  const constraints = compileConstraints({ model, names, problems });
  const compiled: CompiledModel = {
    factors: model.factors,
    levels: model.factors.map(({ levels }) => levels.length),
    forbidden: constraints.flatMap(({ forbidden }) => forbidden),
    strata: compileStrata(model, names, problems),
    ...compileRows(model, { names, problems, now }),
    weights: compileWeights(model, names, problems),
  };
  if (problems.length > 0) return err(problems);
  checkConflicts(compiled, constraints, problems);
  if (problems.length > 0) return err(problems);
  const remarks = model.factors
    .filter(({ levels }) => levels.length === 1)
    .map(
      ({ name, levels }) =>
        `factor "${clip(name)}" has one level, which stands in every row: ${clip(levels[0] ?? '')}`,
    );
  return ok({ compiled, unreachable: findUnreachable(compiled, constraints), remarks });
}

function checkFactors(factors: readonly Factor[], problems: Reason[]): void {
  const invalid = (text: string): void => void problems.push(reason('INPUT_INVALID', text));
  const large = (text: string): void => void problems.push(reason('INPUT_TOO_LARGE', text));
  if (factors.length === 0) invalid('factors: there is none');
  if (factors.length > LIMITS.factors) {
    large(`${factors.length} factors; ${LIMITS.factors} are the most`);
    return;
  }
  if (new Set(factors.map(({ name }) => name)).size < factors.length)
    invalid('factors: two have the same name');
  for (const { name, levels } of factors) {
    const where = `factor "${clip(name)}"`;
    if (levels.length === 0) invalid(`${where}: it has no level`);
    if (levels.length > LIMITS.levels)
      large(`${where}: ${levels.length} levels; ${LIMITS.levels} are the most`);
    else if (new Set(levels).size < levels.length) invalid(`${where}: two levels have the same name`);
  }
  const values = factors.reduce((sum, { levels }) => sum + levels.length, 0);
  if (values > LIMITS.values) large(`${values} levels in all; ${LIMITS.values} are the most`);
}

function compileStrata(model: CoverageModel, names: Names, problems: Reason[]): CompiledModel['strata'] {
  const { factors, strength, groups = [] } = model;
  const whole = { factors: [...factors.keys()], strength };
  const strata = [
    whole,
    ...groups.map((group, index) => ({
      ...group,
      factors: names.factors(group.factors, `groups[${index}]`),
    })),
  ];
  let combinations = 0;
  for (const [index, stratum] of strata.entries()) {
    const path = index === 0 ? 'strength' : `groups[${index - 1}].strength`;
    if (![1, 2, 3, 4].includes(stratum.strength)) {
      problems.push(reason('INPUT_INVALID', `${path}: ${stratum.strength} is none of 1, 2, 3, 4`));
    } else if (stratum.factors.length < stratum.strength) {
      problems.push(
        reason('INPUT_INVALID', `${path}: ${stratum.strength} of ${stratum.factors.length} factors`),
      );
    } else if (index > 0 && stratum.strength <= strength) {
      problems.push(
        reason('INPUT_INVALID', `${path}: adds nothing to the strength ${strength} of all factors`),
      );
    } else {
      const levels = stratum.factors.map((factor) => factors[factor]?.levels.length ?? 0);
      const atLeast = levels
        .sort((a, b) => b - a)
        .slice(0, stratum.strength)
        .reduce((a, b) => a * b, 1);
      combinations += countCombinations(levels, stratum.strength);
      checkSize({ path, combinations, atLeast }, problems);
    }
  }
  return strata;
}

function checkSize(
  {
    path,
    combinations,
    atLeast,
  }: { readonly path: string; readonly combinations: number; readonly atLeast: number },
  problems: Reason[],
): void {
  const what =
    combinations > LIMITS.combinations
      ? `${combinations} combinations to cover; ${LIMITS.combinations} are the most`
      : atLeast > LIMITS.rows
        ? `the largest factors alone make ${atLeast} rows; ${LIMITS.rows} are the most`
        : null;
  if (what !== null) problems.push(reason('INPUT_TOO_LARGE', `${path}: ${what}`));
}

function compileRows(
  { seeds = [], covered = [] }: CoverageModel,
  { names, problems, now }: { readonly names: Names; readonly problems: Reason[]; readonly now: Instant },
): Pick<CompiledModel, 'seeds' | 'covered'> {
  for (const [what, { length }, limit] of [
    ['seeds', seeds, LIMITS.seeds],
    ['covered rows', covered, LIMITS.covered],
  ] as const) {
    if (length <= limit) continue;
    problems.push(reason('INPUT_TOO_LARGE', `${length} ${what}; ${limit} are the most`));
    return { seeds: [], covered: [] };
  }
  const counting = covered.filter(({ until }) => until > now);
  return {
    seeds: seeds.map((row, index) => names.row(row, `seeds[${index}]`)),
    covered: counting.map(({ row }, index) => names.row(row, `covered[${index}]`)),
  };
}

function compileWeights(
  { weights = [] }: CoverageModel,
  names: Names,
  problems: Reason[],
): CompiledModel['weights'] {
  if (weights.length > LIMITS.weights) {
    problems.push(reason('INPUT_TOO_LARGE', `${weights.length} weights; ${LIMITS.weights} are the most`));
    return [];
  }
  return weights.flatMap(({ choice, weight }, index) => {
    const path = `weights[${index}]`;
    if (!(weight > 0 && weight <= LIMITS.weight)) {
      problems.push(reason('INPUT_INVALID', `${path}: ${weight} is not above 0 and up to ${LIMITS.weight}`));
    }
    const choices = names.choice(choice, path);
    const count = choices.reduce((product, { length }) => product * length, 1);
    if (choices.length === 0 || count > LIMITS.weights) {
      problems.push(
        reason('INPUT_INVALID', `${path}: names ${count} combinations; 1 to ${LIMITS.weights} are right`),
      );
      return [];
    }
    const sets = choices.reduce<readonly (readonly number[])[]>(
      (all, values) => all.flatMap((set) => values.map((value) => [...set, value])),
      [[]],
    );
    return sets.map((values) => ({ values, weight }));
  });
}

function checkConflicts(
  { levels, seeds, forbidden }: CompiledModel,
  constraints: readonly Clauses[],
  problems: Reason[],
): void {
  const solver = makeSolver(makeProblem({ levels, forbidden, strata: [] }), makeRandom(1).below);
  const check = (assumed: readonly number[], what: string): void => {
    const row = solver.extend(assumed);
    if (row === undefined)
      problems.push(reason('INPUT_TOO_LARGE', 'the constraints are too entangled to find a row'));
    if (row !== null) return;
    const because = findConflict({ levels, constraints, assumed }).map(clip).join(', ');
    problems.push(reason('CONSTRAINTS_CONTRADICT', `${what}: ${because}`));
  };
  check([], 'no row is possible, by these constraints together');
  if (problems.length > 0) return;
  for (const [index, seed] of seeds.entries()) check(seed, `seeds[${index}] is not possible, by`);
}

function findUnreachable(
  { factors, levels, forbidden }: CompiledModel,
  constraints: readonly Clauses[],
): readonly UnreachableLevel[] {
  const problem = makeProblem({ levels, forbidden, strata: [] });
  const solver = makeSolver(problem, makeRandom(1).below);
  const base = solver.extend([]) ?? undefined;
  return [...problem.factorOf].flatMap((factor, value) => {
    if ((problem.component[factor] ?? -1) < 0 || solver.extend([value], base) !== null) return [];
    const { name = '', levels: names = [] } = factors[factor] ?? {};
    const because = findConflict({ levels, constraints, assumed: [value] });
    return [{ factor: name, level: names[value - (problem.first[factor] ?? 0)] ?? '', because }];
  });
}
