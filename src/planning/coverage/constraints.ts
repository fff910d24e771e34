import { reason, type Reason } from '../../kernel/errors.ts';
import type { Clauses } from './conflict.ts';
import { LIMITS, type Choice, type Constraint, type CoverageModel, type Factor } from './model.ts';
import type { Names } from './names.ts';

type Clause = readonly number[];

interface Input {
  readonly model: CoverageModel;
  readonly names: Names;
  readonly problems: Reason[];
}

/** Everything that forbids something, as sets of values that may not stand together. Exclusions come last, as `exclude[n]`. */
export function compileConstraints(input: Input): readonly Clauses[] {
  const { constraints = [], exclude = [] } = input.model;
  const all: readonly Constraint[] = [
    ...constraints,
    ...exclude.map((forbid, index) => ({ id: `exclude[${index}]`, forbid })),
  ];
  if (all.length > LIMITS.constraints) {
    const text = `${all.length} constraints and exclusions; ${LIMITS.constraints} are the most`;
    input.problems.push(reason('INPUT_TOO_LARGE', text));
    return [];
  }
  if (new Set(all.map(({ id }) => id)).size < all.length) {
    input.problems.push(reason('INPUT_INVALID', 'constraints: two have the same id'));
  }
  let clauses = 0;
  return all.map((constraint) => {
    const forbidden = compileOne(input, constraint, LIMITS.clauses - clauses);
    clauses += forbidden.length;
    return { id: constraint.id, forbidden };
  });
}

function compileOne(input: Input, constraint: Constraint, room: number): readonly Clause[] {
  const path = `constraint ${constraint.id}`;
  if ('allows' in constraint) return compileRule(input, constraint, room);
  if ('forbid' in constraint)
    return expand(input, { path, choices: chosen(input, constraint.forbid, path), room });
  const when = chosen(input, constraint.when, `${path}: when`);
  const then = Object.entries(constraint.then).map(([factor, levels]) =>
    others(input, { factor, levels, path: `${path}: then` }),
  );
  return then.flatMap((refused) => expand(input, { path, choices: [...when, refused], room }));
}

function chosen({ names, problems }: Input, choice: Choice, path: string): readonly Clause[] {
  if (Object.keys(choice).length === 0) problems.push(reason('INPUT_INVALID', `${path}: no factor is named`));
  return names.choice(choice, path);
}

/** The levels of a factor that are not named. */
function others(
  { model, names }: Input,
  {
    factor,
    levels,
    path,
  }: { readonly factor: string; readonly levels: string | readonly string[]; readonly path: string },
): Clause {
  const named = new Set(names.choice({ [factor]: levels }, path).flat());
  const all = model.factors.find(({ name }) => name === factor)?.levels ?? [];
  return names
    .choice({ [factor]: all }, path)
    .flat()
    .filter((value) => !named.has(value));
}

interface Expansion {
  readonly path: string;
  readonly choices: readonly Clause[];
  readonly room: number;
}

function expand({ problems }: Input, { path, choices, room }: Expansion): readonly Clause[] {
  const count = choices.reduce((product, { length }) => product * length, 1);
  if (count > room) {
    const text = `${path}: makes ${count} forbidden combinations; ${LIMITS.clauses} in all are the most`;
    problems.push(reason('INPUT_TOO_LARGE', text));
    return [];
  }
  return choices.reduce<readonly Clause[]>(
    (clauses, values) => clauses.flatMap((clause) => values.map((value) => [...clause, value])),
    [[]],
  );
}

type Rule = Extract<Constraint, { allows: unknown }>;

function compileRule(input: Input, { id, factors, allows }: Rule, room: number): readonly Clause[] {
  const path = `constraint ${id}`;
  const scope = factors.flatMap((name) => input.model.factors.find((factor) => factor.name === name) ?? []);
  const numbers = input.names.factors(factors, path);
  const count = scope.reduce((product, { levels }) => product * levels.length, 1);
  if (numbers.length < factors.length || factors.length === 0 || count > LIMITS.scope) {
    const many = `${path}: looks at ${count} combinations; ${LIMITS.scope} are the most`;
    if (count > LIMITS.scope) input.problems.push(reason('INPUT_TOO_LARGE', many));
    else if (factors.length === 0)
      input.problems.push(reason('INPUT_INVALID', `${path}: no factor is named`));
    return [];
  }
  const refused = combinations(scope).filter((levels) => !allows(...levels));
  if (refused.length > room) {
    const many = `${path}: makes ${refused.length} forbidden combinations; ${LIMITS.clauses} in all are the most`;
    input.problems.push(reason('INPUT_TOO_LARGE', many));
    return [];
  }
  return refused.map((levels) =>
    input.names.row(Object.fromEntries(levels.map((level, index) => [factors[index] ?? '', level])), path),
  );
}

function combinations(scope: readonly Factor[]): readonly (readonly string[])[] {
  return scope.reduce<readonly (readonly string[])[]>(
    (rows, { levels }) => rows.flatMap((row) => levels.map((level) => [...row, level])),
    [[]],
  );
}
