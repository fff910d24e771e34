import { open } from 'node:fs/promises';
import { HarnessError } from '../../kernel/errors.ts';

/** A file of at most `maxBytes`, or one byte more of it, for whoever parses it to refuse. `NOT_FOUND` without one. */
export async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const chunks: Uint8Array[] = [];
    let left = maxBytes + 1;
    for await (const chunk of handle.createReadStream({ end: maxBytes }) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      left -= chunk.length;
      if (left <= 0) break;
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new HarnessError('NOT_FOUND', `${path} cannot be read`, { cause });
  }
}
