import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { EvidenceStore } from '../../campaigns/ports.ts';
import { type Digest, parseDigest } from '../../domain/ids.ts';
import type { Code } from '../../kernel/codes.ts';
import { HarnessError } from '../../kernel/errors.ts';

/**
 * Bytes under `dir/sha256/ab/abcd…`, read-only. They are written elsewhere, hashed, brought to disk and then renamed: a
 * file that has its name is whole, whenever we were killed. Unfinished uploads are in `dir/partial`.
 */
export async function openEvidenceStore({ dir }: { readonly dir: string }): Promise<EvidenceStore> {
  const places = { dir, partial: join(dir, 'partial') };
  await coded(() => makeFolder(places.partial));
  return {
    put: (digest, bytes) => coded(() => put(places, digest, bytes)),
    append: (digest, offset, bytes) => coded(() => append(places, { digest, offset }, bytes)),
    state: (digest) => coded(() => state(places, digest)),
    seal: (digest) => coded(() => seal(places, digest)),
    get: (digest) => coded(() => get(places, digest)),
    has: (digest) => coded(async () => (await sizeOf(pathOf(places, digest))) !== null),
  };
}

interface Places {
  readonly dir: string;
  readonly partial: string;
}

/** Only what parses as a digest becomes part of a path. */
function hexOf(digest: Digest): string {
  const parsed = parseDigest(digest);
  if (!parsed.ok) throw new HarnessError('INPUT_INVALID', parsed.error);
  return parsed.value.slice('sha256:'.length);
}

function pathOf({ dir }: Places, digest: Digest): string {
  const hex = hexOf(digest);
  return join(dir, 'sha256', hex.slice(0, 2), hex);
}

function partialOf({ partial }: Places, digest: Digest): string {
  return join(partial, hexOf(digest));
}

async function put(places: Places, digest: Digest, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = join(places.partial, `put-${randomUUID()}`);
  if ((await sizeOf(pathOf(places, digest))) !== null) {
    await checkStream(digest, bytes);
    return;
  }
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      for await (const chunk of bytes) {
        hash.update(chunk);
        await writeAll(file, chunk);
      }
      insist(digest, hash.digest('hex'));
      await file.chmod(0o440);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(places, digest, draft);
  } catch (error) {
    await remove(draft);
    throw error;
  }
}

/** It is there already; what came must still be what it says. */
async function checkStream(digest: Digest, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  insist(digest, hash.digest('hex'));
}

/**
 * What is before `offset` stays, what is behind it is written anew: a client that is not sure sends it again.
 * An offset beyond the end would leave a hole, and is refused with `EVIDENCE_GAP`.
 */
async function append(
  places: Places,
  { digest, offset }: { digest: Digest; offset: number },
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> {
  const whole = await sizeOf(pathOf(places, digest));
  if (whole !== null) return whole;
  const file = await open(partialOf(places, digest), constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { size } = await file.stat();
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > size)
      throw new HarnessError('EVIDENCE_GAP', `${digest}: ${size} bytes have arrived, not ${offset}`);
    await file.truncate(offset);
    let reached = offset;
    for await (const chunk of bytes) {
      await writeAll(file, chunk, reached);
      reached += chunk.byteLength;
    }
    await file.sync();
    return reached;
  } finally {
    await file.close();
  }
}

async function state(
  places: Places,
  digest: Digest,
): Promise<{ readonly complete: boolean; readonly offset: number }> {
  const whole = await sizeOf(pathOf(places, digest));
  if (whole !== null) return { complete: true, offset: whole };
  return { complete: false, offset: (await sizeOf(partialOf(places, digest))) ?? 0 };
}

/** What has another digest can never be completed: it is thrown away, so that the upload starts again. */
async function seal(places: Places, digest: Digest): Promise<void> {
  if ((await sizeOf(pathOf(places, digest))) !== null) return;
  const path = partialOf(places, digest);
  const file = await openOrNull(path);
  if (file === null) throw new HarnessError('EVIDENCE_MISSING', `nothing of ${digest} has arrived`);
  try {
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ start: 0, autoClose: false }))
      hash.update(chunk as Uint8Array);
    const found = hash.digest('hex');
    if (found !== hexOf(digest)) await remove(path);
    insist(digest, found);
    await publish(places, digest, path);
    await file.chmod(0o440);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function get(places: Places, digest: Digest): Promise<Uint8Array> {
  const file = await openOrNull(pathOf(places, digest));
  if (file === null) throw new HarnessError('EVIDENCE_MISSING', `${digest} is not here`);
  try {
    const bytes = await readFile(file);
    insist(digest, createHash('sha256').update(bytes).digest('hex'));
    return bytes;
  } finally {
    await file.close();
  }
}

function insist(digest: Digest, found: string): void {
  if (hexOf(digest) !== found)
    throw new HarnessError('EVIDENCE_CORRUPT', `bytes named ${digest} have the digest sha256:${found}`);
}

/** Equal names have equal bytes, so replacing one that came in between changes nothing. */
async function publish(places: Places, digest: Digest, from: string): Promise<void> {
  const path = pathOf(places, digest);
  await makeFolder(dirname(path));
  await rename(from, path);
  await syncFolder(dirname(path));
  await syncFolder(places.partial);
}

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o750 });
  if (first === undefined) return;
  // Each new folder is an entry in the one above it.
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
    if (folder === first || folder === dirname(folder)) return;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number | null = null): Promise<void> {
  let done = 0;
  while (done < chunk.byteLength) {
    const at = position === null ? null : position + done;
    const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done, at);
    done += bytesWritten;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(({ size }) => size, absent);
}

async function openOrNull(path: string): Promise<FileHandle | null> {
  return open(path, 'r').catch(absent);
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch(absent);
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

const CODES: Readonly<Record<string, Code>> = {
  ENOSPC: 'STORE_FULL',
  EDQUOT: 'STORE_FULL',
  EIO: 'STORE_UNAVAILABLE',
  EROFS: 'STORE_UNAVAILABLE',
  EACCES: 'STORE_UNAVAILABLE',
  ENOTDIR: 'STORE_UNAVAILABLE',
};

async function coded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw HarnessError.from(error, (code === undefined ? undefined : CODES[code]) ?? 'UNEXPECTED');
  }
}
