import pg from 'pg';
import { HarnessError } from '../../kernel/errors.ts';
import type { Log } from '../../campaigns/ports.ts';
import type { OpenPool } from './open-pglite.ts';
import { fromSql } from './sql-errors.ts';
import { SEARCH_PATH } from './sql-pool.ts';

/** `server_version_num` of PostgreSQL 15. */
const FLOOR = 150_000;
const CONNECTIONS = 16;
const CONNECT_MS = 10_000;

/** A pool of connections to PostgreSQL 15 or newer. */
export async function openPostgres(url: string, log: Log): Promise<OpenPool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: 'patchbay',
    options: `-c search_path=${SEARCH_PATH.replaceAll(' ', '')}`,
  });
  // Every listener to the store or to the queue adds one of its own.
  pool.setMaxListeners(0);
  pool.on('error', (err) =>
    log.warn({ event: 'store.connection.lost', err }, 'a database connection was lost'),
  );
  const owner = { [Symbol.asyncDispose]: () => pool.end() };
  try {
    await checkVersion(pool);
    return { pool, owner };
  } catch (error) {
    await pool.end();
    throw error instanceof HarnessError ? error : fromSql(error);
  }
}

async function checkVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ num: string; version: string }>(
    `select current_setting('server_version_num') as num, current_setting('server_version') as version`,
  );
  if (Number(rows[0]?.num) >= FLOOR) return;
  throw new HarnessError(
    'STORE_TOO_OLD',
    `the server is PostgreSQL ${rows[0]?.version ?? '?'}; 15 is the floor`,
  );
}
