import { Queue as BullQueue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../../campaigns/ports.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Place } from './bull-queue.ts';

const CONNECT_MS = 5_000;
const retryStrategy = (times: number): number => Math.min(100 * times, 2_000);

/** Producers fail at once while Redis is away: whoever rings wants to know. */
const PRODUCER = {
  lazyConnect: true,
  connectTimeout: CONNECT_MS,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy,
} satisfies RedisOptions;
/** Workers wait for Redis to come back. */
const WORKER = {
  connectTimeout: CONNECT_MS,
  maxRetriesPerRequest: null,
  retryStrategy,
} satisfies RedisOptions;

export interface RedisPlaceOptions {
  readonly url: string;
  readonly name: string;
  /** In braces: all keys live in one slot of a cluster. */
  readonly prefix: string;
  readonly log: Log;
}

/** BullMQ on Redis 6.2 or newer; `QUEUE_UNAVAILABLE` when it does not answer now. */
export async function openRedisPlace({ url, name, prefix, log }: RedisPlaceOptions): Promise<Place> {
  const producer = connection(url, PRODUCER, log);
  await connect(producer);
  await checkPolicy(producer, log);
  const queue = new BullQueue(name, { connection: producer, prefix, skipWaitingForReady: true });
  return {
    backend: 'redis',
    queue,
    makeWorker: (process, options) => {
      const own = connection(url, WORKER, log);
      const worker = new Worker(name, process, { ...options, connection: own, prefix });
      return {
        worker,
        release: () => {
          own.disconnect();
          return Promise.resolve();
        },
      };
    },
    ping: async () => {
      await producer.ping();
    },
    close: () => {
      producer.disconnect();
      return Promise.resolve();
    },
  };
}

function connection(url: string, options: typeof PRODUCER | typeof WORKER, log: Log): Redis {
  const redis = new Redis(url, options);
  redis.on('error', (err: unknown) => log.debug({ event: 'queue.redis.error', err }, 'Redis is in trouble'));
  return redis;
}

async function connect(redis: Redis): Promise<void> {
  try {
    await redis.connect();
  } catch (cause) {
    redis.disconnect();
    throw new HarnessError('QUEUE_UNAVAILABLE', 'Redis does not answer', { cause });
  }
}

/** Redis may throw ticks away when it is short of memory; the reconciler finds out, but late. */
async function checkPolicy(redis: Redis, log: Log): Promise<void> {
  const info = await redis.info('memory').catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/mu.exec(info)?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  log.warn({ event: 'queue.redis.policy', policy }, 'maxmemory-policy of Redis should be noeviction');
}
