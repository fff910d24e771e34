import { expect, it } from 'vitest';
import { learnDuration } from '../../../../src/planning/timetable/durations.ts';
import { changed, explainWait, whatIf } from '../../../../src/planning/timetable/explain.ts';
import { solveTimetable } from '../../../../src/planning/timetable/solve.ts';
import {
  aPlannedMode,
  aPlannedRun,
  aPlannedTestbed,
  aTimetableProblem,
} from '../../../support/timetables.ts';

const need = (product: string, testbed = 'bed-1') => [aPlannedMode({ testbed, needs: { [product]: 1 } })];
const problem = aTimetableProblem({
  testbeds: [
    aPlannedTestbed('bed-1', {
      staffed: [
        { from: 0, to: 100 },
        { from: 1_440, to: 1_540 },
      ],
      setUp: { kind: 'byRole', minutes: { ru: 30 } },
      holds: { ru: 'ru-1' },
    }),
    aPlannedTestbed('bed-2'),
  ],
  resources: ['ru-1', 'ru-2'].map((id) => ({ id, capacity: 1, open: null })),
  runs: [
    aPlannedRun('first', { roles: { ru: 'ru-1' }, modes: need('ru-1') }),
    aPlannedRun('elsewhere', { modes: need('ru-2', 'bed-2') }),
    aPlannedRun('second', { roles: { ru: 'ru-2' }, modes: need('ru-2') }),
    aPlannedRun('third', { roles: { ru: 'ru-1' }, after: ['second'], modes: need('ru-1') }),
  ],
});
const options = { seed: 1, budget: { moves: 300 } };
const plan = solveTimetable(problem, options);
if (!plan.ok) throw new Error('no plan');
const { entries } = plan.value;

it('names what holds a run, until when, and what would free it', () => {
  const explanation = explainWait(problem, entries, 'third');
  expect(explanation?.holds.map(({ what, id }) => [what, id])).toEqual([
    ['hours', 'bed-1'],
    ['run', 'second'],
    ['testbed', 'bed-1'],
    ['resource', 'ru-1'],
  ]);
  expect(explanation?.begins).toBe(entries.find(({ run }) => run === 'third')?.setUpStart);
  expect(explanation?.holds[2]).toMatchObject({ by: ['second'] });
});

it('has nothing to explain for a run that begins at once, and knows no others', () => {
  expect(explainWait(problem, entries, 'first')).toMatchObject({ holds: [], begins: 0 });
  expect(explainWait(problem, entries, 'nobody')).toBeNull();
});

it('tells what one more testbed or one more shift would buy', () => {
  const shift = { kind: 'shift', every: 1_440, from: 0, to: 1_000 } as const;
  const answer = whatIf(problem, shift, { ...options, plan: plan.value });
  expect(answer.ok && answer.value.savedMinutes).toBeGreaterThan(1_000);
  const more = changed(problem, { kind: 'testbed', like: 'bed-1' });
  expect(more.testbeds.map(({ id }) => id)).toEqual(['bed-1', 'bed-2', 'bed-1+1']);
  expect(more.runs.map(({ modes }) => modes.length)).toEqual([2, 1, 2, 2]);
});

it('plans on the median of what was seen and keeps the tenth percentile from the top free', () => {
  expect(learnDuration(60, [])).toEqual({ duration: 60, buffer: 0 });
  expect(learnDuration(60, [50, 50, 50, 50, 100])).toEqual({ duration: 50, buffer: 30 });
  expect(learnDuration(60, [90])).toEqual({ duration: 60, buffer: 18 });
});
