import { describe, expect, it } from 'vitest';
import { expectedOf } from '../../../../src/planning/campaign/durations.ts';
import { aPlan } from '../../../support/plans.ts';

describe('how long runs are expected to take', () => {
  const plan = {
    cases: aPlan()
      .cases.slice(0, 1)
      .map((one) => ({ ...one, timeoutMs: 20 * 60_000 })),
  };

  it('goes by the middle of former runs, with what one in ten takes as buffer', () => {
    const former = Array.from({ length: 10 }, (_, index) => (index + 1) * 60_000);
    expect(expectedOf(plan, former)).toEqual({ duration: 5, buffer: 4, learntFrom: 10 });
  });

  it('goes by what the plan allows where few or no runs are known', () => {
    expect(expectedOf(plan, [60_000, 60_000])).toEqual({ duration: 10, buffer: 10, learntFrom: 0 });
  });
});
