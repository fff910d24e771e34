import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../../src/adapters/store-sql/open-store.ts';
import { lockFolder } from '../../../../src/adapters/store-sql/folder-lock.ts';
import { type CampaignId, type Instant, instant, type RunId } from '../../../../src/domain/ids.ts';
import { pgliteTemplate, silentLog, wallClock } from '../../../support/pglite.ts';
import { scratchFolder } from '../../../support/scratch.ts';
import { aBatch, aRunningRun, fresh, T0 } from '../../../support/store-things.ts';

const NOW = (T0 + 1) as Instant;
const base = async () => ({ template: await pgliteTemplate(), log: silentLog, clock: wallClock });
/** What is left on the disk that fills up. */
const LEFT_BYTES = 512 * 1024;
const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
const canUnshareNet = process.getuid?.() === 0 && spawnSync('unshare', ['-n', 'true']).status === 0;

describe('the embedded store on disk', () => {
  it('calls fsync at every commit', async () => {
    await using scratch = await scratchFolder();
    let syncs = 0;
    await using store = await openStore({ ...(await base()), dir: scratch.path, onSync: () => (syncs += 1) });
    const { run, fence } = await aRunningRun(store);
    for (let seq = 1; seq <= 5; seq += 1) {
      const before = syncs;
      await store.append([aBatch(run, { fence, from: seq, to: seq, records: [seq] })], NOW);
      expect(syncs).toBeGreaterThan(before);
    }
    const { rows } = await store.pool.query('show fsync');
    expect(rows).toEqual([{ fsync: 'on' }]);
  });

  it('is for one process at a time, and free again when that closed it', async () => {
    await using scratch = await scratchFolder();
    const options = { ...(await base()), dir: scratch.path };
    const store = await openStore(options);
    await store.putOrganisation({ id: 'lab' as never, name: 'Lab', roles: ['lab'] });
    await expect(openStore(options)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await expect(openStore(options)).rejects.toThrow(scratch.path);
    await store[Symbol.asyncDispose]();
    await using again = await openStore(options);
    await again.ping();
  });

  it.skipIf(!canUnshareNet)(
    'is locked for another network namespace too (needs root and unshare)',
    async () => {
      await using scratch = await scratchFolder();
      await using lock = await lockFolder(scratch.path);
      expect(lock).toBeDefined();
      const code = `import { lockFolder } from './src/adapters/store-sql/folder-lock.ts';
      lockFolder(process.argv[1]).then(() => process.exit(0), (error) => process.exit(error.code === 'STORE_LOCKED' ? 7 : 1));`;
      const child = spawn(
        'unshare',
        ['-n', process.execPath, '--import', 'tsx', '--input-type=module', '-e', code, scratch.path],
        { stdio: 'ignore' },
      );
      const [status] = (await once(child, 'exit')) as [number];
      expect(status).toBe(7);
    },
  );

  it('has everything it acknowledged after kill -9', async () => {
    await using scratch = await scratchFolder();
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 2; round += 1) {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', 'test/support/append-forever.ts', scratch.path, await pgliteTemplate()],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [run = '', seq = '0'] = line.split(' ');
        acknowledged.set(run, Number(seq));
        lines += 1;
        if (lines === 15) child.kill('SIGKILL');
      }
    }
    expect(acknowledged.size).toBe(2);
    await using store = await openStore({ dir: scratch.path, log: silentLog, clock: wallClock });
    for (const [run, seq] of acknowledged) {
      const { lastSeq, records } = await store.progress(run as RunId);
      expect(lastSeq).toBeGreaterThanOrEqual(seq);
      expect(records).toBe(lastSeq / 2);
      expect(await store.records(run as RunId)).toHaveLength(records);
      expect(await store.runLog(run as RunId, 0, 100_000)).toHaveLength(lastSeq / 2);
    }
  }, 120_000);

  it.each([
    { when: 'before', revision: 1 },
    { when: 'after', revision: 2 },
  ])(
    'has the old plan of a campaign or the new one after kill -9 ($when the commit), never half of it',
    async ({ when, revision }) => {
      await using scratch = await scratchFolder();
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', 'test/support/replan-and-die.ts', scratch.path, await pgliteTemplate(), when],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const ended = once(child, 'exit');
      let campaign = '';
      for await (const line of createInterface({ input: child.stdout })) campaign = line;
      expect(await ended).toEqual([null, 'SIGKILL']);
      await using store = await openStore({ dir: scratch.path, log: silentLog, clock: wallClock });
      expect((await store.planHead(campaign as CampaignId))?.revision).toBe(revision);
      const reserved = await store.reserved();
      expect(reserved).toHaveLength(4);
      const begins = reserved.map(({ from }) => from - T0 - revision * 1_800_000);
      expect([...begins].sort((a, b) => a - b)).toEqual([0, 0, 600_000, 600_000]);
    },
    120_000,
  );

  it.skipIf(!canMount)(
    'says STORE_FULL when the disk is full (needs root and mount)',
    async () => {
      await using scratch = await scratchFolder();
      const disk = join(scratch.path, 'disk');
      await mkdir(disk);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=72m', 'tmpfs', disk]).status).toBe(0);
      try {
        const store = await openStore({ ...(await base()), dir: disk });
        const { run, fence } = await aRunningRun(store);
        const { bavail, bsize } = await statfs(disk);
        await writeFile(join(disk, 'filler'), Buffer.alloc(bavail * bsize - LEFT_BYTES, 1));
        const fill = async (): Promise<void> => {
          for (let seq = 1; seq < 1_000; seq += 1) {
            const text = fresh(randomBytes(32 * 1024).toString('base64'));
            const log = { seq, at: T0, kind: 'log', level: 'info', text } as const;
            await store.append([{ run, fence, observations: [log] }], instant(Date.now()));
          }
        };
        await expect(fill()).rejects.toMatchObject({ code: 'STORE_FULL' });
        await Promise.allSettled([store[Symbol.asyncDispose]()]);
      } finally {
        spawnSync('umount', ['-l', disk]);
      }
    },
    120_000,
  );
});
