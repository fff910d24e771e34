import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HarnessError } from '../../kernel/errors.ts';

const OTHERS = 0o077;
const PRIVATE_FILE = 0o600;
const PUBLIC_FILE = 0o644;

/** Puts `bytes` at `path` so that a crash leaves the old file or the new one, and nothing in between. */
export async function replaceFile(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.new-${randomBytes(8).toString('hex')}`;
  try {
    await writeDurably(draft, bytes, PUBLIC_FILE);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
  await syncFolder(dirname(path));
}

/** A private key, or where one is: mode 0600, durable when this returns. An existing file stays as it is: `EEXIST`. */
export async function writePrivate(path: string, bytes: Uint8Array | string): Promise<void> {
  await writeDurably(path, bytes, PRIVATE_FILE);
  await syncFolder(dirname(path));
}

async function writeDurably(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  await using handle: FileHandle = await open(path, 'wx', mode);
  await handle.writeFile(bytes);
  await handle.sync();
}

/** Makes renames in a folder survive a loss of power. */
export async function syncFolder(dir: string): Promise<void> {
  await using handle: FileHandle = await open(dir, 'r');
  await handle.sync();
}

/** `SIGN_KEY_UNUSABLE` when others may read or enter it; `NOT_FOUND` when it is not there. */
export async function checkPrivate(path: string): Promise<void> {
  let mode: number;
  try {
    ({ mode } = await stat(path));
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT')) throw cause;
    throw new HarnessError('NOT_FOUND', `${path} is not there`, { cause });
  }
  if ((mode & OTHERS) !== 0)
    throw new HarnessError('SIGN_KEY_UNUSABLE', `others may open ${path}: chmod go= it`);
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
