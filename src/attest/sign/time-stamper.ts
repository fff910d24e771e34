import { toHex } from '../format/base64.ts';
import type { Signature } from '../format/envelope.ts';
import { sha256 } from './digests.ts';

/** Somebody whose word on the time others take. @see RFC 3161 */
export interface TimeStamper {
  /** DER of the TimeStampResp for the SHA-256 digest of something. `TIMESTAMP_UNAVAILABLE` when there is none. */
  stamp(digest: Uint8Array, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
}

/** Where the time-stamp over a signature is in the bundle of its report. */
export function timestampPath({ keyid, sig }: Signature): string {
  // The keyid of a signature is a hint; without a sound one the file is named after the signature.
  const name = keyid !== undefined && /^[0-9a-f]{64}$/u.test(keyid) ? keyid : toHex(sha256(sig));
  return `timestamps/${name}.tsr`;
}

/**
 * A time-stamp over each of these signatures, by its path in the bundle. They prove that the signatures existed then, which
 * is what keeps a report valid when a key is revoked later.
 */
export async function stampSignatures(
  signatures: readonly Signature[],
  stamper: TimeStamper,
  { signal }: { readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const signature of signatures) {
    files.set(timestampPath(signature), await stamper.stamp(sha256(signature.sig), { signal }));
  }
  return files;
}
