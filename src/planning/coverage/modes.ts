import { reason, type Reason } from '../../kernel/errors.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { LIMITS, type CompiledModel, type CoverageModel, type PartialRow } from './model.ts';

/**
 * Every product in one role with every one in another: all pairs of an interface. Other factors take each of their levels
 * at least once.
 */
export function allPairsBetween(model: CoverageModel, between: readonly [string, string]): CoverageModel {
  return { ...model, strength: 1, groups: [{ factors: between, strength: 2 }] };
}

/** Each level of one factor, with the reference in every factor that has one. */
export function againstReferences(
  model: CoverageModel,
  factor: string,
  references: PartialRow,
): CoverageModel {
  const fixed = model.factors.flatMap(({ name, levels }) => {
    const reference = references[name];
    const others = levels.filter((level) => level !== reference);
    if (name === factor || reference === undefined || others.length === 0) return [];
    return [{ id: `the reference of ${name}`, forbid: { [name]: others } }];
  });
  return { ...model, strength: 1, groups: [], constraints: [...(model.constraints ?? []), ...fixed] };
}

/** Everything with everything: each valid row is a seed. `INPUT_TOO_LARGE` when there are more than can be planned. */
export function withAllRows(model: CompiledModel): Result<CompiledModel, Reason> {
  const rows: (readonly number[])[] = [];
  const clauses = model.forbidden.map((values) => new Set(values));
  const extend = (row: readonly number[], first: number): boolean => {
    const levels = model.levels[row.length];
    if (levels === undefined) return rows.push(row) <= LIMITS.rows;
    for (let value = first; value < first + levels; value += 1) {
      const longer = [...row, value];
      const broken = clauses.some(
        (clause) => clause.has(value) && [...clause].every((one) => longer.includes(one)),
      );
      if (!broken && !extend(longer, first + levels)) return false;
    }
    return true;
  };
  if (!extend([], 0)) {
    return err(reason('INPUT_TOO_LARGE', `everything with everything makes more than ${LIMITS.rows} rows`));
  }
  return ok({ ...model, seeds: rows });
}
