import { expect, it } from 'vitest';
import { checkTimetable } from '../../../../src/planning/check/timetable.ts';
import type { PlannedEntry } from '../../../../src/planning/timetable/plan.ts';
import type { TimetableProblem } from '../../../../src/planning/timetable/problem.ts';
import {
  aPlannedMode,
  aPlannedRun,
  aPlannedTestbed,
  aTimetableProblem,
} from '../../../support/timetables.ts';

const problem: TimetableProblem = aTimetableProblem({
  testbeds: [
    aPlannedTestbed('bed-1', {
      staffed: [{ from: 0, to: 300 }],
      closed: [{ from: 500, to: 600 }],
      setUp: { kind: 'byRole', minutes: { ru: 20 } },
      holds: { ru: 'ru-1' },
    }),
    aPlannedTestbed('bed-2'),
  ],
  resources: [
    { id: 'ru-1', capacity: 1, open: null },
    { id: 'people', capacity: 2, open: [{ from: 0, to: 400 }] },
  ],
  budgets: [{ id: 'hours', amount: 1 }],
  runs: [
    aPlannedRun('a', { roles: { ru: 'ru-1' }, modes: [aPlannedMode({ needs: { 'ru-1': 1 } })] }),
    aPlannedRun('b', {
      roles: { ru: 'ru-2' },
      after: ['a'],
      modes: [aPlannedMode({ needs: { people: 1 } })],
    }),
    aPlannedRun('c', {
      release: 10,
      modes: [aPlannedMode({ testbed: 'bed-2', needs: { 'ru-1': 1, people: 2 }, takes: { hours: 1 } })],
    }),
  ],
});

const entry = (
  run: string,
  testbed: string,
  ...[start, changes = {}]: readonly [number, Partial<PlannedEntry>?]
): PlannedEntry => ({
  ...{ run, mode: 0, testbed, setUpStart: start, start, end: start + 60 },
  ...changes,
});
const good: readonly PlannedEntry[] = [
  entry('a', 'bed-1', 0),
  entry('b', 'bed-1', 160, { setUpStart: 140 }),
  entry('c', 'bed-2', 60),
];
const but = (...changed: readonly PlannedEntry[]): readonly PlannedEntry[] =>
  good.map((one) => changed.find(({ run }) => run === one.run) ?? one);

it('has nothing against a valid plan', () => {
  expect(checkTimetable(problem, good)).toEqual([]);
});

it.each<readonly [string, readonly PlannedEntry[], string]>([
  ['a run that is missing', good.slice(1), 'a is planned 0 times'],
  ['a run that is there twice', [...good, entry('c', 'bed-2', 300)], 'c is planned 2 times'],
  ['a run of another problem', [...good, entry('x', 'bed-2', 300)], 'x is planned'],
  ['a mode that does not exist', but(entry('c', 'bed-2', 60, { mode: 3 })), 'no mode 3'],
  ['a testbed of another mode', but(entry('c', 'bed-1', 400)), 'it is at bed-1'],
  ['a run before its release', but(entry('c', 'bed-2', 5)), 'before its release'],
  ['a run that is too short', but(entry('c', 'bed-2', 60, { end: 100 })), 'not 60 minutes'],
  ['a run beyond the horizon', but(entry('c', 'bed-2', 9_990)), 'after the horizon'],
  [
    'set-up that is too short',
    but(entry('b', 'bed-1', 160, { setUpStart: 150 })),
    '10 staffed minutes of set-up',
  ],
  [
    'set-up when nobody is there',
    but(entry('b', 'bed-1', 340, { setUpStart: 320 })),
    '0 staffed minutes of set-up',
  ],
  ['a run on a closed testbed', but(entry('b', 'bed-1', 490, { setUpStart: 280 })), 'bed-1 is closed'],
  ['two runs on a testbed', but(entry('b', 'bed-1', 50, { setUpStart: 30 })), 'at the same time'],
  [
    'a run before one that it waits for',
    but(entry('b', 'bed-1', 60, { setUpStart: 40 })),
    'before a has ended',
  ],
  ['a product in two places', but(entry('c', 'bed-2', 30)), '2 of ru-1 are in use'],
  ['more people than there are', but(entry('c', 'bed-2', 180)), '3 of people are in use'],
  ['people who have gone home', but(entry('c', 'bed-2', 350)), 'people cannot be had'],
])('finds %s', (_, entries, text) => {
  const reasons = checkTimetable(problem, entries);
  expect(reasons.every(({ code }) => code === 'PLAN_BROKEN')).toBe(true);
  expect(reasons.map((reason) => reason.text).join('\n')).toContain(text);
});

it('finds a budget that is overdrawn', () => {
  const poor = { ...problem, budgets: [{ id: 'hours', amount: 0 }] };
  expect(checkTimetable(poor, good).map(({ text }) => text)).toEqual(['1 of hours are taken, 0 are there']);
});
