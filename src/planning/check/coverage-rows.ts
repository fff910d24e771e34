import type { Instant } from '../../domain/ids.ts';
import type { Reason } from '../../kernel/errors.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { compileModel } from '../coverage/compile.ts';
import type { Choice, Constraint, CoverageModel, PartialRow } from '../coverage/model.ts';
import { checkCoverage, type CoverageFindings } from './coverage.ts';

export interface RowFindings extends CoverageFindings {
  /** For each row that breaks something: what. */
  readonly broken: readonly { readonly row: number; readonly by: string }[];
}

/**
 * Whether rows by name do what a model asks for: constraints are put to the names as they were written, combinations are counted
 * by the checker.
 * @param now what was covered until then, or earlier, does not count
 */
export function checkRows(
  model: CoverageModel,
  rows: readonly PartialRow[],
  now: Instant,
): Result<RowFindings, readonly Reason[]> {
  const compilation = compileModel(model, now);
  if (!compilation.ok) return err(compilation.error);
  const { levels, forbidden, strata, covered, seeds } = compilation.value.compiled;
  const places = levels.flatMap((count, factor) =>
    Array.from({ length: count }, (_, level) => [factor, level] as const),
  );
  const place = (value: number): readonly [number, number] => places[value] ?? [-1, -1];
  const toRow = (values: readonly number[]): readonly number[] => {
    const found = new Map(values.map(place));
    return levels.map((_, factor) => found.get(factor) ?? -1);
  };
  const findings = checkCoverage({
    ...{ levels, strata, covered: covered.map(toRow), seeds: seeds.map(toRow) },
    forbidden: forbidden.map((values) => values.map(place)),
    rows: rows.map((row) => model.factors.map(({ name, levels: known }) => known.indexOf(row[name] ?? ''))),
  });
  const broken = rows.flatMap((row, index) => brokenBy(model, row).map((by) => ({ row: index, by })));
  return ok({ ...findings, broken });
}

function brokenBy({ constraints = [], exclude = [] }: CoverageModel, row: PartialRow): readonly string[] {
  const excluded = exclude.flatMap((choice, index) => (matches(choice, row) ? [`exclude[${index}]`] : []));
  return [...constraints.filter((constraint) => !holds(constraint, row)).map(({ id }) => id), ...excluded];
}

function holds(constraint: Constraint, row: PartialRow): boolean {
  if ('allows' in constraint)
    return constraint.allows(...constraint.factors.map((factor) => row[factor] ?? ''));
  if ('forbid' in constraint) return !matches(constraint.forbid, row);
  return !matches(constraint.when, row) || matches(constraint.then, row);
}

function matches(choice: Choice, row: PartialRow): boolean {
  return Object.entries(choice).every(([factor, levels]) => [levels].flat().includes(row[factor] ?? ''));
}
