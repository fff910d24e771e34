import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, limitOf, watchedMs } from '../../../src/campaigns/limits.ts';
import { instant, type LeaseId } from '../../../src/domain/ids.ts';
import { RUN_STATES, type RunLife } from '../../../src/domain/run.ts';
import { aPlan } from '../../support/plans.ts';
import { BED } from '../../support/things.ts';

describe('watchedMs', () => {
  it('counts from what was seen last', () => {
    expect(watchedMs(instant(5_000), { watchingSince: instant(1_000), now: instant(9_000) })).toBe(4_000);
  });

  it('does not blame a runner for the time nobody listened', () => {
    expect(watchedMs(instant(5_000), { watchingSince: instant(8_000), now: instant(9_000) })).toBe(1_000);
  });
});

describe('limitOf', () => {
  it('limits every state in which somebody else has to act', () => {
    const hold = { lease: 'lease-1' as LeaseId, testbed: BED, slot: 0, fence: 1 };
    const limited = RUN_STATES.filter((state) => {
      const life = { state, since: instant(0), hold } as unknown as RunLife;
      return limitOf(life, aPlan(), DEFAULT_LIMITS) !== null;
    });
    expect(limited).toEqual(['preparing', 'running', 'lost', 'cancelling', 'aborting', 'collecting']);
  });
});
