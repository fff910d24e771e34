import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { Teardown } from '../../src/kernel/teardown.ts';
import { runToEnd, scratchFolder, untilTrue } from './scratch.ts';

const DEBIAN = '/usr/lib/postgresql';

/** Folder of PostgreSQL's programs, newest first; `null` where there is none. */
export const postgresBin: string | null =
  (existsSync(DEBIAN) ? readdirSync(DEBIAN) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'postgres'))) ?? null;

export interface PostgresServer extends AsyncDisposable {
  readonly url: string;
  /** Dies as by `kill -9`. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A server of our own on a unix socket in a scratch folder, with fsync. PostgreSQL refuses to run as root. */
export async function startPostgres(): Promise<PostgresServer> {
  if (postgresBin === null) throw new Error('PostgreSQL is not installed');
  await using undo = new Teardown();
  const scratch = undo.use(await scratchFolder());
  await chmod(scratch.path, 0o777);
  const data = join(scratch.path, 'data');
  await runAsPostgres([
    join(postgresBin, 'initdb'),
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'patchbay',
    '--no-sync',
  ]);
  const sockets = join(scratch.path, 's');
  await mkdir(sockets);
  await chmod(sockets, 0o777);
  const url = `postgres://patchbay@localhost/postgres?host=${encodeURIComponent(sockets)}`;
  const server = makeServer({ bin: postgresBin, data, sockets, url });
  await server.start();
  undo.defer(() => server.kill());
  const owner = undo.move();
  return { ...server, url, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

const asPostgres = (command: readonly string[]): readonly [string, readonly string[]] =>
  process.getuid?.() === 0
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', '--pdeathsig=KILL', ...command]]
    : [command[0] ?? '', command.slice(1)];

function runAsPostgres(command: readonly string[]): Promise<void> {
  return runToEnd(...asPostgres(command));
}

function makeServer({
  bin,
  data,
  sockets,
  url,
}: {
  bin: string;
  data: string;
  sockets: string;
  url: string;
}) {
  let child: ReturnType<typeof spawn> | null = null;
  return {
    start: async () => {
      const settings = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${sockets}`];
      const [command, args] = asPostgres([join(bin, 'postgres'), '-D', data, ...settings]);
      child = spawn(command, args, { stdio: 'ignore' });
      await untilTrue(() => answers(url), 'PostgreSQL answers');
    },
    kill: async () => {
      const dying = child;
      child = null;
      if (dying === null || dying.exitCode !== null) return;
      const gone = once(dying, 'exit');
      dying.kill('SIGQUIT');
      await gone;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
  return true;
}
