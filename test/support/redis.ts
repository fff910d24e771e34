import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { Teardown } from '../../src/kernel/teardown.ts';
import { scratchFolder, untilTrue } from './scratch.ts';

export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  flush(): Promise<void>;
}

/** A Redis of our own on a free port of the loopback; it keeps nothing. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  await using undo = new Teardown();
  const scratch = undo.use(await scratchFolder());
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ReturnType<typeof spawn> | null = null;
  const start = async (): Promise<void> => {
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      scratch.path,
      '--save',
      '',
      ...settings,
    ];
    child = spawn('redis-server', args, { stdio: 'ignore' });
    await untilTrue(
      () => ask(url, async (redis) => (await redis.echo('hello')) === 'hello'),
      'Redis answers',
    );
  };
  const kill = async (): Promise<void> => {
    const dying = child;
    child = null;
    if (dying === null || dying.exitCode !== null) return;
    const gone = once(dying, 'exit');
    dying.kill('SIGKILL');
    await gone;
  };
  await start();
  undo.defer(kill);
  const owner = undo.move();
  return {
    url,
    start,
    kill,
    flush: async () => {
      await ask(url, async (redis) => {
        await redis.flushall();
        return true;
      });
    },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

async function ask(url: string, question: (redis: Redis) => Promise<boolean>): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
