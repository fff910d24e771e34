import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal, type JournalEntry } from '../../../../runners/core/journal.ts';
import { restoreSpool, Spool } from '../../../../runners/core/spool.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-journal-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const place = (run: string) => join(dir, run);
const restore = (run: string, entries: readonly JournalEntry[]) => restoreSpool(place(run), entries);
const openJournal = (path = join(dir, 'journal')) => Journal.open(path, restore);
const ALL = { maxBytes: 1 << 20, maxCount: 1_000 };
const textsOf = async (spool: Spool) => (await spool.read(1, ALL)).map(String);

/** Two spools with two observations each, and what is on the disk at that moment. */
async function twoSpools() {
  const journal = await openJournal();
  const spools = await Promise.all(['a', 'b'].map((run) => Spool.open(place(run), { journal, run })));
  const lengths = await Promise.all(['a', 'b'].map(async (run) => (await readFile(place(run))).length));
  await Promise.all(spools.map((spool) => spool.append(Buffer.from('one'))));
  await Promise.all(spools.map((spool) => spool.append(Buffer.from('two'))));
  const written = await readFile(join(dir, 'journal'));
  for (const spool of spools) await spool[Symbol.asyncDispose]();
  await journal[Symbol.asyncDispose]();
  return { lengths, written };
}

it('brings spools back that a power cut left as they were before', async () => {
  const { lengths, written } = await twoSpools();
  await truncate(place('a'), lengths[0]);
  await truncate(place('b'), lengths[1]);
  await writeFile(join(dir, 'journal'), written);
  await using journal = await openJournal();
  for (const run of ['a', 'b']) {
    await using spool = await Spool.open(place(run), { journal, run });
    expect(await textsOf(spool)).toEqual(['one', 'two']);
  }
});

it('restores what is whole, wherever the journal is torn', async () => {
  const { lengths, written } = await twoSpools();
  for (let cut = 0; cut < written.length; cut += 7) {
    await truncate(place('a'), lengths[0]);
    await writeFile(join(dir, 'journal'), written.subarray(0, cut));
    await using journal = await openJournal();
    await using spool = await Spool.open(place('a'), { journal, run: 'a' });
    expect(['one', 'two'].slice(0, spool.lastSeq)).toEqual(await textsOf(spool));
  }
});

it('leaves a spool alone that was begun anew since, and one that is gone', async () => {
  const { written } = await twoSpools();
  await using anew = await Spool.open(place('c'));
  for (let n = 0; n < 5; n += 1) await anew.append(Buffer.alloc(1 << 20, n));
  await anew.acknowledge(5, () => null);
  await anew.sync();
  await writeFile(place('a'), await readFile(place('c')));
  await rm(place('b'));
  const before = await readFile(place('a'));
  await writeFile(join(dir, 'journal'), written);
  await using journal = await openJournal();
  await journal.commit({ run: 'x', base: 0, at: 0, bytes: Buffer.from('goes on') }, anew);
  expect(await readFile(place('a'))).toEqual(before);
  await expect(readFile(place('b'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('is empty after a clean end, and refuses what comes later', async () => {
  await twoSpools();
  expect((await readFile(join(dir, 'journal'))).length).toBe(0);
  const journal = await openJournal();
  await journal[Symbol.asyncDispose]();
  const late = journal.commit(
    { run: 'a', base: 0, at: 0, bytes: Buffer.of(1) },
    { sync: () => Promise.resolve() },
  );
  await expect(late).rejects.toMatchObject({ code: 'ABORTED' });
});
