import { CHUNK } from '../sctp/chunks.ts';
import { hasRightChecksum, HEADER_BYTES } from '../sctp/packet-reader.ts';
import { word16, word32 } from './words.ts';

const CHUNK_HEADER_BYTES = 4;
const CHECKSUM_AT = 8;

/** A packet of SCTP as somebody saw it pass: in `bytes` from `start` to before `end`. */
export interface SctpSpan {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The capture kept its beginning only. */
  readonly cut: boolean;
}

/** What most packets are made of: they say nothing of how an association begins and ends. */
const PLAIN: ReadonlySet<number> = new Set([
  ...[CHUNK.data, CHUNK.iData, CHUNK.sack, CHUNK.heartbeat, CHUNK.heartbeatAck],
]);

/**
 * What kind of packet it is, or why its receiver will have thrown it away. A checksum of zero was left to the network card of the host
 * on which the capture was made, and one of a packet that the capture cut cannot be known.
 */
export function checkPacket(span: SctpSpan): 'plain' | 'other' | 'checksum' | 'malformed' {
  const { bytes, start, end, cut } = span;
  if (end - start < HEADER_BYTES) return 'malformed';
  if (!cut && word32(bytes, start + CHECKSUM_AT) !== 0 && !hasRightChecksum(bytes, start, end))
    return 'checksum';
  let kind: 'plain' | 'other' = 'plain';
  let at = start + HEADER_BYTES;
  while (at < end) {
    const length = end - at < CHUNK_HEADER_BYTES ? 0 : word16(bytes, at + 2);
    if (length < CHUNK_HEADER_BYTES || at + length > end) return cut ? kind : 'malformed';
    if (!PLAIN.has(bytes[at] ?? 0)) kind = 'other';
    at += (length + 3) & ~3;
  }
  return kind;
}

/** Where each whole chunk of a packet that was checked stands. */
export function eachChunk({ bytes, start, end }: SctpSpan, take: (at: number, length: number) => void): void {
  let at = start + HEADER_BYTES;
  while (end - at >= CHUNK_HEADER_BYTES) {
    const length = word16(bytes, at + 2);
    if (length < CHUNK_HEADER_BYTES || at + length > end) return;
    take(at, length);
    at += (length + 3) & ~3;
  }
}
