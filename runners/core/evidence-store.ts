import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EvidenceItem } from '../../src/domain/case-record.ts';
import { type Digest, parseDigest } from '../../src/domain/ids.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { EvidenceWriter } from './execute-ports.ts';

/** Evidence on the runner's own disk until it was uploaded: `sha256/ab/abcd…`, every file named by its digest. */
export interface EvidenceStore extends EvidenceWriter {
  /** Bytes of an item, or null when it is not here. */
  size(digest: Digest): Promise<number | null>;
  /** The bytes from `start` on, in chunks of 64 KiB. */
  read(digest: Digest, start?: number): AsyncIterable<Uint8Array>;
  /** When the orchestrator has it. */
  remove(digest: Digest): Promise<void>;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Opens the store in `dir`, made when it does not exist (mode 0700). What a dead process left half-written is removed.
 * An item appears whole and durable or not at all.
 */
export async function openEvidenceStore(dir: string): Promise<EvidenceStore> {
  const incoming = join(dir, 'incoming');
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  return {
    async put(bytes, about) {
      const draft = join(incoming, randomUUID());
      try {
        const written = await writeDraft(draft, bytes);
        await keep(draft, pathOf(dir, written.digest));
        return { ...written, ...about } satisfies EvidenceItem;
      } catch (error) {
        await rm(draft, { force: true });
        throw storeFailure(error);
      }
    },
    async size(digest) {
      try {
        return (await stat(pathOf(dir, digest))).size;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw storeFailure(error);
      }
    },
    read: (digest, start = 0) =>
      createReadStream(pathOf(dir, digest), { start, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>,
    remove: (digest) => rm(pathOf(dir, digest), { force: true }),
  };
}

/** A full disk is told apart from a broken one. */
export function storeFailure(error: unknown): HarnessError {
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error) ?? '');
  return HarnessError.from(error, full ? 'STORE_FULL' : 'STORE_UNAVAILABLE');
}

async function writeDraft(
  path: string,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<{ digest: Digest; bytes: number }> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
      hash.update(chunk);
      size += chunk.length;
      await writeAll(file, chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { digest: `sha256:${hash.digest('hex')}` as Digest, bytes: size };
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
}

/** The same bytes twice are one file: the rename replaces it by its equal. */
async function keep(draft: string, path: string): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(draft, path);
  await syncFolder(folder);
  if (made !== undefined) await syncFolder(dirname(made));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Throws `INPUT_INVALID` when it is no digest: it may come from outside, and becomes a path. */
function pathOf(dir: string, digest: string): string {
  const parsed = parseDigest(digest);
  if (!parsed.ok) throw new HarnessError('INPUT_INVALID', parsed.error);
  const hex = parsed.value.slice('sha256:'.length);
  return join(dir, 'sha256', hex.slice(0, 2), hex);
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
