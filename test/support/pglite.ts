import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log } from '../../src/campaigns/ports.ts';
import { instant } from '../../src/domain/ids.ts';
import { dumpEmptyStore } from '../../src/adapters/store-sql/dump-empty-store.ts';
import { IN_MEMORY } from '../../src/adapters/store-sql/open-pglite.ts';
import { openStore, type SqlStore } from '../../src/adapters/store-sql/open-store.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const CACHE = join(ROOT, 'node_modules/.cache/patchbay');
const MIGRATIONS = join(ROOT, 'src/adapters/store-sql/migrations');

export const silentLog: Log = {
  child: () => silentLog,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const wallClock: Clock = { now: () => instant(Date.now()) };

/** An empty store in memory, ready in half a second: it starts from a template that is made once and kept. */
export async function openMemoryStore(
  options: { readonly clock?: Clock; readonly log?: Log } = {},
): Promise<SqlStore> {
  const { clock = wallClock, log = silentLog } = options;
  return openStore({ dir: IN_MEMORY, template: await pgliteTemplate(), clock, log });
}

/** Forgets everything in the store, for the next test. */
export async function emptyStore({ pool }: SqlStore): Promise<void> {
  const { rows } = await pool.query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname = 'patchbay' and tablename not like '%migration%'`,
  );
  const names = rows.map((row) => String((row as { name: unknown }).name));
  // Append-only tables refuse this, as they should: the test puts their triggers aside.
  await pool.query(`set session_replication_role = replica`);
  await pool.query(`truncate ${names.join(', ')} restart identity cascade`);
  await pool.query(`set session_replication_role = origin`);
}

/** Path of a dump of an empty, migrated store. */
export async function pgliteTemplate(): Promise<string> {
  const path = join(CACHE, `pglite-${await fingerprint()}.tar`);
  if (await exists(path)) return path;
  await mkdir(CACHE, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, await dumpEmptyStore());
  await rename(draft, path);
  return path;
}

/** Changes with the migrations and with the version of PGlite. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(join(ROOT, 'node_modules/@electric-sql/pglite/package.json')));
  for (const name of (await readdir(MIGRATIONS)).sort()) hash.update(await readFile(join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
