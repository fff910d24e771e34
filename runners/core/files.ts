import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';
import { storeFailure } from './evidence-store.ts';

/** Replaces a file as a whole: after a crash it has the old content or the new one. Mode 0600. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${randomUUID()}`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw storeFailure(error);
  }
}

/** Appends a line and waits until it is on the disk. */
export async function appendDurably(path: string, line: string): Promise<void> {
  try {
    const file = await open(path, 'a', 0o600);
    try {
      await file.writeFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw storeFailure(error);
  }
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await syncFolder(dirname(path));
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The text of a file of ours, or `null` when there is none. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw storeFailure(error);
  }
}

/** JSON of a file of ours; `null` when there is none. `INPUT_INVALID` when somebody else wrote into it. */
export async function readJson(path: string): Promise<Json> {
  const text = await readText(path);
  if (text === null) return null;
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new HarnessError('INPUT_INVALID', `${path} is damaged`, { cause });
  }
}
