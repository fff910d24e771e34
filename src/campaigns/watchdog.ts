import { allowedSilenceMs, limitOf, type Limits, watchedMs } from './limits.ts';
import type { Clock } from './ports.ts';
import type { Store } from './store-ports.ts';
import { type Instant, instant, type TestbedId } from '../domain/ids.ts';
import { holdOf, type Run, type RunEvent } from '../domain/run.ts';
import { reason } from '../kernel/errors.ts';

export interface WatchDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  /**
   * When this orchestrator began to watch. While it was down, nobody could be heard: silence counts only from here on.
   */
  readonly watchingSince: Instant;
}

/** What the watch over a run that holds a slot has to say: is the runner there, and does the run get on. */
export async function overdueEvent(deps: WatchDeps, run: Run): Promise<RunEvent | null> {
  const { store, clock, limits, watchingSince } = deps;
  const { life } = run;
  const hold = holdOf(life);
  if (hold === null) return null;
  const { plan } = await store.draft(run.id);
  const now = clock.now();
  const limit = limitOf(life, plan, limits);
  if (limit !== null && watchedMs(life.since, { watchingSince, now }) >= limit.ms)
    return { type: 'timedOut', at: now, reason: limit.reason };
  if (life.state !== 'preparing' && life.state !== 'running') return null;
  const lastSeen = instant(await lastSeenOf(store, hold.testbed));
  if (watchedMs(lastSeen, { watchingSince, now }) > limits.silentMs) return { type: 'runnerSilent', at: now };
  if (life.state !== 'running') return null;
  const { lastProgressAt } = await store.progress(run.id);
  const silence = allowedSilenceMs(plan, limits);
  const lastProgress = instant(Math.max(life.since, lastProgressAt ?? 0));
  if (watchedMs(lastProgress, { watchingSince, now }) < silence) return null;
  return {
    type: 'timedOut',
    at: now,
    reason: reason('NO_PROGRESS', `nothing was heard of the run for ${silence} ms`),
  };
}

/** Those whose runner was heard of lately. */
export async function onlineTestbeds(
  { store, clock, limits }: WatchDeps,
  testbeds: readonly TestbedId[],
): Promise<readonly TestbedId[]> {
  const now = clock.now();
  const seen = await Promise.all(testbeds.map(async (id) => ({ id, at: await lastSeenOf(store, id) })));
  return seen.filter(({ at }) => at + limits.silentMs >= now).map(({ id }) => id);
}

async function lastSeenOf(store: Store, testbed: TestbedId): Promise<number> {
  const view = await store.testbed(testbed);
  const runners = (view?.runners ?? []).filter(({ revokedAt }) => revokedAt === null);
  return runners.reduce((latest, { lastSeenAt }) => Math.max(latest, lastSeenAt ?? 0), 0);
}
