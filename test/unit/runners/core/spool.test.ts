import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fences } from '../../../../runners/core/fences.ts';
import { Spool } from '../../../../runners/core/spool.ts';
import { openStateDir } from '../../../../runners/core/state-dir.ts';

let dir: string;
let path: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-spool-'));
  path = join(dir, 'spool');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const ALL = { maxBytes: 1 << 20, maxCount: 1_000 };
const textsFrom = async (spool: Spool, from: number) => (await spool.read(from, ALL)).map(String);

it('keeps what was appended, in order, over a restart', async () => {
  const spool = await Spool.open(path);
  await Promise.all(['one', 'two', 'three'].map((text) => spool.append(Buffer.from(text))));
  expect(await textsFrom(spool, 1)).toEqual(['one', 'two', 'three']);
  await spool[Symbol.asyncDispose]();
  await using again = await Spool.open(path);
  expect(again.lastSeq).toBe(3);
  expect(await textsFrom(again, 2)).toEqual(['two', 'three']);
});

it('survives a torn tail at every byte: the frames before it are whole, and it goes on after them', async () => {
  const spool = await Spool.open(path);
  await spool.append(Buffer.from('whole'));
  const good = (await readFile(path)).length;
  await spool.append(Buffer.from('torn'));
  await spool[Symbol.asyncDispose]();
  const bytes = await readFile(path);
  for (let cut = good; cut < bytes.length; cut += 1) {
    await writeFile(path, bytes.subarray(0, cut));
    await using torn = await Spool.open(path);
    expect(torn.lastSeq).toBe(1);
    await torn.append(Buffer.from('after'));
    expect(await textsFrom(torn, 1)).toEqual(['whole', 'after']);
  }
});

it('does not believe a frame whose bytes changed', async () => {
  const spool = await Spool.open(path);
  await spool.append(Buffer.from('one'));
  await spool[Symbol.asyncDispose]();
  const bytes = await readFile(path);
  bytes[bytes.length - 1] = 0;
  await writeFile(path, bytes);
  await using damaged = await Spool.open(path);
  expect(damaged.lastSeq).toBe(0);
});

it('cuts off what is acknowledged and remembers the number and the note', async () => {
  const spool = await Spool.open(path);
  for (let n = 0; n < 5; n += 1) await spool.append(Buffer.alloc(1 << 20, n));
  await spool.acknowledge(5, () => ['T-001']);
  expect((await readFile(path)).length).toBeLessThan(1_000);
  await spool.append(Buffer.from('six'));
  await spool[Symbol.asyncDispose]();
  await using again = await Spool.open(path);
  expect([again.ackedSeq, again.lastSeq, again.note]).toEqual([5, 6, ['T-001']]);
  expect(await textsFrom(again, 6)).toEqual(['six']);
});

it('an empty or garbled file is an empty spool', async () => {
  await writeFile(path, '');
  await appendFile(path, 'garbage that is no frame');
  await using spool = await Spool.open(path);
  expect(spool.lastSeq).toBe(0);
  await truncate(path, 0);
});

it('refuses an older fence of the slot, also after a restart', async () => {
  const fences = await Fences.open(dir);
  await fences.raise(0, 5);
  await expect(fences.raise(0, 5)).rejects.toMatchObject({ code: 'STALE_FENCE' });
  const again = await Fences.open(dir);
  await expect(again.raise(0, 4)).rejects.toMatchObject({ code: 'STALE_FENCE' });
  await again.raise(1, 1);
  expect((await Fences.open(dir)).highest(0)).toBe(5);
});

it('gives a folder to one runner, and counts its starts', async () => {
  const first = await openStateDir(dir);
  await expect(openStateDir(dir)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  await first[Symbol.asyncDispose]();
  await using second = await openStateDir(dir);
  expect(second.boot).toBe(first.boot + 1);
});
