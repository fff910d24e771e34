import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openQueue } from '../../../../src/adapters/queue-bullmq/queue.ts';
import type { Log, Tick } from '../../../../src/campaigns/ports.ts';
import type { RunId } from '../../../../src/domain/ids.ts';
import { queueContract } from '../../../contract/queue-contract.ts';
import { silentLog } from '../../../support/pglite.ts';
import { hasRedis, type RedisServer, startRedis } from '../../../support/redis.ts';
import { fresh } from '../../../support/store-things.ts';

const aTick = (): Tick => ({ kind: 'run', id: fresh('run') as RunId });
const within = { timeout: 20_000 };

describe.skipIf(!hasRedis)('the queue on Redis (needs redis-server)', () => {
  let server: RedisServer;
  const open = (prefix = fresh('queue'), log: Log = silentLog) =>
    openQueue({ redisUrl: server.url, prefix, log });
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  queueContract(open);

  it('fails at once while Redis is dead, and works again when it is back, without a restart', async () => {
    await using queue = await open();
    const heard: Tick[] = [];
    await using listener = queue.listen((tick) => Promise.resolve(void heard.push(tick)), {
      concurrency: 1,
    });
    expect(listener).toBeDefined();
    await queue.ring([aTick()]);
    await vi.waitFor(() => expect(heard).toHaveLength(1), within);
    await server.kill();
    await expect(queue.ring([aTick()])).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    await expect(queue.ping()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    await expect(queue.depth()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    await expect(open()).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    await server.start();
    await vi.waitFor(() => queue.ping(), within);
    await queue.ring([aTick()]);
    await vi.waitFor(() => expect(heard).toHaveLength(2), within);
  });

  it('goes on when Redis was emptied', async () => {
    await using queue = await open();
    const heard: Tick[] = [];
    const tick = aTick();
    await queue.ring([tick]);
    await server.flush();
    await using listener = queue.listen((one) => Promise.resolve(void heard.push(one)), { concurrency: 1 });
    expect(listener).toBeDefined();
    await queue.ring([tick]);
    await vi.waitFor(() => expect(heard).toEqual([tick]), within);
    await server.flush();
    await queue.ring([tick]);
    await vi.waitFor(() => expect(heard).toEqual([tick, tick]), within);
  });

  it('can be left while Redis is dead', async () => {
    const queue = await open();
    queue.listen(() => Promise.resolve(), { concurrency: 1 });
    await server.kill();
    await queue[Symbol.asyncDispose]();
    await server.start();
  });

  it('warns when Redis may throw ticks away', async () => {
    await using lossy = await startRedis(['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru']);
    const warn = vi.fn<Log['warn']>();
    await using queue = await openQueue({ redisUrl: lossy.url, log: { ...silentLog, warn } });
    await queue.ping();
    expect(warn).toHaveBeenCalledWith(
      { event: 'queue.redis.policy', policy: 'allkeys-lru' },
      expect.any(String),
    );
  });
});
