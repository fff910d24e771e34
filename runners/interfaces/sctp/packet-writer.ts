import { CHUNK, type DataChunk, type InitChunk, REFLECTED, type SackChunk, type Tlv } from './chunks.ts';
import { crc32c } from './crc32c.ts';
import { CHECKSUM_AT, HEADER_BYTES } from './packet-reader.ts';

export interface PacketHead {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly tag: number;
}

/** Bytes of DATA before what the user sends. */
export const DATA_HEADER_BYTES = 16;

/** Puts chunks together to packets of at most `limit` bytes. One buffer, used again and again. */
export class PacketWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = HEADER_BYTES;

  constructor(limit: number) {
    this.#bytes = new Uint8Array(limit);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get isEmpty(): boolean {
    return this.#at === HEADER_BYTES;
  }

  /** @param length of a chunk, its header included */
  hasRoomFor(length: number): boolean {
    return this.#at + padded(length) <= this.#bytes.length;
  }

  /** Whether it went in. */
  add(chunk: Uint8Array): boolean {
    if (!this.hasRoomFor(chunk.length)) return false;
    this.#bytes.set(chunk, this.#at);
    this.#advance(chunk.length);
    return true;
  }

  addData(chunk: DataChunk): boolean {
    const length = DATA_HEADER_BYTES + chunk.bytes.length;
    if (!this.hasRoomFor(length)) return false;
    const at = this.#at;
    const view = this.#view;
    view.setUint16(at, (CHUNK.data << 8) | chunk.flags);
    view.setUint16(at + 2, length);
    view.setUint32(at + 4, chunk.tsn);
    view.setUint16(at + 8, chunk.stream);
    view.setUint16(at + 10, chunk.ssn);
    view.setUint32(at + 12, chunk.ppid);
    this.#bytes.set(chunk.bytes, at + DATA_HEADER_BYTES);
    this.#advance(length);
    return true;
  }

  /** The packet, in memory of its own; the writer is empty again. */
  finish({ sourcePort, destinationPort, tag }: PacketHead): Uint8Array {
    this.#view.setUint16(0, sourcePort);
    this.#view.setUint16(2, destinationPort);
    this.#view.setUint32(4, tag);
    this.#view.setUint32(8, 0);
    const packet = this.#bytes.slice(0, this.#at);
    writeChecksum(packet);
    this.#at = HEADER_BYTES;
    return packet;
  }

  #advance(length: number): void {
    const end = this.#at + padded(length);
    this.#bytes.fill(0, this.#at + length, end);
    this.#at = end;
  }
}

/** Into a packet whose field for it is zero. */
export function writeChecksum(packet: Uint8Array): void {
  new DataView(packet.buffer, packet.byteOffset).setUint32(CHECKSUM_AT, crc32c(packet), true);
}

/** A packet of one or more chunks that are written already. */
export function writePacket(head: PacketHead, chunks: readonly Uint8Array[]): Uint8Array {
  const length = chunks.reduce((sum, chunk) => sum + padded(chunk.length), HEADER_BYTES);
  const writer = new PacketWriter(length);
  for (const chunk of chunks) writer.add(chunk);
  return writer.finish(head);
}

export function writeChunk(type: number, flags = 0, value: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(4 + value.length);
  bytes[0] = type;
  bytes[1] = flags;
  new DataView(bytes.buffer).setUint16(2, bytes.length);
  bytes.set(value, 4);
  return bytes;
}

export function writeInit(init: InitChunk): Uint8Array {
  const parameters = writeTlvs(init.parameters);
  const value = new Uint8Array(16 + parameters.length);
  const view = new DataView(value.buffer);
  view.setUint32(0, init.tag);
  view.setUint32(4, init.rwnd);
  view.setUint16(8, init.outStreams);
  view.setUint16(10, init.inStreams);
  view.setUint32(12, init.tsn);
  value.set(parameters, 16);
  return writeChunk(CHUNK[init.kind], 0, value);
}

export function writeSack({ cumulativeTsn, rwnd, gaps, duplicates }: Omit<SackChunk, 'kind'>): Uint8Array {
  const value = new Uint8Array(12 + 4 * (gaps.length + duplicates.length));
  const view = new DataView(value.buffer);
  view.setUint32(0, cumulativeTsn);
  view.setUint32(4, rwnd);
  view.setUint16(8, gaps.length);
  view.setUint16(10, duplicates.length);
  let at = 12;
  for (const [first, last] of gaps) {
    view.setUint16(at, first);
    view.setUint16(at + 2, last);
    at += 4;
  }
  for (const tsn of duplicates) {
    view.setUint32(at, tsn);
    at += 4;
  }
  return writeChunk(CHUNK.sack, 0, value);
}

export function writeShutdown(cumulativeTsn: number): Uint8Array {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, cumulativeTsn);
  return writeChunk(CHUNK.shutdown, 0, value);
}

export function writeAbort(causes: readonly Tlv[], reflected = false): Uint8Array {
  return writeChunk(CHUNK.abort, reflected ? REFLECTED : 0, writeTlvs(causes));
}

export function writeError(causes: readonly Tlv[]): Uint8Array {
  return writeChunk(CHUNK.error, 0, writeTlvs(causes));
}

/** One after the other, each padded to four octets but for the last. @see RFC 9260 §3.2.1 */
export function writeTlvs(tlvs: readonly Tlv[]): Uint8Array {
  const last = tlvs.at(-1);
  const length = tlvs.reduce((sum, { value }) => sum + padded(4 + value.length), 0);
  const bytes = new Uint8Array(
    last === undefined ? 0 : length - (padded(last.value.length) - last.value.length),
  );
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { type, value } of tlvs) {
    view.setUint16(at, type);
    view.setUint16(at + 2, 4 + value.length);
    bytes.set(value, at + 4);
    at += padded(4 + value.length);
  }
  return bytes;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
