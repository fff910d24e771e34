import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import type { NoTables } from './db.ts';
import { migrate } from './migrate.ts';
import { IN_MEMORY, openPGlite } from './open-pglite.ts';

/** An empty, migrated embedded store as an uncompressed tar: what `template` of `openStore` takes. */
export async function dumpEmptyStore(): Promise<Uint8Array> {
  const { pool, session, owner } = await openPGlite({ dir: IN_MEMORY });
  try {
    const dialect = new PostgresDialect({ pool: pool as unknown as PostgresPool });
    await migrate(new Kysely<NoTables>({ dialect }));
    const dump = await session.dumpDataDir('none');
    return new Uint8Array(await dump.arrayBuffer());
  } finally {
    await owner[Symbol.asyncDispose]();
  }
}
