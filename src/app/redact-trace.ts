import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { CaptureRedactor, type RedactCounts } from '../../runners/interfaces/redact/redact-capture.ts';
import { HarnessError } from '../kernel/errors.ts';
import { pieces } from './capture-pieces.ts';

export interface RedactFileOptions {
  /** It must not be there yet. */
  readonly out: string;
  /** Ports of UDP that carry SCTP, beside those that are found. */
  readonly udpPorts?: readonly number[];
  readonly signal: AbortSignal;
}

/**
 * Writes a capture again without identities and keys of subscribers, under a key that nobody keeps; memory does not grow with it.
 * `NOT_FOUND`, `WRONG_USE` when there is such a file already, `CAPTURE_INVALID` with the offset.
 */
export async function redactFile(
  file: string,
  { out, signal, ...options }: RedactFileOptions,
): Promise<RedactCounts> {
  const target = await open(out, 'wx').catch((cause: unknown) => {
    throw new HarnessError('WRONG_USE', `${out} cannot be written, or is there already`, { cause });
  });
  try {
    let waiting: Uint8Array[] = [];
    const redactor = new CaptureRedactor({
      ...options,
      key: randomBytes(32),
      write: (piece) => void waiting.push(piece),
    });
    for await (const piece of pieces(file)) {
      signal.throwIfAborted();
      redactor.push(piece);
      await target.write(Buffer.concat(waiting));
      waiting = [];
    }
    return redactor.counts;
  } finally {
    await target.close();
  }
}
