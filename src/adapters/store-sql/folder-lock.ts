import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat, unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { HarnessError } from '../../kernel/errors.ts';
import { Teardown } from '../../kernel/teardown.ts';

const SOCKET_FILE = 'patchbay.lock';

/**
 * Makes this process the only one that works in `folder`, or throws `STORE_LOCKED`. The kernel lets go when the process
 * dies, also by `kill -9`; no process id is ever guessed from a file.
 *
 * Two sockets: an abstract one named after the real path, which cannot be left behind but exists per network namespace;
 * and one in the folder itself, which containers that share the folder see too. A socket file nobody listens on is left
 * over and replaced. Other hosts (a network file system) see neither.
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  await using undo = new Teardown();
  const path = await realpath(folder);
  const digest = createHash('sha256').update(path).digest('hex');
  undo.use(owner(await claim(`\0patchbay-${digest.slice(0, 32)}`, folder)));
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  undo.defer(() => handle.close());
  undo.use(owner(await claimFile(handle, folder)));
  return undo.move();
}

function owner(server: Server): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Names of sockets are short (107 bytes) and paths are not: it is reached through the open folder. */
async function claimFile(handle: FileHandle, folder: string): Promise<Server> {
  const path = `/proc/self/fd/${handle.fd}/${SOCKET_FILE}`;
  if ((await exists(path)) && !(await isAnswered(path))) await unlink(path);
  const server = await claim(path, folder);
  server.unref();
  return server;
}

function claim(name: string, folder: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? locked(folder, cause) : cause);
    });
    server.listen(name, () => resolve(server));
  });
}

function locked(folder: string, cause: Error): HarnessError {
  return new HarnessError('STORE_LOCKED', `another process works in the folder ${folder}`, { cause });
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

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Anything else, such as a full queue of its listener, means that somebody is there.
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });
}
