import { describe, expect, it } from 'vitest';
import { checkRows } from '../../../../src/planning/check/coverage-rows.ts';
import type { CoverageModel, PartialRow } from '../../../../src/planning/coverage/model.ts';
import { aCoverage, aCoverageModel, namedRows, NOW } from '../../../support/coverage-models.ts';

const check = (model: CoverageModel, rows: readonly PartialRow[]) => {
  const result = checkRows(model, rows, NOW);
  if (!result.ok) throw new Error('the model has mistakes');
  return result.value;
};

describe('the checker of plans', () => {
  const model = aCoverageModel({ seeds: [{ ric: 'acme', cu: 'sued' }] });
  const rows = namedRows(model, aCoverage(model));

  it('has nothing to say against a plan', () => {
    expect(check(model, rows)).toEqual({
      ...{ feasible: 29, uncovered: 0, examples: [], invalid: [], lostSeeds: [], broken: [] },
    });
  });

  it('finds what is missing when any row is taken out', () => {
    const missing = rows.map(
      (_, index) =>
        check(
          model,
          rows.filter((__, other) => other !== index),
        ).uncovered,
    );
    expect(missing.every((count) => count > 0)).toBe(true);
  });

  it('names a row that breaks a constraint, and does not count what it holds', () => {
    const forbidden = { ric: 'core', cu: 'nord', du: 'east', profile: 'fdd' };
    expect(check(model, [forbidden])).toMatchObject({
      ...{ uncovered: 29, invalid: [0], broken: [{ row: 0, by: 'core-is-tdd-only' }] },
    });
  });

  it('names a row that is none, and a seed that is not there', () => {
    const findings = check(model, [
      { ric: 'acme', cu: 'nord', du: 'east' },
      { ...rows[0], ric: 'zeta' },
    ]);
    expect(findings).toMatchObject({ invalid: [0, 1], lostSeeds: [0] });
  });
});
