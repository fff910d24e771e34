import type { BulkJobOptions } from 'bullmq';
import type { Tick } from '../../campaigns/ports.ts';

/** How a tick travels: everything of a job but its data. */
export interface TickJob {
  readonly name: string;
  readonly data: Tick;
  readonly opts: BulkJobOptions;
}

/** Delayed ticks that are due within the same quarter of a second become one. */
const DELAY_GRAIN_MS = 250;
/** A key that outlives its job (it should not) hides later ticks for this long at most. */
const KEY_TTL_MS = 15_000;
/** With the pauses of `backoffMs` some four minutes; afterwards the reconciler rings again. */
const ATTEMPTS = 30;

/**
 * Equal ticks that nobody has heard yet become one: they share a key, which the listener takes away before it calls the
 * handler, so that a tick rung while an equal one is being handled is a new one. Delayed ticks have keys of their own:
 * one that is due later must not swallow one that is due now.
 */
export function toJob(tick: Tick, { delayMs, now }: { delayMs: number; now: number }): TickJob {
  const due = delayMs > 0 ? `@${Math.ceil((now + delayMs) / DELAY_GRAIN_MS)}` : '';
  return {
    name: tick.kind,
    data: tick,
    opts: {
      ...(delayMs > 0 ? { delay: delayMs } : {}),
      deduplication: { id: `${nameOf(tick)}${due}`, ttl: delayMs + KEY_TTL_MS },
      attempts: ATTEMPTS,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

export function nameOf(tick: Tick): string {
  return tick.kind === 'sweep' ? 'sweep' : `${tick.kind} ${tick.id}`;
}

export function distinct(ticks: readonly Tick[]): readonly Tick[] {
  return [...new Map(ticks.map((tick) => [nameOf(tick), tick])).values()];
}

/** Pause before the next try, in milliseconds: doubles from 100, 10 seconds at most. */
export function backoffMs(attemptsMade: number): number {
  return Math.min(10_000, 100 * 2 ** Math.max(0, attemptsMade - 1));
}

/** What somebody else put into our queue is not a tick. */
export function parseTick(data: unknown): Tick | null {
  if (typeof data !== 'object' || data === null) return null;
  const { kind, id } = data as { kind?: unknown; id?: unknown };
  if (kind === 'sweep') return { kind };
  if ((kind !== 'run' && kind !== 'campaign') || typeof id !== 'string') return null;
  return { kind, id } as Tick;
}
