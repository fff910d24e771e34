import { expect, it } from 'vitest';
import { checkTimetable } from '../../../../src/planning/check/timetable.ts';
import type { PlannedEntry } from '../../../../src/planning/timetable/plan.ts';
import type { TimetableProblem } from '../../../../src/planning/timetable/problem.ts';
import { solveTimetable } from '../../../../src/planning/timetable/solve.ts';
import {
  aPlannedMode,
  aPlannedRun,
  aPlannedTestbed,
  aTimetableProblem,
} from '../../../support/timetables.ts';

const DAY = 1440;
const WEEK = Array.from({ length: 60 }, (_, d) => d)
  .filter((d) => d % 7 < 5)
  .map((d) => ({ from: d * DAY + 480, to: d * DAY + 1080 }));

/** A plugfest: products that exist once, testbeds re-cabled in working hours. */
function aCampaign(count = 24): TimetableProblem {
  const beds = ['bed-1', 'bed-2', 'bed-3'];
  return aTimetableProblem({
    horizon: 60 * DAY,
    testbeds: beds.map((id) =>
      aPlannedTestbed(id, { staffed: WEEK, setUp: { kind: 'byRole', minutes: { ru: 60, du: 30 } } }),
    ),
    resources: ['ru-0', 'ru-1', 'ru-2', 'ru-3', 'du-0', 'du-1', 'du-2'].map((id) => ({
      id,
      capacity: 1,
      open: null,
    })),
    runs: Array.from({ length: count }, (_, i) => {
      const [ru, du] = [`ru-${i % 4}`, `du-${Math.floor(i / 4) % 3}`];
      return aPlannedRun(`run-${i}`, {
        organisation: `vendor-${i % 4}`,
        roles: { ru, du },
        modes: beds.map((testbed) =>
          aPlannedMode({
            testbed,
            duration: 60 + 30 * ((i * 7) % 9),
            buffer: 30,
            needs: { [ru]: 1, [du]: 1 },
          }),
        ),
      });
    }),
  });
}

function planned(problem: TimetableProblem, moves = 400, seed = 1) {
  const solved = solveTimetable(problem, { seed, budget: { moves } });
  if (!solved.ok) throw new Error(solved.error.map(({ text }) => text).join('\n'));
  return solved.value;
}

it('makes the same plan from the same seed and number of moves, and a valid one', () => {
  const problem = aCampaign();
  const [one, other] = [planned(problem), planned(problem)];
  expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  expect(checkTimetable(problem, one.entries)).toEqual([]);
  expect(one.moves).toBe(400);
});

it('states its gap to a bound that no plan beats', () => {
  const { objective, bound, gap } = planned(aCampaign());
  expect(bound.makespan).toBeGreaterThan(0);
  expect(gap).toBeCloseTo(objective.makespan / bound.makespan - 1, 9);
});

it('answers with the best so far when it is stopped', () => {
  let asked = 0;
  const solved = solveTimetable(aCampaign(), {
    seed: 1,
    budget: { moves: 1_000_000 },
    stop: () => ++asked === 2,
  });
  expect(solved.ok && [solved.value.entries.length, solved.value.moves]).toEqual([24, 2]);
});

it('gives what is due a place in time before what is not', () => {
  const problem = aCampaign();
  const urgent = problem.runs.map((run, i) => (i === 23 ? { ...run, due: 900, weight: 5 } : run));
  const { entries, objective } = planned({ ...problem, runs: urgent }, 1_000);
  expect(entries.find(({ run }) => run === 'run-23')?.end).toBeLessThanOrEqual(900 - 30);
  expect(objective.weightedTardiness).toBe(0);
});

