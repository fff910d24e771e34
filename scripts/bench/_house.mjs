// A house as a lab runs it: an orchestrator, a runner and, where asked for, PostgreSQL and Redis, each a process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const DEBIAN = '/usr/lib/postgresql';
const STOP_WITHIN_MS = 20_000;

/** Folder of PostgreSQL's programs, newest first; `null` where there is none. */
export const postgresBin =
  (existsSync(DEBIAN) ? readdirSync(DEBIAN) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'postgres'))) ?? null;

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const say = (text) => process.stderr.write(`${text}\n`);
export const round = (value) => Math.round(value * 100) / 100;

/** p50 and p95 of some milliseconds. */
export function percentiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  return { p50: at(0.5), p95: at(0.95) };
}

/** Tries until it works, so that what starts up has its time. */
export async function eventually(attempt, { what, withinMs = 60_000, everyMs = 50 }) {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (performance.now() > end) throw new Error(`${what} did not happen within ${withinMs} ms`, { cause });
      await pause(everyMs);
    }
  }
}

export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Starts a program; what it says goes to `log`. Resolve `stop()` ends it and waits for that. */
export function start(command, args, { log, env = {}, stopBy = 'SIGTERM' }) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  const ended = once(child, 'close');
  ended.catch(() => undefined);
  return {
    ended,
    stop: async () => {
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      child.kill(stopBy);
      await ended;
      clearTimeout(kill);
    },
  };
}

export function startCli(args, { nodeArgs = [], ...options }) {
  return start(process.execPath, [...nodeArgs, CLI, ...args], options);
}

/** PostgreSQL on a Unix socket, with fsync. It refuses to run as root. */
export async function startPostgres(dir) {
  const asItself = process.getuid() === 0;
  const [sockets, data] = ['s', 'data'].map((name) => join(dir, name));
  mkdirSync(sockets, { recursive: true });
  for (const folder of [dir, sockets]) chmodSync(folder, 0o777);
  const run = (command, args) => {
    const line = [join(postgresBin, command), ...args];
    return asItself
      ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', ...line]]
      : [line[0], line.slice(1)];
  };
  const log = join(dir, 'postgres.log');
  const made = spawnSync(...run('initdb', ['-D', data, '-A', 'trust', '-U', 'patchbay', '--no-sync']));
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const server = start(
    ...run('postgres', ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${sockets}`]),
    { log, stopBy: 'SIGINT' },
  );
  await eventually(() => existsSync(join(sockets, '.s.PGSQL.5432')) || Promise.reject(new Error('not yet')), {
    what: 'PostgreSQL',
  });
  return {
    url: `postgres://patchbay@localhost/postgres?host=${encodeURIComponent(sockets)}`,
    stop: server.stop,
  };
}

/** Redis that keeps nothing on disk: as fast as it can be. */
export async function startRedis(dir) {
  mkdirSync(dir, { recursive: true });
  const [port] = await freePorts(1);
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const server = start('redis-server', args, { log: join(dir, 'redis.log') });
  return { url: `redis://127.0.0.1:${port}`, stop: server.stop };
}

/** An orchestrator that serves, and a runner that is attached to it. */
export async function startHouse({ dir, databaseUrl, slots, nodeArgs = {} }) {
  mkdirSync(dir, { recursive: true });
  const home = join(dir, 'home');
  const [http, runners, enrolment] = await freePorts(3);
  const env = {
    PATCHBAY_HOME: home,
    PATCHBAY_HTTP: `127.0.0.1:${http}`,
    PATCHBAY_RUNNER_LISTEN: `127.0.0.1:${runners}`,
    PATCHBAY_ENROL_LISTEN: `127.0.0.1:${enrolment}`,
    LOG_LEVEL: 'warn',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
  const orchestrator = startCli(['up'], {
    env,
    log: join(dir, 'orchestrator.log'),
    nodeArgs: nodeArgs.orchestrator,
  });
  let runner = null;
  const stop = async () => {
    await runner?.stop();
    await orchestrator.stop();
  };
  try {
    const api = await openApi(`http://127.0.0.1:${http}`, join(home, 'admin-token'));
    const testbed = 'lab-local/bench';
    await eventually(
      () => api.post(['testbeds'], { id: testbed, organisation: 'lab-local', slots, ...NO_EXTRAS }),
      { what: 'the orchestrator' },
    );
    const { token } = await api.post(['testbeds', 'lab-local', 'bench', 'enrolment-tokens'], {
      validForMs: 600_000,
    });
    const state = join(dir, 'runner');
    const log = join(dir, 'runner.log');
    const enrol = ['--orchestrator', `localhost:${enrolment}`, '--token', token, '--state', state];
    await startCli(['runner', 'enrol', ...enrol], { env, log }).ended;
    runner = startCli(['runner', 'start', '--state', state, '--slots', `${slots}`], {
      env,
      log,
      nodeArgs: nodeArgs.runner,
    });
    await eventually(
      async () => {
        const { runners: all } = await api.get(['testbeds', 'lab-local', 'bench']);
        if (!all.some(({ attached }) => attached)) throw new Error('not attached');
      },
      { what: 'the runner' },
    );
    return { api, home, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const NO_EXTRAS = { capabilities: [], instruments: [], setUp: { minutesPerChangedRole: {} } };

async function openApi(url, tokenFile) {
  const { makeApiClient } = await import(new URL('../../dist/src/api/client.js', import.meta.url));
  const token = await eventually(
    () => {
      const text = readFileSync(tokenFile, 'utf8').trim();
      return text === '' ? Promise.reject(new Error('empty')) : text;
    },
    { what: 'the admin token' },
  );
  const client = makeApiClient({ url, token });
  const { signal } = new AbortController();
  return {
    get: (path, query = {}) => client.json({ path, query }, { signal }),
    post: (path, body) => client.json({ method: 'POST', path, body }, { signal }),
  };
}
