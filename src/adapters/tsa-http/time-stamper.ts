import { randomBytes } from 'node:crypto';
import { toHex } from '../../attest/format/base64.ts';
import { DerError } from '../../attest/format/der.ts';
import {
  MAX_TIMESTAMP_BYTES,
  nonceText,
  parseTimestamp,
  renderTimestampRequest,
} from '../../attest/format/timestamp.ts';
import type { TimeStamper } from '../../attest/sign/time-stamper.ts';
import { deadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../kernel/errors.ts';

const NONCE_BYTES = 16;
const DEFAULT_TIMEOUT_MS = 30_000;

export interface TsaOptions {
  /** Where the authority takes requests, http or https. */
  readonly url: string;
  readonly timeoutMs?: number;
}

/** Asks a time-stamp authority over HTTP, and takes only an answer to this very request. @see RFC 3161 §3.4 */
export function makeHttpTimeStamper({ url, timeoutMs = DEFAULT_TIMEOUT_MS }: TsaOptions): TimeStamper {
  return {
    stamp: async (digest, { signal }) => {
      using limit = deadline(signal, timeoutMs, 'the time-stamp');
      const nonce = randomBytes(NONCE_BYTES);
      const answer = await ask(url, renderTimestampRequest(digest, nonce), limit).catch((cause: unknown) => {
        signal.throwIfAborted();
        if (limit.signal.aborted) throw unavailable(`the authority gave no answer in ${timeoutMs} ms`, cause);
        throw cause;
      });
      checkAnswer(answer, digest, nonceText(nonce));
      return answer;
    },
  };
}

async function ask(
  url: string,
  body: Uint8Array,
  { signal }: { readonly signal: AbortSignal },
): Promise<Uint8Array> {
  try {
    const headers = { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' };
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: Buffer.from(body),
      redirect: 'error',
      signal,
    });
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || !type.startsWith('application/timestamp-reply')) {
      await response.body?.cancel();
      throw unavailable(`the authority answered ${response.status} ${type.slice(0, 80)}`);
    }
    return await readBody(response);
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    throw unavailable('the authority cannot be reached', cause);
  }
}

async function readBody({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_TIMESTAMP_BYTES)
      throw unavailable(`the answer is larger than ${MAX_TIMESTAMP_BYTES} bytes`);
  }
  return Buffer.concat(chunks);
}

/** The signature is left to whoever verifies, with the roots that they trust. */
function checkAnswer(answer: Uint8Array, digest: Uint8Array, nonce: string): void {
  try {
    const { info } = parseTimestamp(answer);
    if (info.hash !== 'sha256' || toHex(info.imprint) !== toHex(digest))
      throw unavailable('it stamped something else');
    if (info.nonce !== nonce) throw unavailable('it answered another request');
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    throw unavailable(`the answer cannot be used: ${cause.message}`, cause);
  }
}

function unavailable(text: string, cause?: unknown): HarnessError {
  return new HarnessError('TIMESTAMP_UNAVAILABLE', text, cause === undefined ? {} : { cause });
}
