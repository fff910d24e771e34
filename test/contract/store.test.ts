import { afterAll, beforeAll, describe } from 'vitest';
import type { SqlStore } from '../../src/adapters/store-sql/open-store.ts';
import { openMemoryStore } from '../support/pglite.ts';
import { leaseContract } from './store-leases.ts';
import { documentContract } from './store-documents.ts';
import { reportContract } from './store-reports.ts';
import { resultContract } from './store-results.ts';

describe('the store on PGlite', () => {
  let store: SqlStore;
  beforeAll(async () => {
    store = await openMemoryStore();
  }, 60_000);
  afterAll(() => store[Symbol.asyncDispose]());

  documentContract(() => store);
  leaseContract(() => store);
  resultContract(() => store);
  reportContract(() => store);
});
