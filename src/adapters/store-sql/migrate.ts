import { type Migration, Migrator, sql } from 'kysely';
import { HarnessError } from '../../kernel/errors.ts';
import type { Db } from './db.ts';
import { first } from './migrations/0001-first.ts';
import { reports } from './migrations/0002-reports.ts';
import { plans } from './migrations/0003-plans.ts';
import { replans } from './migrations/0004-replans.ts';
import { fromSql } from './sql-errors.ts';

/** In order. A released migration is never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-reports': reports,
  '0003-plans': plans,
  '0004-replans': replans,
};
const SCHEMA = 'patchbay';

/**
 * Brings the schema up to date. Two orchestrators that start at once wait for each other (Kysely takes an advisory lock).
 * A store that knows a migration we do not is refused with `STORE_TOO_NEW` and left alone.
 */
export async function migrate(db: Db): Promise<void> {
  await refuseNewer(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
    migrationTableSchema: SCHEMA,
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  await refuseNewer(db);
  throw fromSql(error);
}

async function refuseNewer(db: Db): Promise<void> {
  const newer = (await appliedTo(db)).find((name) => !Object.hasOwn(MIGRATIONS, name));
  if (newer !== undefined)
    throw new HarnessError(
      'STORE_TOO_NEW',
      `the store has migration ${newer}, which this release does not know`,
    );
}

async function appliedTo(db: Db): Promise<readonly string[]> {
  try {
    const { rows: tables } = await sql<{ found: boolean }>`
      select to_regclass('patchbay.kysely_migration') is not null as found`.execute(db);
    if (tables[0]?.found !== true) return [];
    const { rows } = await sql<{ name: string }>`select name from patchbay.kysely_migration`.execute(db);
    return rows.map(({ name }) => name);
  } catch (error) {
    throw fromSql(error);
  }
}
