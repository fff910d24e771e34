import { createHash } from 'node:crypto';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEvidenceStore } from '../../src/adapters/evidence-fs/evidence-store.ts';
import type { EvidenceStore } from '../../src/campaigns/ports.ts';
import type { Digest } from '../../src/domain/ids.ts';
import { scratchFolder } from '../support/scratch.ts';

const digestOf = (bytes: Uint8Array) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
const text = (value: string) => new TextEncoder().encode(value);
async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

describe('the evidence store on files', () => {
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let store: EvidenceStore;
  const fileOf = (digest: Digest) => join(scratch.path, 'sha256', digest.slice(7, 9), digest.slice(7));
  beforeAll(async () => {
    scratch = await scratchFolder();
    store = await openEvidenceStore({ dir: scratch.path });
  });
  afterAll(() => scratch[Symbol.asyncDispose]());

  it('keeps bytes under their digest, read-only, and twice is once', async () => {
    const bytes = text('hello evidence');
    const digest = digestOf(bytes);
    expect(await store.has(digest)).toBe(false);
    await store.put(digest, chunks(bytes.slice(0, 3), bytes.slice(3)));
    await store.put(digest, chunks(bytes));
    expect(await store.has(digest)).toBe(true);
    expect(Buffer.from(await store.get(digest))).toEqual(Buffer.from(bytes));
    expect((await stat(fileOf(digest))).mode & 0o777).toBe(0o440);
    expect(await readdir(join(scratch.path, 'partial'))).toEqual([]);
  });

  it('refuses bytes of another digest and leaves nothing', async () => {
    const digest = digestOf(text('this'));
    await expect(store.put(digest, chunks(text('that')))).rejects.toMatchObject({ code: 'EVIDENCE_CORRUPT' });
    expect(await store.has(digest)).toBe(false);
    expect(await readdir(join(scratch.path, 'partial'))).toEqual([]);
    await store.put(digest, chunks(text('this')));
    await expect(store.put(digest, chunks(text('that')))).rejects.toMatchObject({ code: 'EVIDENCE_CORRUPT' });
  });

  it('leaves nothing when the source breaks half way', async () => {
    const digest = digestOf(text('never'));
    const broken = (async function* () {
      yield text('nev');
      await Promise.reject(new Error('line cut'));
    })();
    await expect(store.put(digest, broken)).rejects.toThrow('line cut');
    expect(await store.state(digest)).toEqual({ complete: false, offset: 0 });
    expect(await readdir(join(scratch.path, 'partial'))).toEqual([]);
  });

  it('finds out that stored bytes were changed', async () => {
    const digest = digestOf(text('original'));
    await store.put(digest, chunks(text('original')));
    await chmod(fileOf(digest), 0o640);
    await writeFile(fileOf(digest), 'tampered');
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'EVIDENCE_CORRUPT' });
  });

  it('says what is missing, and takes nothing for a digest that is none', async () => {
    await expect(store.get(digestOf(text('absent')))).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
    await expect(store.seal(digestOf(text('absent')))).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
    for (const name of ['sha256:../../etc/passwd', 'sha256:', `sha256:${'A'.repeat(64)}`, '../x']) {
      await expect(store.has(name as Digest)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      await expect(store.append(name as Digest, 0, chunks())).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    }
  });

  it('resumes an upload at any offset that has arrived, and refuses a hole', async () => {
    const bytes = text('0123456789');
    const digest = digestOf(bytes);
    expect(await store.append(digest, 0, chunks(bytes.slice(0, 4)))).toBe(4);
    expect(await store.state(digest)).toEqual({ complete: false, offset: 4 });
    await expect(store.append(digest, 5, chunks(bytes.slice(5)))).rejects.toMatchObject({
      code: 'EVIDENCE_GAP',
    });
    await expect(store.append(digest, -1, chunks(bytes))).rejects.toMatchObject({ code: 'EVIDENCE_GAP' });
    await expect(store.append(digest, 0.5, chunks(bytes))).rejects.toMatchObject({ code: 'EVIDENCE_GAP' });
    expect(await store.append(digest, 2, chunks(bytes.slice(2)))).toBe(10);
    await store.seal(digest);
    await store.seal(digest);
    expect(await store.state(digest)).toEqual({ complete: true, offset: 10 });
    expect(await store.append(digest, 0, chunks(bytes))).toBe(10);
    expect((await stat(fileOf(digest))).mode & 0o777).toBe(0o440);
    expect(await readdir(join(scratch.path, 'partial'))).toEqual([]);
  });

  it('throws a finished upload away whose digest is wrong, so that it starts again', async () => {
    const digest = digestOf(text('right'));
    await store.append(digest, 0, chunks(text('wrong')));
    await expect(store.seal(digest)).rejects.toMatchObject({ code: 'EVIDENCE_CORRUPT' });
    expect(await store.state(digest)).toEqual({ complete: false, offset: 0 });
  });

  it('gives back what any sequence of pieces made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.nat(99), async (bytes, cut) => {
        const digest = digestOf(bytes);
        if (await store.has(digest)) return;
        const at = Math.floor((bytes.length * cut) / 100);
        await store.append(digest, 0, chunks(bytes.slice(0, at)));
        const { offset } = await store.state(digest);
        await store.append(digest, offset, chunks(bytes.slice(offset)));
        await store.seal(digest);
        expect(Buffer.from(await store.get(digest))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 15 },
    );
  });
});
