import type { Clock } from '../../src/campaigns/ports.ts';
import { instant } from '../../src/domain/ids.ts';

export interface FakeClock extends Clock {
  pass(ms: number): void;
}

/** Time that stands still unless told to pass. Starts on 2026-11-23 at 08:00 UTC. */
export function fakeClock(startMs = Date.UTC(2026, 10, 23, 8)): FakeClock {
  let now = startMs;
  return {
    now: () => instant(now),
    pass: (ms) => {
      now += ms;
    },
  };
}
