import { CHUNK, type Chunk, type Packet, PARAMETER, REFLECTED, type SackChunk, type Tlv } from './chunks.ts';
import { crc32c } from './crc32c.ts';
import { err, ok, type Result } from '../../../src/kernel/result.ts';

export const HEADER_BYTES = 12;
export const CHECKSUM_AT = 8;
const CHUNK_HEADER_BYTES = 4;
const DATA_HEADER_BYTES = 16;
const INIT_HEADER_BYTES = 20;
const SACK_HEADER_BYTES = 16;

/**
 * A packet, or why it has to be discarded without a word. Every length is checked against what holds it; views, no copies.
 *
 * A chunk of a known type that cannot be read is given as `malformed`, so that the receiver may answer it.
 * @see RFC 9260 §3, §6.8
 */
export function readPacket(bytes: Uint8Array): Result<Packet, string> {
  if (bytes.length < HEADER_BYTES + CHUNK_HEADER_BYTES) return err('shorter than a header and a chunk');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!hasRightChecksum(bytes)) return err('the checksum is wrong');
  const [sourcePort, destinationPort] = [view.getUint16(0), view.getUint16(2)];
  if (sourcePort === 0 || destinationPort === 0) return err('a port is zero');
  const chunks = readChunks(bytes, view);
  return chunks.ok
    ? ok({ sourcePort, destinationPort, tag: view.getUint32(4), chunks: chunks.value })
    : chunks;
}

/** What a packet begins with. @param bytes with a whole header */
export function readHead(bytes: Uint8Array): Omit<Packet, 'chunks'> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sourcePort: view.getUint16(0), destinationPort: view.getUint16(2), tag: view.getUint32(4) };
}

