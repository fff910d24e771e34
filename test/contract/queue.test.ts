import { afterAll, beforeAll, describe } from 'vitest';
import { openQueue } from '../../src/adapters/queue-bullmq/queue.ts';
import type { SqlStore } from '../../src/adapters/store-sql/open-store.ts';
import { openMemoryStore, silentLog } from '../support/pglite.ts';
import { fresh } from '../support/store-things.ts';
import { queueContract } from './queue-contract.ts';

describe('the queue on PGlite', () => {
  let store: SqlStore;
  beforeAll(async () => {
    store = await openMemoryStore();
  }, 60_000);
  afterAll(() => store[Symbol.asyncDispose]());

  queueContract((name = fresh('queue')) => openQueue({ pool: store.pool, prefix: name, log: silentLog }));
});