it('moves few runs when a testbed fails, and none that has started', () => {
  const problem = aCampaign();
  const before = planned(problem);
  const now = DAY + 700;
  const started = before.entries.filter(({ setUpStart }) => setUpStart < now);
  const broken = started.filter(({ testbed, end }) => testbed === 'bed-1' && end > now).map(({ run }) => run);
  const closed = [{ from: now, to: now + DAY }];
  const changed = {
    ...problem,
    testbeds: problem.testbeds.map((bed) => (bed.id === 'bed-1' ? { ...bed, closed } : bed)),
  };
  const standing = {
    entries: before.entries.filter(({ run }) => !broken.includes(run)),
    started: started.map(({ run }) => run).filter((run) => !broken.includes(run)),
    now,
    mayMove: 5,
  };
  const plans: (readonly PlannedEntry[])[] = [];
  const solved = solveTimetable(changed, {
    seed: 1,
    budget: { moves: 300 },
    standing,
    onProgress: ({ entries }) => plans.push(entries),
  });
  if (!solved.ok) throw new Error(solved.error.map(({ text }) => text).join('\n'));
  for (const entries of [...plans, solved.value.entries])
    expect(checkTimetable(changed, entries)).toEqual([]);
  const at = new Map(solved.value.entries.map((entry) => [entry.run, entry]));
  for (const run of standing.started)
    expect(at.get(run)).toEqual(before.entries.find((entry) => entry.run === run));
  const forced =
    plans[0]?.filter(({ run, start }) => before.entries.some((b) => b.run === run && b.start !== start)) ??
    [];
  expect(solved.value.objective.moved).toBeLessThanOrEqual(Math.max(5, forced.length));
});

it('takes urgent runs into a plan that is under way', () => {
  const problem = aCampaign();
  const before = planned(problem);
  const urgent = aPlannedRun('urgent', {
    weight: 10,
    due: 2 * DAY,
    modes: [aPlannedMode({ testbed: 'bed-2' })],
  });
  const changed = { ...problem, runs: [...problem.runs, urgent] };
  const standing = { entries: before.entries, started: [], now: 600, mayMove: 10 };
  const solved = solveTimetable(changed, { seed: 1, budget: { moves: 200 }, standing });
  if (!solved.ok) throw new Error(solved.error.map(({ text }) => text).join('\n'));
  expect(checkTimetable(changed, solved.value.entries)).toEqual([]);
  expect(solved.value.objective.weightedTardiness).toBe(0);
});

it('keeps pieces of a line in turn', () => {
  const beds = ['chamber', 'field'];
  const runs = Array.from({ length: 5 }, (_, i) =>
    beds.map((testbed, k) =>
      aPlannedRun(`${i}.${k}`, {
        after: k === 0 ? [] : [`${i}.0`],
        modes: [aPlannedMode({ testbed, duration: 3 + ((i * 3 + k * 2) % 5) })],
      }),
    ),
  ).flat();
  const minutes = Object.fromEntries(
    runs.map(({ id }, i) => [id, Object.fromEntries(runs.map((run, j) => [run.id, (i * 5 + j * 3) % 4]))]),
  );
  const problem = aTimetableProblem({
    testbeds: beds.map((id) => aPlannedTestbed(id, { setUp: { kind: 'byRun', minutes } })),
    lines: [{ testbeds: beds }],
    runs,
  });
  expect(checkTimetable(problem, planned(problem, 100).entries)).toEqual([]);
});

it('knows that people go home: between two days one run of a product goes on, and no more', () => {
  const DAY = 1440;
  const staffed = Array.from({ length: 10 }, (_, day) => ({ from: day * DAY, to: day * DAY + 120 }));
  const problem = aTimetableProblem({
    horizon: 10 * DAY,
    testbeds: [aPlannedTestbed('bed-1', { staffed, setUp: { kind: 'byRole', minutes: { product: 60 } } })],
    runs: Array.from({ length: 6 }, (_, i) =>
      aPlannedRun(`run-${i}`, { roles: { product: `acme/${i}` }, modes: [aPlannedMode({ duration: 60 })] }),
    ),
  });
  const { objective, bound } = planned(problem);
  // A day holds one hour of set-up and one of a run, or two of set-up with a run into the evening.
  expect(objective.makespan).toBeGreaterThan(2 * DAY);
  expect(bound.makespan).toBeGreaterThan(2 * DAY);
  expect(bound.makespan).toBeLessThanOrEqual(objective.makespan);
  expect(bound.because).toContain('staffed hours');
});
