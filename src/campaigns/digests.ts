import type { Digest } from '../domain/ids.ts';

/** Hashing, as a port: pure rooms have none of their own. */
export interface Digests {
  /** Lower-case hexadecimal SHA-256 of the UTF-8 text, for secrets that are only ever compared. */
  ofText(text: string): string;
  ofBytes(bytes: Uint8Array): Digest;
}
