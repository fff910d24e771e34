import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { SecretRef } from '../../src/domain/equipment.ts';
import { HarnessError } from '../../src/kernel/errors.ts';

/**
 * Where secrets that equipment files refer to may lie on this machine. `anywhere` is for a person who tests a product
 * of their own on their own machine; a lab runs what others submitted, and gives a folder or nothing.
 */
export type SecretPlace = 'anywhere' | 'nowhere' | { readonly folder: string };

export interface SecretBounds {
  readonly place: SecretPlace;
  /** Scratch folder of the run: what our own simulators left there may always be read. */
  readonly runDir: string;
}

export const SECRET_VARIABLE_PREFIX = 'PATCHBAY_SECRET_';
const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Reads a secret by its reference, without the line end that editors leave.
 *
 * `SECRET_REFUSED` when it lies outside of its bounds, whether or not there is anything; `INPUT_INVALID` when it is
 * inside and missing, empty, no file or larger than 64 KiB. Messages hold the reference, never the secret.
 */
export async function readSecret(ref: SecretRef, bounds: SecretBounds): Promise<string> {
  const text = 'env' in ref ? readVariable(ref.env, bounds) : await readFileWithin(ref.file, bounds);
  const secret = text.replace(/\r?\n$/u, '');
  if (secret === '') throw unusable('env' in ref ? ref.env : ref.file, 'it is empty');
  return secret;
}

function readVariable(name: string, { place }: SecretBounds): string {
  if (place !== 'anywhere' && !name.startsWith(SECRET_VARIABLE_PREFIX))
    throw refused(`${name}: only variables that begin with ${SECRET_VARIABLE_PREFIX} are given to equipment`);
  const value = process.env[name];
  if (value === undefined) throw unusable(name, 'it is not set');
  return value;
}

async function readFileWithin(path: string, bounds: SecretBounds): Promise<string> {
  const { place } = bounds;
  const asked = typeof place === 'string' ? resolve(path) : resolve(place.folder, path);
  const allowed = await allowedFolders(bounds);
  const mayBe = (file: string): boolean =>
    place === 'anywhere' || allowed.some((folder) => isWithin(folder, file));
  const real = await realpath(asked).catch((cause: unknown) => {
    // Whoever may not read a file is not told whether it exists.
    throw mayBe(asked) ? unusable(path, why(cause)) : refusedFile(path, place);
  });
  if (!mayBe(real)) throw refusedFile(path, place);
  return readCapped(real).catch((cause: unknown) => {
    throw unusable(path, why(cause));
  });
}

/** As they were given, and where they really are. */
async function allowedFolders({ place, runDir }: SecretBounds): Promise<readonly string[]> {
  const folders = [runDir, ...(typeof place === 'string' ? [] : [resolve(place.folder)])];
  const real = folders.map((folder) => realpath(folder).catch(() => folder));
  return [...folders, ...(await Promise.all(real))];
}

function isWithin(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Never waits (as a pipe would make it) and never reads more than it may. */
async function readCapped(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  if (!(await file.stat()).isFile()) throw new Error('it is not a file');
  const buffer = Buffer.alloc(MAX_SECRET_BYTES + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    length += bytesRead;
    if (length > MAX_SECRET_BYTES) throw new Error(`it has over ${MAX_SECRET_BYTES} bytes`);
    if (bytesRead === 0) return buffer.toString('utf8', 0, length);
  }
}

function refusedFile(path: string, place: SecretPlace): HarnessError {
  return place === 'nowhere'
    ? refused(`${path}: this runner was started without a folder of secrets`)
    : refused(`${path}: it is not inside of the folder of secrets of this runner`);
}

function refused(text: string): HarnessError {
  return new HarnessError('SECRET_REFUSED', `the secret ${text}`);
}

function unusable(name: string, text: string): HarnessError {
  return new HarnessError('INPUT_INVALID', `the secret ${name} cannot be used: ${text}`);
}

function why(cause: unknown): string {
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
  };
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return known[code] ?? (cause instanceof Error ? cause.message : String(cause));
}
