import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { Teardown } from '../../kernel/teardown.ts';
import { DURABLE_START_PARAMS, DurableNodeFS } from './durable-fs.ts';
import { lockFolder } from './folder-lock.ts';
import { PGlitePool } from './pglite-pool.ts';
import { SEARCH_PATH, type SqlPool } from './sql-pool.ts';

/** Nothing is written to disk: for unit tests. */
export const IN_MEMORY = ':memory:';

export interface PGliteStoreOptions {
  readonly dir: string;
  /** A file made by `dumpDataDir`: spares a fresh store three seconds of `initdb`. */
  readonly template?: string | undefined;
  /** Called at each fsync. */
  readonly onSync?: (() => void) | undefined;
}

export interface OpenPool {
  readonly pool: SqlPool;
  readonly owner: AsyncDisposable;
}

/** PGlite in `dir/postgres`, for this process alone: `STORE_LOCKED` when another one has it. */
export async function openPGlite(
  options: PGliteStoreOptions,
): Promise<OpenPool & { readonly session: PGlite }> {
  await using undo = new Teardown();
  const session = options.dir === IN_MEMORY ? await start(options, {}) : await startOnDisk(options, undo);
  undo.defer(() => session.close());
  await session.exec(`set search_path = ${SEARCH_PATH}`);
  const pool = new PGlitePool(session);
  undo.defer(() => pool.end());
  return { pool, session, owner: undo.move() };
}

async function start({ template }: PGliteStoreOptions, place: PGliteOptions): Promise<PGlite> {
  const content = template === undefined ? {} : { loadDataDir: new Blob([await readFile(template)]) };
  return PGlite.create({ ...place, ...content, extensions: { btree_gist } });
}

async function startOnDisk(options: PGliteStoreOptions, undo: Teardown): Promise<PGlite> {
  const folder = resolve(options.dir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  undo.use(await lockFolder(folder));
  const data = join(folder, 'postgres');
  if (!(await exists(data))) await makeData(options, { folder, data });
  return start({ dir: options.dir }, durable(data, options.onSync));
}

/** Under another name first: a folder called `postgres` is whole and on disk, whenever we were killed. */
async function makeData(
  options: PGliteStoreOptions,
  { folder, data }: { folder: string; data: string },
): Promise<void> {
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  const session = await start(options, durable(draft, options.onSync));
  await session.close();
  await syncTree(draft);
  await rename(draft, data);
  await syncPath(folder);
}

function durable(data: string, onSync: (() => void) | undefined): PGliteOptions {
  return { fs: new DurableNodeFS(data, onSync), startParams: [...DURABLE_START_PARAMS] };
}

/** A thousand files, many at a time: the disk brings them home together. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await syncTree(path);
      else if (entry.isFile()) await syncPath(path);
    }),
  );
  await syncPath(folder);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    },
  );
}
