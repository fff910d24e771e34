import { open } from 'node:fs/promises';

import { HarnessError } from '../kernel/errors.ts';

/** The first `maxBytes` of a file: enough to refuse one that is larger, however large it is. */
export async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const chunks: Uint8Array[] = [];
    let left = maxBytes;
    for await (const chunk of handle.createReadStream({ end: maxBytes - 1 }) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      left -= chunk.length;
      if (left <= 0) break;
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new HarnessError('NOT_FOUND', `${path} cannot be read`, { cause });
  }
}
