import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openQueue } from '../../../../src/adapters/queue-bullmq/queue.ts';
import { openStore, type SqlStore } from '../../../../src/adapters/store-sql/open-store.ts';
import type { TestbedId } from '../../../../src/domain/ids.ts';
import { documentContract } from '../../../contract/store-documents.ts';
import { leaseContract } from '../../../contract/store-leases.ts';
import { reportContract } from '../../../contract/store-reports.ts';
import { resultContract } from '../../../contract/store-results.ts';
import { queueContract } from '../../../contract/queue-contract.ts';
import { silentLog, wallClock } from '../../../support/pglite.ts';
import { postgresBin, type PostgresServer, startPostgres } from '../../../support/postgres.ts';
import { aRunningRun, fresh } from '../../../support/store-things.ts';

describe.skipIf(postgresBin === null)('on PostgreSQL (needs PostgreSQL 15 or newer)', () => {
  let server: PostgresServer;
  let store: SqlStore;
  const open = () => openStore({ url: server.url, log: silentLog, clock: wallClock });
  beforeAll(async () => {
    server = await startPostgres();
    // Two orchestrators that migrate an empty database at once.
    const [one, two] = await Promise.all([open(), open()]);
    await two[Symbol.asyncDispose]();
    store = one;
  }, 120_000);
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  describe('the store', () => {
    documentContract(() => store);
    leaseContract(() => store);
    resultContract(() => store);
    reportContract(() => store);
  });

  describe('the queue', () => {
    queueContract((name = fresh('queue')) => openQueue({ pool: store.pool, prefix: name, log: silentLog }));
  });

  it('tells one orchestrator what another changed', async () => {
    await using other = await open();
    const heard = vi.fn<(testbed: TestbedId) => void>();
    using listening = other.onTestbedChanged(heard);
    expect(listening).toBeDefined();
    const { testbed } = await aRunningRun(store);
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(testbed));
  });

  it('refuses a store that a newer release wrote', async () => {
    await store.pool.query(
      `insert into patchbay.kysely_migration (name, timestamp) values ('9999-x', 'now')`,
    );
    await expect(open()).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
    await store.pool.query(`delete from patchbay.kysely_migration where name = '9999-x'`);
  });

  it('says that the store is out of reach, and works again when the server is back', async () => {
    const heard = vi.fn<(testbed: TestbedId) => void>();
    const { testbed } = await aRunningRun(store);
    using listening = store.onTestbedChanged(heard);
    expect(listening).toBeDefined();
    await server.kill();
    await expect(store.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.start();
    await vi.waitFor(() => store.ping(), { timeout: 15_000 });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(testbed), { timeout: 15_000 });
    await aRunningRun(store);
  });
});
