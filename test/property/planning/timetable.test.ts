import { expect, it } from 'vitest';
import { checkTimetable } from '../../../src/planning/check/timetable.ts';
import { makeRandom } from '../../../src/planning/random.ts';
import { solveTimetable } from '../../../src/planning/timetable/solve.ts';
import { aRandomProblem, bruteForceMakespan } from '../../support/timetables.ts';

/** `npm run timetable:long` tries 10,000. */
const LONG = process.env['PATCHBAY_TIMETABLE'] === 'long';
const PROBLEMS = LONG ? 5_000 : 40;
// A search finds the best sooner or later; with so few, a handful of ten thousand come a little later.
const MOVES = LONG ? 6_000 : 1_500;

it.each(['project', 'campaign'] as const)(
  'finds the shortest %s that trying everything finds, and never an invalid one',
  (kind) => {
    for (let seed = 1; seed <= PROBLEMS; seed++) {
      const problem = aRandomProblem(makeRandom(seed), kind);
      const shortest = bruteForceMakespan(problem);
      const solved = solveTimetable(problem, { seed, budget: { moves: MOVES } });
      if (!solved.ok) {
        expect([seed, solved.error, shortest]).toEqual([seed, solved.error, null]);
        continue;
      }
      const { entries, objective, bound } = solved.value;
      expect([seed, checkTimetable(problem, entries)]).toEqual([seed, []]);
      expect([seed, objective.makespan]).toEqual([seed, shortest]);
      expect(bound.makespan).toBeLessThanOrEqual(objective.makespan);
    }
  },
);
