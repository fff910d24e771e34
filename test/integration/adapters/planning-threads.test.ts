import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CoveragePlanner,
  makeCoveragePlanner,
} from '../../../src/adapters/planning-threads/coverage-planner.ts';
import {
  makeTimetablePlanner,
  type TimetablePlanner,
} from '../../../src/adapters/planning-threads/timetable-planner.ts';
import { cover } from '../../../src/planning/coverage/cover.ts';
import { checkTimetable } from '../../../src/planning/check/timetable.ts';
import { solveTimetable } from '../../../src/planning/timetable/solve.ts';
import { compiled } from '../../support/coverage-models.ts';
import { aPlannedRun, aTimetableProblem } from '../../support/timetables.ts';

const model = compiled({
  factors: Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, levels: ['a', 'b', 'c', 'd'] })),
  strength: 2,
});

describe('planning in a thread', () => {
  let planner: CoveragePlanner;
  beforeAll(() => void (planner = makeCoveragePlanner()));
  afterAll(() => planner[Symbol.asyncDispose]());

  it('gives the plan that it would give in this one', async () => {
    const { signal } = new AbortController();
    const plan = await planner.plan(model, { seed: 5, moves: 2_000, signal });
    expect(plan).toEqual(cover(model, { seed: 5, moves: 2_000, shouldStop: () => false }));
  });

  it('answers with the best plan so far when it is stopped, and has told of it', async () => {
    const stop = new AbortController();
    const sizes: number[] = [];
    const onProgress = ({ rows }: { readonly rows: number }): void => {
      sizes.push(rows);
      if (sizes.length === 2) stop.abort();
    };
    const plan = await planner.plan(model, { seed: 5, signal: stop.signal, onProgress });
    expect(plan.uncovered).toBe(0);
    expect(plan.rows.length).toBeLessThanOrEqual(Math.min(...sizes));
  });

  it('ends when its time is over', async () => {
    const { signal } = new AbortController();
    const plan = await planner.plan(model, { seed: 5, timeMs: 300, signal });
    expect(plan.uncovered).toBe(0);
  });

  it('works on several at once, and goes on after one that was given up', async () => {
    const { signal } = new AbortController();
    const [one, other] = await Promise.all([
      planner.plan(model, { seed: 1, moves: 200, signal }),
      planner.plan(model, { seed: 2, moves: 200, signal }),
    ]);
    expect([one.uncovered, other.uncovered]).toEqual([0, 0]);
    await expect(
      planner.plan({ ...model, forbidden: [[0], [1], [2], [3]] }, { seed: 1, signal }),
    ).rejects.toThrow();
    expect(await planner.plan(model, { seed: 1, moves: 200, signal })).toEqual(one);
  });

  it('passes on what is wrong', async () => {
    const { signal } = new AbortController();
    const impossible = { ...model, forbidden: [[0], [1], [2], [3]] };
    await expect(planner.plan(impossible, { seed: 5, signal })).rejects.toMatchObject({
      code: 'CONSTRAINTS_CONTRADICT',
    });
  });
});

describe('a timetable from a thread', () => {
  let planner: TimetablePlanner;
  beforeAll(() => void (planner = makeTimetablePlanner()));
  afterAll(() => planner[Symbol.asyncDispose]());

  const problem = aTimetableProblem({
    runs: Array.from({ length: 30 }, (_, i) => aPlannedRun(`run-${i}`, { organisation: `vendor-${i % 3}` })),
  });

  it('is the one that the same seed gives here', async () => {
    const { signal } = new AbortController();
    const order = { seed: 5, budget: { moves: 300 } };
    const planned = await planner.plan(problem, { ...order, signal });
    expect(planned).toEqual(solveTimetable(problem, order));
  });

  it('is the best so far when it is stopped, and valid', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const budget = { ms: 60_000 };
    const planned = await planner.plan(problem, { seed: 5, budget, signal: stop.signal, onProgress });
    expect(planned.ok && checkTimetable(problem, planned.value.entries)).toEqual([]);
  });

  it('is refused with every reason', async () => {
    const { signal } = new AbortController();
    const planned = await planner.plan(
      { ...problem, testbeds: [] },
      { seed: 5, budget: { moves: 1 }, signal },
    );
    expect(!planned.ok && planned.error.length).toBe(30);
  });
});
