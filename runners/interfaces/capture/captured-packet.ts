import type { Chunk } from '../sctp/chunks.ts';
import { hasRightChecksum, HEADER_BYTES, readChunk } from '../sctp/packet-reader.ts';

/** A packet of SCTP as somebody saw it pass. */
export interface CapturedPacket {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly tag: number;
  readonly chunks: readonly Chunk[];
}

const CHUNK_HEADER_BYTES = 4;

/**
 * A packet, or why its receiver will have thrown it away. A checksum of zero was left to the network card of the host on which
 * the capture was made, and one of a packet that the capture cut cannot be known.
 */
export function readCapturedPacket(
  bytes: Uint8Array,
  cut: boolean,
): CapturedPacket | 'checksum' | 'malformed' {
  if (bytes.length < HEADER_BYTES) return 'malformed';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!cut && view.getUint32(8) !== 0 && !hasRightChecksum(bytes)) return 'checksum';
  const chunks: Chunk[] = [];
  let at = HEADER_BYTES;
  while (at < bytes.length) {
    const length = bytes.length - at < CHUNK_HEADER_BYTES ? 0 : view.getUint16(at + 2);
    if (length < CHUNK_HEADER_BYTES || at + length > bytes.length) {
      if (cut) break;
      return 'malformed';
    }
    chunks.push(readChunk(bytes.subarray(at, at + length)));
    at += (length + 3) & ~3;
  }
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    tag: view.getUint32(4),
    chunks,
  };
}
