import type { Reserved } from './planning-ports.ts';
import type { ScheduleDeps } from './schedule.ts';
import type { TestbedView } from './store-ports.ts';
import { type Instant, instant } from '../domain/ids.ts';
import type { Busy, PlannableTestbed } from '../planning/campaign/campaign-problem.ts';
import type { PlanningInput } from '../planning/campaign/plan-campaign.ts';

export type World = Omit<PlanningInput, 'claims' | 'budgetHours'>;

/**
 * What plans of a campaign are made from, as it is now.
 *
 * @param about what is to be planned
 * @param reserved what is in the way
 */
export async function worldFor(
  { store, clock }: Pick<ScheduleDeps, 'store' | 'clock'>,
  about: Pick<World, 'request' | 'plans' | 'equipment'>,
  reserved: readonly Reserved[],
): Promise<World> {
  const now = clock.now();
  const former = await store.formerDurations(about.plans.map(({ id }) => id));
  const testbeds = plannable(await store.testbeds());
  return { ...about, testbeds, busy: busyUnits(reserved, now), former, now };
}

function plannable(views: readonly TestbedView[]): readonly PlannableTestbed[] {
  return views
    .filter(({ mode }) => mode === 'open')
    .map(({ testbed, slots }) => ({
      testbed,
      // A slot that is leased may be quarantined already.
      slots: slots.filter(({ reason }) => reason === null).map(({ slot }) => slot),
    }));
}

const LEAST_MS = 5 * 60_000;
const MOST_MS = 24 * 3_600_000;

/**
 * Until when units are taken. What is held longer than planned is expected to take half as long again as it has taken; what should
 * have begun is expected to begin now.
 */
export function busyUnits(reserved: readonly Reserved[], now: Instant): readonly Busy[] {
  return reserved.map(({ resource, unit, state, from, to }): Busy => {
    if (state === 'leased') {
      const more = Math.min(MOST_MS, Math.max(LEAST_MS, (now - from) / 2));
      return { resource, unit, from, to: to > now ? to : instant(now + Math.ceil(more)) };
    }
    const lateMs = Math.max(0, now - from);
    return { resource, unit, from: instant(from + lateMs), to: instant(to + lateMs) };
  });
}
