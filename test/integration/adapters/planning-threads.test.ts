import { describe, expect, it } from 'vitest';
import { planCoverage } from '../../../src/adapters/planning-threads/coverage-planner.ts';
import { cover } from '../../../src/planning/coverage/cover.ts';
import { compiled } from '../../support/coverage-models.ts';

const model = compiled({
  factors: Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, levels: ['a', 'b', 'c', 'd'] })),
  strength: 2,
});

describe('planning in a thread', () => {
  it('gives the plan that it would give in this one', async () => {
    const { signal } = new AbortController();
    const plan = await planCoverage(model, { seed: 5, moves: 2_000, signal });
    expect(plan).toEqual(cover(model, { seed: 5, moves: 2_000, shouldStop: () => false }));
  });

  it('answers with the best plan so far when it is stopped, and has told of it', async () => {
    const stop = new AbortController();
    const sizes: number[] = [];
    const onProgress = ({ rows }: { readonly rows: number }): void => {
      sizes.push(rows);
      if (sizes.length === 3) stop.abort();
    };
    const plan = await planCoverage(model, { seed: 5, signal: stop.signal, onProgress });
    expect(plan.uncovered).toBe(0);
    expect(plan.rows.length).toBe(Math.min(...sizes));
  });

  it('ends when its time is over', async () => {
    const { signal } = new AbortController();
    const plan = await planCoverage(model, { seed: 5, timeMs: 300, signal });
    expect(plan.uncovered).toBe(0);
  });

  it('passes on what is wrong', async () => {
    const { signal } = new AbortController();
    const impossible = { ...model, forbidden: [[0], [1], [2], [3]] };
    await expect(planCoverage(impossible, { seed: 5, signal })).rejects.toMatchObject({
      code: 'CONSTRAINTS_CONTRADICT',
    });
  });
});
