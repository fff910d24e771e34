import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { HarnessError } from '../../src/kernel/errors.ts';
import { isJsonObject } from '../../src/kernel/json.ts';
import { makeFolder, readJson, writeDurably } from './files.ts';

/**
 * What a runner keeps on its disk, below one folder (mode 0700) that exactly one process uses:
 *
 *     credentials.json   key, certificate and where to attach (mode 0600)
 *     boot.json          how often the runner was started
 *     fences.json        highest fence number seen, per slot
 *     journal            what runs said last, until it is on the disk in its own place
 *     runs/<run>/        assignment, spool, journal of evidence, and how it ended
 *     evidence/          bytes waiting for upload, by digest
 *     work/              scratch of runs; emptied at each start
 */
export interface StateDir extends AsyncDisposable {
  readonly path: string;
  /** Counts up with every start. */
  readonly boot: number;
}

/** Locks the folder and counts the start. `STORE_LOCKED` when another runner uses it. */
export async function openStateDir(path: string): Promise<StateDir> {
  await makeFolder(path);
  const lock = await lockFolder(path);
  try {
    const file = join(path, 'boot.json');
    const before = await readJson(file);
    const last = isJsonObject(before) && typeof before['boot'] === 'number' ? before['boot'] : 0;
    const boot = last + 1;
    await writeDurably(file, JSON.stringify({ boot }));
    return { path, boot, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]() };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** An abstract Unix socket named after the folder: the kernel frees it with the process, however that ends. */
async function lockFolder(path: string): Promise<AsyncDisposable> {
  const name = createHash('sha256')
    .update(await realpath(path))
    .digest('hex');
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new HarnessError('STORE_LOCKED', `another runner uses ${path}`, { cause })),
    );
    server.listen(`\0patchbay-runner-${name}`, resolve);
  });
  server.unref();
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
