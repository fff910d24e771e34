import { createReadStream } from 'node:fs';
import { HarnessError } from '../kernel/errors.ts';

/** A file in pieces. `NOT_FOUND` when it cannot be read. */
export async function* pieces(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) yield piece as Buffer;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause)
      throw new HarnessError('NOT_FOUND', `${file} cannot be read`, { cause });
    throw cause;
  }
}
