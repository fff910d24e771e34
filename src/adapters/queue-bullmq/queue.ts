import type { Log, Queue } from '../../campaigns/ports.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { makeQueue, type Place } from './bull-queue.ts';
import type { PgPoolLike } from './pg-pool-like.ts';
import { openRedisPlace } from './redis-place.ts';
import { openStorePlace } from './store-place.ts';

export interface QueueOptions {
  /** Redis 6.2 or newer. Wins over `pool`. */
  readonly redisUrl?: string | undefined;
  /** The pool of the store, for a queue in the store. It must outlive the queue. */
  readonly pool?: PgPoolLike | undefined;
  /** Keeps installations on one Redis or database apart. */
  readonly prefix?: string | undefined;
  readonly log: Log;
}

/** Opens the doorbell; `QUEUE_UNAVAILABLE` when its backend does not answer. Dispose it before the store. */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  return makeQueue(await openPlace(options), options.log);
}

async function openPlace({ redisUrl, pool, prefix = 'patchbay', log }: QueueOptions): Promise<Place> {
  if (redisUrl !== undefined) {
    return openRedisPlace({ url: redisUrl, name: 'ticks', prefix: `{${prefix}}`, log });
  }
  if (pool !== undefined) return openStorePlace(pool, `${prefix}-ticks`);
  throw new HarnessError('INPUT_INVALID', 'a queue needs the URL of a Redis or the pool of the store');
}