/** CRC32c with the field of the checksum taken as zero; the field is as before afterwards. @param end at least a header behind `start` */
export function hasRightChecksum(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  const at = start + CHECKSUM_AT;
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  bytes[at] = bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
  const sum = crc32c(bytes, start, end);
  bytes[at] = a;
  bytes[at + 1] = b;
  bytes[at + 2] = c;
  bytes[at + 3] = d;
  return sum === (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

function readChunks(bytes: Uint8Array, view: DataView): Result<readonly Chunk[], string> {
  const chunks: Chunk[] = [];
  let at = HEADER_BYTES;
  while (at < bytes.length) {
    if (bytes.length - at < CHUNK_HEADER_BYTES) return err('a chunk is cut short');
    const length = view.getUint16(at + 2);
    if (length < CHUNK_HEADER_BYTES || at + length > bytes.length)
      return err('a chunk is longer than the packet');
    chunks.push(readChunk(bytes.subarray(at, at + length)));
    at += (length + 3) & ~3;
  }
  return ok(chunks);
}

/** @param bytes a chunk as long as its header says, without padding */
export function readChunk(bytes: Uint8Array): Chunk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint8(0);
  const flags = view.getUint8(1);
  const value = bytes.subarray(CHUNK_HEADER_BYTES);
  switch (type) {
    case CHUNK.data:
      return readData(bytes, view);
    case CHUNK.init:
    case CHUNK.initAck:
      return readInit(bytes, view);
    case CHUNK.sack:
      return readSack(view);
    case CHUNK.heartbeat:
    case CHUNK.heartbeatAck:
      return readHeartbeat(type, value);
    case CHUNK.abort:
    case CHUNK.error:
      return readCauses(type, flags, value);
    case CHUNK.shutdown:
      if (value.length !== 4) return malformed(type, 'its length is not 8');
      return { kind: 'shutdown', cumulativeTsn: view.getUint32(4) };
    case CHUNK.cookieEcho:
      return value.length === 0 ? malformed(type, 'no cookie') : { kind: 'cookieEcho', cookie: value };
    case CHUNK.shutdownAck:
      return { kind: 'shutdownAck' };
    case CHUNK.cookieAck:
      return { kind: 'cookieAck' };
    case CHUNK.shutdownComplete:
      return { kind: 'shutdownComplete', reflected: (flags & REFLECTED) !== 0 };
    default:
      return { kind: 'unknown', type, bytes };
  }
}

function malformed(type: number, why: string): Chunk {
  return { kind: 'malformed', type, why };
}

function readData(bytes: Uint8Array, view: DataView): Chunk {
  if (bytes.length < DATA_HEADER_BYTES) return malformed(CHUNK.data, 'shorter than its header');
  return {
    kind: 'data',
    flags: view.getUint8(1),
    tsn: view.getUint32(4),
    stream: view.getUint16(8),
    ssn: view.getUint16(10),
    ppid: view.getUint32(12),
    bytes: bytes.subarray(DATA_HEADER_BYTES),
  };
}

function readInit(bytes: Uint8Array, view: DataView): Chunk {
  const type = view.getUint8(0);
  if (bytes.length < INIT_HEADER_BYTES) return malformed(type, 'shorter than its header');
  const parameters = readTlvs(bytes.subarray(INIT_HEADER_BYTES));
  if (parameters === undefined) return malformed(type, 'a parameter is longer than the chunk');
  return {
    kind: type === CHUNK.init ? 'init' : 'initAck',
    tag: view.getUint32(4),
    rwnd: view.getUint32(8),
    outStreams: view.getUint16(12),
    inStreams: view.getUint16(14),
    tsn: view.getUint32(16),
    parameters,
  };
}

function readSack(view: DataView): Chunk {
  if (view.byteLength < SACK_HEADER_BYTES) return malformed(CHUNK.sack, 'shorter than its header');
  const gapCount = view.getUint16(12);
  const duplicateCount = view.getUint16(14);
  const duplicatesAt = SACK_HEADER_BYTES + 4 * gapCount;
  if (view.byteLength !== duplicatesAt + 4 * duplicateCount) {
    return malformed(CHUNK.sack, 'its counts contradict its length');
  }
  const gaps = readGaps(view, gapCount);
  if (gaps === undefined) return malformed(CHUNK.sack, 'its gap blocks are not in order');
  const duplicates: number[] = [];
  for (let at = duplicatesAt; at < view.byteLength; at += 4) duplicates.push(view.getUint32(at));
  return { kind: 'sack', cumulativeTsn: view.getUint32(4), rwnd: view.getUint32(8), gaps, duplicates };
}

/** Blocks rise, and what follows the cumulative TSN is missing; that bounds the work they make. */
function readGaps(view: DataView, count: number): SackChunk['gaps'] | undefined {
  const gaps: (readonly [number, number])[] = [];
  let before = 1;
  for (let index = 0; index < count; index += 1) {
    const first = view.getUint16(SACK_HEADER_BYTES + 4 * index);
    const last = view.getUint16(SACK_HEADER_BYTES + 4 * index + 2);
    if (first <= before || last < first) return undefined;
    gaps.push([first, last]);
    before = last;
  }
  return gaps;
}

function readHeartbeat(type: number, value: Uint8Array): Chunk {
  const info = readTlvs(value)?.[0];
  if (info?.type !== PARAMETER.heartbeatInfo) return malformed(type, 'no Heartbeat Info');
  return { kind: type === CHUNK.heartbeat ? 'heartbeat' : 'heartbeatAck', info: value };
}

function readCauses(type: number, flags: number, value: Uint8Array): Chunk {
  const causes = readTlvs(value);
  // An ABORT ends the association whatever is in it.
  if (type === CHUNK.abort) {
    return { kind: 'abort', reflected: (flags & REFLECTED) !== 0, causes: causes ?? [] };
  }
  return causes === undefined
    ? malformed(type, 'a cause is longer than the chunk')
    : { kind: 'error', causes };
}

/** `undefined` when a length lies. */
export function readTlvs(bytes: Uint8Array): readonly Tlv[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < CHUNK_HEADER_BYTES) return undefined;
    const length = view.getUint16(at + 2);
    if (length < CHUNK_HEADER_BYTES || at + length > bytes.length) return undefined;
    found.push({ type: view.getUint16(at), value: bytes.subarray(at + CHUNK_HEADER_BYTES, at + length) });
    at += (length + 3) & ~3;
  }
  return found;
}
