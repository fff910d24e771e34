import { open } from 'node:fs/promises';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, wholeFile } from './problem.ts';

/** No document and no file that one refers to is larger than this. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

export interface Source {
  /** As it is to be shown in problems. */
  readonly path: string;
  readonly text: string;
}

/** Reads a text file of at most {@link MAX_DOCUMENT_BYTES}; never reads more than that of it. */
export async function readSource(path: string): Promise<Result<Source, readonly Problem[]>> {
  const bytes = await readCapped(path);
  return bytes.ok ? decodeSource(path, bytes.value) : err([wholeFile(path, bytes.error)]);
}

/** UTF-8, with or without a byte order mark, without control characters. */
export function decodeSource(path: string, bytes: Uint8Array): Result<Source, readonly Problem[]> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length > MAX_DOCUMENT_BYTES) return err([wholeFile(path, tooLarge())]);
  const text = file.toString('utf8');
  const bad = firstDifference(file, Buffer.from(text, 'utf8'));
  if (bad === undefined) return ok({ path, text: text.replace(/^\uFEFF/u, '') });
  const before = file.subarray(0, bad).toString('utf8').split('\n');
  const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  return err([{ ...wholeFile(path, 'this is not UTF-8 text'), ...position }]);
}

export function tooLarge(): string {
  return `larger than ${MAX_DOCUMENT_BYTES} bytes`;
}

async function readCapped(path: string): Promise<Result<Buffer, string>> {
  try {
    await using file = await open(path, 'r');
    const stat = await file.stat();
    if (!stat.isFile()) return err('not a file');
    const buffer = Buffer.alloc(MAX_DOCUMENT_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (length > MAX_DOCUMENT_BYTES) return err(tooLarge());
      if (bytesRead === 0) return ok(buffer.subarray(0, length));
    }
  } catch (error) {
    return err(cannotRead(error));
  }
}

/** What a person can act on; anything that is not about the file is not ours to hide. */
function cannotRead(error: unknown): string {
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EACCES: 'no permission to read it',
    EPERM: 'no permission to read it',
    EISDIR: 'not a file',
    ELOOP: 'its links go round in circles',
    ENAMETOOLONG: 'the name is too long',
    ERR_INVALID_ARG_VALUE: 'the name is not possible',
  };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = known[code];
  if (text === undefined) throw error;
  return text;
}

function firstDifference(a: Buffer, b: Buffer): number | undefined {
  if (a.equals(b)) return undefined;
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at === -1 ? a.length : at;
}
