import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import type { Clock, Log } from '../../campaigns/ports.ts';
import type { Store } from '../../campaigns/store-ports.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { Teardown } from '../../kernel/teardown.ts';
import { makeAccess } from './access.ts';
import { makeAcquire } from './acquire.ts';
import { makeAppend } from './append.ts';
import { makeCampaigns } from './campaigns.ts';
import { makeCommit } from './commit.ts';
import { type Db, type NoTables, rowsOf } from './db.ts';
import { makeDocuments } from './documents.ts';
import { Drafts } from './drafts.ts';
import { migrate } from './migrate.ts';
import { openPGlite, type OpenPool } from './open-pglite.ts';
import { openPostgres } from './open-postgres.ts';
import { makePlans } from './plans.ts';
import { makeReportOrders } from './report-orders.ts';
import { makeResults } from './results.ts';
import { makeRunners } from './runners.ts';
import { fromSql } from './sql-errors.ts';
import type { SqlPool } from './sql-pool.ts';
import { hearTestbedChanges, type TestbedChanges } from './testbed-changes.ts';
import { makeTestbeds } from './testbeds.ts';

export interface StoreOptions {
  /** PostgreSQL 15 or newer. Wins over `dir`. */
  readonly url?: string | undefined;
  /** Folder of the embedded store, for this process alone; `:memory:` keeps nothing. */
  readonly dir?: string | undefined;
  /** For a fresh embedded store: a file that spares it `initdb`. */
  readonly template?: string | undefined;
  /** Called at each fsync of the embedded store. */
  readonly onSync?: (() => void) | undefined;
  readonly log: Log;
  readonly clock: Clock;
}

/** The store, and its pool for the queue to share. Disposing the store ends the pool: dispose the queue first. */
export interface SqlStore extends Store {
  readonly pool: SqlPool;
}

/**
 * Opens the store and brings its schema up to date. Throws `STORE_LOCKED` when another process has the folder,
 * `STORE_TOO_NEW`, `STORE_TOO_OLD`, `STORE_FULL` or `STORE_UNAVAILABLE`.
 */
export async function openStore(options: StoreOptions): Promise<SqlStore> {
  await using undo = new Teardown();
  const { pool, owner } = await openPool(options);
  undo.use(owner);
  const db: Db = new Kysely<NoTables>({
    dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }),
  });
  await migrate(db);
  const changes = undo.use(await hear(pool, db, options.log));
  const backend = options.url === undefined ? 'pglite' : 'postgres';
  return assemble({ db, pool, backend, changes, clock: options.clock, owner: undo.move() });
}

async function openPool({ url, dir, template, onSync, log }: StoreOptions): Promise<OpenPool> {
  try {
    if (url !== undefined) return await openPostgres(url, log);
    if (dir === undefined) throw new HarnessError('INPUT_INVALID', 'a store needs a url or a folder');
    return await openPGlite({ dir, template, onSync });
  } catch (error) {
    throw fromSql(error);
  }
}

async function hear(pool: SqlPool, db: Db, log: Log): Promise<TestbedChanges> {
  try {
    return await hearTestbedChanges({ pool, db, log });
  } catch (error) {
    throw fromSql(error);
  }
}

interface Parts {
  readonly db: Db;
  readonly pool: SqlPool;
  readonly backend: Store['backend'];
  readonly changes: TestbedChanges;
  readonly clock: Clock;
  readonly owner: AsyncDisposable;
}

function assemble({ db, pool, backend, changes, clock, owner }: Parts): SqlStore {
  const drafts = new Drafts(db);
  return {
    backend,
    pool,
    ...makeTestbeds(db),
    ...makeDocuments(db),
    ...makeCampaigns(db, clock, drafts),
    commit: makeCommit(db, clock),
    acquire: makeAcquire(db, clock),
    ...makeRunners(db, drafts),
    append: makeAppend(db),
    ...makeResults(db),
    ...makeReportOrders(db),
    ...makePlans(db),
    ...makeAccess(db),
    ping: async () => {
      await rowsOf(db, sql`select 1`);
    },
    onTestbedChanged: (listener) => changes.onChange(listener),
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}
