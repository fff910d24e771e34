import { setTimeout as sleep } from 'node:timers/promises';

const UP_WITHIN_MS = 2_000;
const POLL_MS = 5;

/**
 * What `find` gives as soon as it gives something; null when it does not in time. For orders about an interface: the answer to its
 * set-up may still be on its way when the tester, who has sent it, orders what comes next.
 */
export async function whenUp<Found>(find: () => Found | null): Promise<Found | null> {
  for (const end = performance.now() + UP_WITHIN_MS; ;) {
    const found = find();
    if (found !== null || performance.now() >= end) return found;
    await sleep(POLL_MS);
  }
}
