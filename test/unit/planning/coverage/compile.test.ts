import { describe, expect, it } from 'vitest';
import { compileModel } from '../../../../src/planning/coverage/compile.ts';
import type { CoverageModel } from '../../../../src/planning/coverage/model.ts';
import { aCoverageModel, NOW } from '../../../support/coverage-models.ts';

const problemsOf = (changes: Partial<CoverageModel>): readonly (readonly [string, string])[] => {
  const result = compileModel(aCoverageModel(changes), NOW);
  return result.ok ? [] : result.error.map(({ code, text }) => [code, text]);
};
const manyFactors = (count: number, levels: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `f${index}`,
    levels: Array.from({ length: levels }, (__, level) => `l${level}`),
  }));

describe('mistakes in a model', () => {
  it.each<[string, Partial<CoverageModel>, readonly [string, string]]>([
    ['no factor', { factors: [], constraints: [] }, ['INPUT_INVALID', 'factors: there is none']],
    [
      'a factor without levels',
      { factors: [{ name: 'ric', levels: [] }], constraints: [], strength: 1 },
      ['INPUT_INVALID', 'factor "ric": it has no level'],
    ],
    [
      'a level named twice',
      { factors: [{ name: 'ric', levels: ['a', 'a'] }], constraints: [], strength: 1 },
      ['INPUT_INVALID', 'factor "ric": two levels have the same name'],
    ],
    ['a strength of 5', { strength: 5 }, ['INPUT_INVALID', 'strength: 5 is none of 1, 2, 3, 4']],
    [
      'a group that adds nothing',
      { groups: [{ factors: ['ric', 'cu'], strength: 2 }] },
      ['INPUT_INVALID', 'groups[0].strength: adds nothing to the strength 2 of all factors'],
    ],
    [
      'a group smaller than its strength',
      { groups: [{ factors: ['ric', 'cu'], strength: 3 }] },
      ['INPUT_INVALID', 'groups[0].strength: 3 of 2 factors'],
    ],
    [
      'a constraint on a factor that is not there',
      { constraints: [{ id: 'x', forbid: { rik: 'acme' } }] },
      ['INPUT_INVALID', 'constraint x: there is no factor "rik"'],
    ],
    [
      'a seed with a level that is not there',
      { seeds: [{ ric: 'zeta' }] },
      ['INPUT_INVALID', 'seeds[0].ric: there is no level "zeta"'],
    ],
    [
      'a weight below 0',
      { weights: [{ choice: { ric: 'acme' }, weight: -1 }] },
      ['INPUT_INVALID', 'weights[0]: -1 is not above 0 and up to 1000'],
    ],
    [
      'more factors than one can count',
      { factors: manyFactors(1_001, 2), constraints: [] },
      ['INPUT_TOO_LARGE', '1001 factors; 1000 are the most'],
    ],
    [
      '500 factors at strength 3',
      { factors: manyFactors(500, 2), constraints: [], strength: 3 },
      ['INPUT_TOO_LARGE', 'strength: 165668000 combinations to cover; 40000000 are the most'],
    ],
    [
      'factors that alone make too many rows',
      { factors: manyFactors(2, 200), constraints: [] },
      ['INPUT_TOO_LARGE', 'strength: the largest factors alone make 40000 rows; 16000 are the most'],
    ],
    [
      'a rule over too many combinations',
      {
        factors: manyFactors(17, 2),
        constraints: [{ id: 'r', factors: manyFactors(17, 2).map(({ name }) => name), allows: () => true }],
      },
      ['INPUT_TOO_LARGE', 'constraint r: looks at 131072 combinations; 100000 are the most'],
    ],
  ])('names %s', (_, changes, problem) => {
    expect(problemsOf(changes)).toEqual([problem]);
  });

  it('names the smallest set of constraints that contradict each other', () => {
    const constraints: CoverageModel['constraints'] = [
      { id: 'a-needs-nord', when: { ric: ['acme', 'bolt'] }, then: { cu: 'nord' } },
      { id: 'nord-needs-east', when: { cu: 'nord' }, then: { du: 'east' } },
      { id: 'east-refuses-acme', forbid: { du: 'east', ric: 'acme' } },
      { id: 'east-refuses-bolt', forbid: { du: 'east', ric: 'bolt' } },
      { id: 'only-nord', forbid: { cu: 'sued' } },
      { id: 'no-east', forbid: { du: 'east' } },
      { id: 'no-core', forbid: { ric: 'core' } },
    ];
    expect(problemsOf({ constraints })).toEqual([
      [
        'CONSTRAINTS_CONTRADICT',
        'no row is possible, by these constraints together: no-east, nord-needs-east, only-nord',
      ],
    ]);
  });

  it('says which constraint makes a seed impossible', () => {
    const problem = 'seeds[0] is not possible, by: core-is-tdd-only';
    expect(problemsOf({ seeds: [{ ric: 'core', profile: 'fdd' }] })).toEqual([
      ['CONSTRAINTS_CONTRADICT', problem],
    ]);
  });
});

describe('what is no mistake', () => {
  it('tells which levels no row can hold, and why', () => {
    const constraints: CoverageModel['constraints'] = [
      { id: 'core-needs-west', when: { ric: 'core' }, then: { du: 'west' } },
      { id: 'west-is-fdd', when: { du: 'west' }, then: { profile: 'fdd' } },
      { id: 'core-is-tdd', forbid: { ric: 'core', profile: 'fdd' } },
    ];
    const result = compileModel(aCoverageModel({ constraints }), NOW);
    const because = ['core-is-tdd', 'core-needs-west', 'west-is-fdd'];
    expect(result).toMatchObject({
      ok: true,
      value: { unreachable: [{ factor: 'ric', level: 'core', because }] },
    });
  });

  it('remarks that a factor cannot vary', () => {
    const factors = [...aCoverageModel().factors, { name: 'smo', levels: ['only'] }];
    const result = compileModel(aCoverageModel({ factors }), NOW);
    const remarks = ['factor "smo" has one level, which stands in every row: only'];
    expect(result).toMatchObject({ ok: true, value: { remarks } });
  });

  it('asks a rule in code once for every combination of its factors', () => {
    let asked = 0;
    const allows = (ric = '', du = ''): boolean => {
      asked += 1;
      return !(ric === 'bolt' && du === 'west');
    };
    const result = compileModel(
      aCoverageModel({ constraints: [{ id: 'r', factors: ['ric', 'du'], allows }] }),
      NOW,
    );
    expect([asked, result.ok && result.value.compiled.forbidden]).toEqual([6, [[1, 6]]]);
  });
});
