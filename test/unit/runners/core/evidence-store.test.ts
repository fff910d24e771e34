import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EvidenceStore,
  openEvidenceStore,
  storeFailure,
} from '../../../../runners/core/evidence-store.ts';
import type { Digest } from '../../../../src/domain/ids.ts';
import { HarnessError } from '../../../../src/kernel/errors.ts';

const about = { mediaType: 'text/plain', role: 'process-log' };
const bytes = Buffer.from('what was seen');
const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
let dir: string;
let store: EvidenceStore;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-evidence-'));
  store = await openEvidenceStore(dir);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function read(start?: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(digest, start)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the evidence store', () => {
  it('keeps bytes under their digest and gives them back from anywhere', async () => {
    expect(await store.put(bytes, about)).toEqual({ digest, bytes: 13, ...about });
    expect(await read()).toBe('what was seen');
    expect(await read(5)).toBe('was seen');
    expect(await store.size(digest)).toBe(13);
    expect(await readdir(join(dir, 'sha256', digest.slice(7, 9)))).toEqual([digest.slice(7)]);
  });

  it('takes a stream, and the same bytes twice', async () => {
    await store.put(bytes, about);
    const stream = (async function* () {
      await Promise.resolve();
      yield bytes.subarray(0, 4);
      yield bytes.subarray(4);
    })();
    expect((await store.put(stream, about)).digest).toBe(digest);
    expect(await readdir(join(dir, 'incoming'))).toEqual([]);
  });

  it('leaves nothing behind when a stream breaks', async () => {
    const broken = (async function* () {
      await Promise.resolve();
      yield bytes;
      throw Object.assign(new Error('disk'), { code: 'ENOSPC' });
    })();
    await expect(store.put(broken, about)).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(await readdir(join(dir, 'incoming'))).toEqual([]);
    expect(await store.size(digest)).toBeNull();
  });

  it('removes what a dead process left half-written, and nothing else', async () => {
    await store.put(bytes, about);
    await writeFile(join(dir, 'incoming', 'half'), 'x');
    store = await openEvidenceStore(dir);
    expect(await readdir(join(dir, 'incoming'))).toEqual([]);
    expect(await read()).toBe('what was seen');
  });

  it('forgets what was uploaded, twice if need be', async () => {
    await store.put(bytes, about);
    await store.remove(digest);
    await store.remove(digest);
    expect(await store.size(digest)).toBeNull();
  });

  it('makes no path of what is no digest', async () => {
    const hostile = 'sha256:../../../../etc/passwd' as Digest;
    await expect(store.size(hostile)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(() => store.read(hostile)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }) as Error);
  });

  it.each([
    ['ENOSPC', 'STORE_FULL'],
    ['EDQUOT', 'STORE_FULL'],
    ['EIO', 'STORE_UNAVAILABLE'],
  ])('tells %s as %s', (code, expected) => {
    expect(storeFailure(Object.assign(new Error('x'), { code })).code).toBe(expected);
    expect(storeFailure(new HarnessError('ABORTED', 'x')).code).toBe('ABORTED');
  });
});
