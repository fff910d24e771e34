import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../../src/domain/ids.ts';
import { checkRows } from '../../../../src/planning/check/coverage-rows.ts';
import type { CoverageModel } from '../../../../src/planning/coverage/model.ts';
import { aCoverage, aCoverageModel, namedRows, NOW } from '../../../support/coverage-models.ts';

const LATER = (NOW + 1) as Instant;
const manyFactors = (count: number, levels: number): CoverageModel => ({
  factors: Array.from({ length: count }, (_, index) => ({
    name: `f${index}`,
    levels: Array.from({ length: levels }, (__, level) => `l${level}`),
  })),
  strength: 2,
});

describe('a plan', () => {
  it('lets every possible pair meet in no more rows than the largest two factors need', () => {
    const plan = aCoverage(aCoverageModel());
    expect(plan).toMatchObject({ feasible: 29, uncovered: 0, bound: 6 });
    expect(plan.rows).toHaveLength(6);
  });

  it('finds the nine rows of four factors of three levels, and the fifteen of thirteen', () => {
    expect(aCoverage(manyFactors(4, 3)).rows).toHaveLength(9);
    expect(aCoverage(manyFactors(13, 3), { moves: 40_000 }).rows).toHaveLength(15);
  });

  it('holds the seeds, filled up, and says which rows they are', () => {
    const model = aCoverageModel({ seeds: [{ ric: 'bolt', du: 'west' }, { ric: 'core' }] });
    const plan = aCoverage(model);
    const rows = namedRows(model, plan);
    expect(rows[plan.seeds.indexOf(0)]).toMatchObject({ ric: 'bolt', du: 'west' });
    expect(rows[plan.seeds.indexOf(1)]).toMatchObject({ ric: 'core', profile: 'tdd' });
  });

  it('leaves out what is excluded', () => {
    const model = aCoverageModel({ exclude: [{ ric: 'acme', cu: 'nord' }] });
    const rows = namedRows(model, aCoverage(model));
    expect(rows.filter(({ ric, cu }) => ric === 'acme' && cu === 'nord')).toEqual([]);
  });

  it('covers triples where a group asks for them, and pairs elsewhere', () => {
    const groups = [{ factors: ['ric', 'cu', 'du'], strength: 3 }];
    const model = aCoverageModel({ groups });
    const rows = namedRows(model, aCoverage(model));
    expect(new Set(rows.map(({ ric, cu, du }) => `${ric ?? ''} ${cu ?? ''} ${du ?? ''}`)).size).toBe(12);
    expect(rows).toHaveLength(12);
  });

  it('adds only what a new release needs', () => {
    const before = aCoverageModel();
    const covered = namedRows(before, aCoverage(before)).map((row) => ({ row, until: LATER }));
    const [ric, ...others] = before.factors;
    const release = { name: 'ric', levels: [...(ric?.levels ?? []), 'acme-2'] };
    const after = aCoverageModel({ factors: [release, ...others], covered });
    const plan = aCoverage(after);
    expect(namedRows(after, plan).map((row) => row['ric'])).toEqual(['acme-2', 'acme-2']);
  });

  it('does again what has been covered for long enough', () => {
    const model = aCoverageModel();
    const rows = namedRows(model, aCoverage(model));
    const covered = (until: Instant) => rows.map((row) => ({ row, until }));
    expect(aCoverage(aCoverageModel({ covered: covered(LATER) })).rows).toEqual([]);
    expect(aCoverage(aCoverageModel({ covered: covered(NOW) })).rows).toHaveLength(6);
  });

  it('takes 500 factors', () => {
    const plan = aCoverage(manyFactors(500, 2), { moves: 0 });
    expect([plan.feasible, plan.uncovered]).toEqual([499_000, 0]);
  });
});

describe('the order of rows', () => {
  it('begins with what weighs the most', () => {
    const weights = [{ choice: { ric: 'bolt', du: 'west' }, weight: 100 }];
    const model = aCoverageModel({ weights });
    const [first] = namedRows(model, aCoverage(model));
    expect(first).toMatchObject({ ric: 'bolt', du: 'west' });
  });

  it('says for every prefix what it covers', () => {
    const plan = aCoverage(aCoverageModel());
    const { prefixes } = plan;
    const gains = prefixes.map(({ weight }, index) => weight - (prefixes[index - 1]?.weight ?? 0));
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(prefixes[0]).toEqual({ rows: 1, combinations: 6, weight: 6, wholeSets: 0 });
    expect(prefixes.at(-1)).toEqual({ rows: 6, combinations: 29, weight: 29, wholeSets: 6 });
    expect([plan.weight, plan.sets]).toEqual([29, 6]);
  });
});

describe('a search', () => {
  it('gives the same plan for the same seed and the same moves', () => {
    const model = manyFactors(10, 4);
    const plan = (seed: number) => JSON.stringify(aCoverage(model, { seed, moves: 5_000 }));
    expect(plan(7)).toBe(plan(7));
    expect(plan(7)).not.toBe(plan(8));
  });

  it('returns the best valid plan when it is stopped, and tells on the way', () => {
    const model = manyFactors(20, 4);
    const sizes: number[] = [];
    let asked = 0;
    const plan = aCoverage(model, {
      moves: Infinity,
      shouldStop: () => (asked += 1) > 60,
      onProgress: ({ rows }) => sizes.push(rows),
    });
    expect(plan.uncovered).toBe(0);
    expect(sizes.at(-1)).toBe(plan.rows.length);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('returns what it has when it is stopped before everything is covered', () => {
    const model = manyFactors(20, 4);
    let asked = 0;
    const plan = aCoverage(model, { shouldStop: () => (asked += 1) > 3 });
    expect(plan.rows).toHaveLength(3);
    expect(plan.prefixes.at(-1)?.wholeSets).toBeNull();
    const check = checkRows(model, namedRows(model, plan), NOW);
    expect(check).toMatchObject({ ok: true, value: { uncovered: plan.uncovered, invalid: [] } });
  });
});
