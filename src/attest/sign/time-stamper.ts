import type { Envelope } from '../format/envelope.ts';
import { keyidOf } from '../format/keys.ts';
import { sha256 } from './digests.ts';

/** Somebody whose word on the time others take. @see RFC 3161 */
export interface TimeStamper {
  /** DER of the TimeStampResp for the SHA-256 digest of something. `TIMESTAMP_UNAVAILABLE` when there is none. */
  stamp(digest: Uint8Array, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
}

/**
 * A time-stamp over each signature of a report, as files of its bundle: `timestamps/<keyid>.tsr`. They prove that the
 * signatures existed then, which is what keeps a report valid when a key is revoked later.
 */
export async function stampSignatures(
  { signatures }: Envelope,
  stamper: TimeStamper,
  { signal }: { readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { keyid, sig } of signatures) {
    // The keyid of a signature is a hint; without a sound one the file is named after the signature.
    const name = keyid !== undefined && /^[0-9a-f]{64}$/u.test(keyid) ? keyid : keyidOf(sig, sha256);
    files.set(`timestamps/${name}.tsr`, await stamper.stamp(sha256(sig), { signal }));
  }
  return files;
}
