import { pause } from '../kernel/deadline.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { Limits } from './limits.ts';
import type { Clock, Log, Queue, Tick } from './ports.ts';
import type { Store } from './store-ports.ts';
import type { ReportOrder } from './report-orders.ts';
import { instant } from '../domain/ids.ts';

export interface SweepDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly queue: Queue;
  /** Handles a tick right here: used when the queue is out of reach, since ticks are idempotent. */
  readonly direct: (tick: Tick) => Promise<void>;
  /** Carries out an order on a report whose orchestrator died over it. */
  readonly carryOut: (order: ReportOrder) => Promise<void>;
  readonly log: Log;
}

const SWEEP_AT_MOST = 500;
const ORDERS_AT_MOST = 20;

/**
 * The reconciler. Whatever is not final and was not looked at for a while gets a tick, so that a queue which lost
 * everything is rebuilt from the store, and no deadline depends on a delayed entry of the queue. While the queue is
 * out of reach, the ticks are handled here, so that watchdogs never sleep.
 */
export function makeSweep(deps: SweepDeps): () => Promise<number> {
  const { store, clock, limits, queue, direct, log } = deps;
  return async () => {
    await finishOrders(deps);
    const ticks = await store.overdue(instant(clock.now() - limits.sweepMs), SWEEP_AT_MOST);
    if (ticks.length === 0) return 0;
    try {
      await queue.ring(ticks);
    } catch (cause) {
      const error = HarnessError.from(cause);
      if (error.code !== 'QUEUE_UNAVAILABLE') throw error;
      log.warn(
        { event: 'sweep.direct', err: error, ticks: ticks.length },
        'queue out of reach: ticks handled here',
      );
      for (const tick of ticks) await direct(tick);
    }
    return ticks.length;
  };
}

/**
 * One order that cannot be carried out, such as for want of a key, does not hold up the others, unless it waits for something
 * that they would wait for, too: deadlines are not to be missed over an authority that does not answer.
 */
async function finishOrders({ store, carryOut, log }: SweepDeps): Promise<void> {
  for (const order of await store.unfinishedOrders(ORDERS_AT_MOST)) {
    try {
      await carryOut(order);
    } catch (cause) {
      const error = HarnessError.from(cause);
      const { campaign, sut, seq } = order;
      log.warn({ event: 'report.unfinished', err: error, campaignId: campaign, sut, seq }, 'a report waits');
      if (error.code === 'TIMESTAMP_UNAVAILABLE') return;
    }
  }
}

/** Sweeps until `signal` aborts. A sweep that fails is logged and done again: the store or the queue may be down. */
export async function keepSweeping(deps: SweepDeps, { signal }: { signal: AbortSignal }): Promise<void> {
  const sweep = makeSweep(deps);
  while (!signal.aborted) {
    try {
      await sweep();
    } catch (cause) {
      const error = HarnessError.from(cause);
      deps.log.warn({ event: 'sweep.failed', err: error, code: error.code }, 'sweep failed');
    }
    await pause(deps.limits.sweepMs, { signal }).catch(() => undefined);
  }
}
