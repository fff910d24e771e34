import { createPostgresBackend, Queue as BullQueue, runMigrations, Worker } from 'bullmq';
import { HarnessError } from '../../kernel/errors.ts';
import type { Place } from './bull-queue.ts';
import type { BullPool, PgPoolLike } from './pg-pool-like.ts';

/** BullMQ's own PostgreSQL backend in schema `bullmq`, on sessions of the store. The pool stays with its owner. */
export async function openStorePlace(pool: PgPoolLike, name: string): Promise<Place> {
  await prepare(pool);
  const connection = pool as unknown as BullPool;
  const queue = new BullQueue(name, { connection }, createPostgresBackend);
  return {
    backend: 'store',
    queue,
    makeWorker: (process, options) => ({
      worker: new Worker(name, process, { ...options, connection }, createPostgresBackend),
      release: () => Promise.resolve(),
    }),
    ping: async () => {
      await pool.query('select 1');
    },
    close: () => Promise.resolve(),
  };
}

async function prepare(pool: PgPoolLike): Promise<void> {
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client as unknown as Parameters<typeof runMigrations>[0]);
    } finally {
      client.release();
    }
  } catch (error) {
    throw HarnessError.from(error, 'QUEUE_UNAVAILABLE');
  }
}
