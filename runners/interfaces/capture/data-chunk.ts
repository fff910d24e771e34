import { CHUNK } from '../sctp/chunks.ts';
import { word16, word32 } from './words.ts';

/** A chunk of user data: DATA, or I-DATA. @see RFC 9260 §3.3.1, RFC 8260 §2.1 */
export interface UserData {
  readonly tsn: number;
  readonly stream: number;
  /** Of the message in its stream: a number of 16 bits; of 32 in I-DATA. */
  readonly order: number;
  /** Of the fragment in its message; only in I-DATA, whose fragments may take turns with those of others. */
  readonly fragment?: number;
  /** Of the first fragment; I-DATA says none in the others. */
  readonly ppid: number;
  /** `DATA_FLAG` */
  readonly flags: number;
  /** A view of what was read. */
  readonly bytes: Uint8Array;
}

const [DATA_HEADER_BYTES, I_DATA_HEADER_BYTES] = [16, 20];
const BEGINNING = 2;

/** `undefined` when it is shorter than its header. */
export function readUserData(bytes: Uint8Array, at: number, length: number): UserData | undefined {
  if ((bytes[at] ?? 0) === CHUNK.iData) return readInterleaved(bytes, at, length);
  if (length < DATA_HEADER_BYTES) return undefined;
  return {
    flags: bytes[at + 1] ?? 0,
    tsn: word32(bytes, at + 4),
    stream: word16(bytes, at + 8),
    order: word16(bytes, at + 10),
    ppid: word32(bytes, at + 12),
    bytes: bytes.subarray(at + DATA_HEADER_BYTES, at + length),
  };
}

function readInterleaved(bytes: Uint8Array, at: number, length: number): UserData | undefined {
  if (length < I_DATA_HEADER_BYTES) return undefined;
  const flags = bytes[at + 1] ?? 0;
  const last = word32(bytes, at + 16);
  // The first fragment has the number 0, and says what is carried instead.
  const isFirst = (flags & BEGINNING) !== 0;
  return {
    flags,
    tsn: word32(bytes, at + 4),
    stream: word16(bytes, at + 8),
    order: word32(bytes, at + 12),
    fragment: isFirst ? 0 : last,
    ppid: isFirst ? last : 0,
    bytes: bytes.subarray(at + I_DATA_HEADER_BYTES, at + length),
  };
}
