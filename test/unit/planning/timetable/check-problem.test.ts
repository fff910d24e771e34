import { describe, expect, it } from 'vitest';
import { checkProblem } from '../../../../src/planning/timetable/check-problem.ts';
import type { TimetableProblem } from '../../../../src/planning/timetable/problem.ts';
import { solveTimetable } from '../../../../src/planning/timetable/solve.ts';
import {
  aPlannedMode,
  aPlannedRun,
  aPlannedTestbed,
  aTimetableProblem,
} from '../../../support/timetables.ts';

const run = aPlannedRun;
const needing = (needs: Readonly<Record<string, number>>) => run('a', { modes: [aPlannedMode({ needs })] });

const BAD: readonly (readonly [string, Partial<TimetableProblem>, string, string])[] = [
  ['a run that no testbed hosts', { runs: [run('a', { modes: [] })] }, 'TIMETABLE_IMPOSSIBLE', 'run a'],
  [
    'more of a product than there is',
    { resources: [{ id: 'du-1', capacity: 1, open: null }], runs: [needing({ 'du-1': 2 })] },
    'TIMETABLE_IMPOSSIBLE',
    'du-1',
  ],
  [
    'a calendar without a free hour',
    { resources: [{ id: 'chamber', capacity: 1, open: [] }], runs: [needing({ chamber: 1 })] },
    'TIMETABLE_IMPOSSIBLE',
    'chamber has no free hour',
  ],
  [
    'a testbed that is never staffed, and set-up',
    {
      testbeds: [
        aPlannedTestbed('bed-1', { staffed: [], setUp: { kind: 'byRole', minutes: { 'o-ru': 60 } } }),
      ],
      runs: [run('a', { roles: { 'o-ru': 'ru-1' } })],
    },
    'TIMETABLE_IMPOSSIBLE',
    'no staffed hour',
  ],
  [
    'attendance for longer than any shift',
    {
      testbeds: [aPlannedTestbed('bed-1', { staffed: [{ from: 0, to: 59 }] })],
      runs: [run('a', { hours: 'staffed' })],
    },
    'TIMETABLE_IMPOSSIBLE',
    '60 minutes on end',
  ],
  [
    'a deadline before the release',
    { runs: [run('a', { release: 9, due: 5 })] },
    'TIMETABLE_IMPOSSIBLE',
    'due at 5',
  ],
  [
    'stages that wait for each other',
    { runs: [run('a', { after: ['c'] }), run('b', { after: ['a'] }), run('c', { after: ['b'] }), run('d')] },
    'TIMETABLE_IMPOSSIBLE',
    'circle',
  ],
  [
    'a budget that is too small',
    {
      budgets: [{ id: 'licence-hours', amount: 1 }],
      runs: [run('a', { modes: [aPlannedMode({ takes: { 'licence-hours': 2 } })] })],
    },
    'TIMETABLE_IMPOSSIBLE',
    'licence-hours',
  ],
  [
    'a release too late for the horizon',
    { runs: [run('a', { release: 9_999 })] },
    'TIMETABLE_IMPOSSIBLE',
    'horizon',
  ],
  [
    'a negative duration',
    { runs: [run('a', { modes: [aPlannedMode({ duration: -1 })] })] },
    'INPUT_INVALID',
    '-1',
  ],
  ['half a minute', { runs: [run('a', { release: 0.5 })] }, 'INPUT_INVALID', '0.5'],
  ['two runs of one name', { runs: [run('a'), run('a')] }, 'INPUT_INVALID', 'run a is there twice'],
  ['a testbed that is not there', { testbeds: [], runs: [run('a')] }, 'INPUT_INVALID', 'no testbed bed-1'],
  ['a run that waits for nobody', { runs: [run('a', { after: ['x'] })] }, 'INPUT_INVALID', 'x'],
  [
    'a calendar out of order',
    {
      testbeds: [
        aPlannedTestbed('bed-1', {
          closed: [
            { from: 5, to: 9 },
            { from: 0, to: 2 },
          ],
        }),
      ],
    },
    'INPUT_INVALID',
    'bed-1: closed',
  ],
  ['a line with something else beside', { lines: [{ testbeds: ['bed-1'] }] }, 'INPUT_INVALID', 'bed-1'],
  [
    'ten thousand products and one more',
    { resources: Array.from({ length: 10_001 }, (_, i) => ({ id: `p${i}`, capacity: 1, open: null })) },
    'INPUT_TOO_LARGE',
    '10001 resources',
  ],
  [
    'more runs than can be planned',
    { runs: Array.from({ length: 3_001 }, (_, i) => run(`r${i}`)) },
    'INPUT_TOO_LARGE',
    '3001 runs',
  ],
  ['no length at all', { horizon: NaN }, 'INPUT_INVALID', 'horizon'],
];

describe('problems that cannot be planned', () => {
  it.each(BAD.map(([what, changes, code, text]) => ({ what, changes, code, text })))(
    'refuses $what, by name',
    ({ changes, code, text }) => {
      const reasons = checkProblem(aTimetableProblem(changes));
      expect(reasons.map((reason) => reason.code)).toEqual([code]);
      expect(reasons[0]?.text).toContain(text);
    },
  );

  it('names every run of a circle, and nobody else', () => {
    const runs = [
      run('a', { after: ['c'] }),
      run('b', { after: ['a'] }),
      run('c', { after: ['b'] }),
      run('d', { after: ['c'] }),
    ];
    const [reason] = checkProblem(aTimetableProblem({ runs }));
    expect([...(reason?.text ?? '').matchAll(/\b[a-d]\b(?= before|$)/gu)].map(String).sort()).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});

it('plans with ten thousand products', () => {
  const resources = Array.from({ length: 10_000 }, (_, i) => ({ id: `p${i}`, capacity: 1, open: null }));
  const runs = [needing({ p0: 1, p9999: 1 }), run('b')];
  const solved = solveTimetable(aTimetableProblem({ resources, runs }), { seed: 1, budget: { moves: 20 } });
  expect(solved.ok && solved.value.objective.makespan).toBe(120);
});

it('says so when there is no room before the horizon', () => {
  const solved = solveTimetable(aTimetableProblem({ horizon: 100 }), { seed: 1, budget: { moves: 50 } });
  expect(!solved.ok && solved.error.map(({ code }) => code)).toEqual(['TIMETABLE_FULL']);
});
