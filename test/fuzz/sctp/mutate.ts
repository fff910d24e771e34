import { crc32c } from '../../../runners/interfaces/sctp/crc32c.ts';

const HEADER_BYTES = 12;
const MAX_PACKET_BYTES = 2_000;
const EDGES = [0, 1, 2, 3, 4, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff] as const;

export type Random = () => number;
export type Change = (packet: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

/** In the order in which they are counted in the findings. */
export const CHANGES: Readonly<Record<string, Change>> = {
  none: (packet) => packet,
  bits: flipBits,
  length: changeLength,
  word: changeWord,
  cut: (packet, random) => packet.slice(0, HEADER_BYTES + pick(random, packet.length - HEADER_BYTES)),
  grow: (packet, random) => joined([packet, noise(random, 4 * (1 + pick(random, 64)))]),
  doubled: (packet, random) => ofChunks(packet, (chunks) => [...chunks, ...some(chunks, random)]),
  dropped: (packet, random) => ofChunks(packet, (chunks) => chunks.filter(() => random() < 0.5)),
  shuffled: (packet, random) => ofChunks(packet, (chunks) => chunks.toSorted(() => random() - 0.5)),
  mixed: (packet, random, others) =>
    ofChunks(packet, (chunks) => [...chunks, ...chunksOf(others[pick(random, others.length)] ?? packet)]),
  retyped: (packet, random) => withOctet(packet, HEADER_BYTES, pick(random, random() < 0.8 ? 16 : 256)),
  flags: (packet, random) => withOctet(packet, HEADER_BYTES + 1, pick(random, 256)),
};

export function pick(random: Random, count: number): number {
  return Math.floor(random() * Math.max(1, count));
}

/** The packet with a right checksum. */
export function sealed(packet: Uint8Array): Uint8Array {
  const bytes = packet.slice(0, MAX_PACKET_BYTES);
  if (bytes.length < HEADER_BYTES) return bytes;
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 0);
  view.setUint32(8, crc32c(bytes), true);
  return bytes;
}

export function tagOf(packet: Uint8Array): number {
  return packet.length < 8 ? 0 : new DataView(packet.buffer, packet.byteOffset).getUint32(4);
}

export function withTag(packet: Uint8Array, tag: number): Uint8Array {
  const bytes = packet.slice();
  if (bytes.length >= 8) new DataView(bytes.buffer).setUint32(4, tag);
  return bytes;
}

function flipBits(packet: Uint8Array, random: Random): Uint8Array {
  const bytes = packet.slice();
  for (let count = 1 + pick(random, 8); count > 0; count -= 1) {
    const at = HEADER_BYTES + pick(random, bytes.length - HEADER_BYTES);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(random, 8));
  }
  return bytes;
}

/** Of a chunk, or of what may be a parameter in it. */
function changeLength(packet: Uint8Array, random: Random): Uint8Array {
  const at = HEADER_BYTES + 2 + (random() < 0.5 ? 0 : 4 * pick(random, (packet.length - HEADER_BYTES) / 4));
  if (at + 2 > packet.length) return packet;
  const bytes = packet.slice();
  const view = new DataView(bytes.buffer);
  const wanted = random() < 0.5 ? view.getUint16(at) + pick(random, 9) - 4 : pick(random, 0x10000);
  view.setUint16(at, wanted & 0xffff);
  return bytes;
}

/** A TSN, a window, a count, a tag in a chunk. */
function changeWord(packet: Uint8Array, random: Random): Uint8Array {
  const at = HEADER_BYTES + 4 * pick(random, (packet.length - HEADER_BYTES) / 4);
  if (at + 4 > packet.length) return packet;
  const bytes = packet.slice();
  const view = new DataView(bytes.buffer);
  const edge = EDGES[pick(random, EDGES.length)] ?? 0;
  view.setUint32(at, (random() < 0.5 ? edge : view.getUint32(at) + pick(random, 65) - 32) >>> 0);
  return bytes;
}

function withOctet(packet: Uint8Array, at: number, value: number): Uint8Array {
  const bytes = packet.slice();
  if (at < bytes.length) bytes[at] = value;
  return bytes;
}

function ofChunks(
  packet: Uint8Array,
  change: (chunks: readonly Uint8Array[]) => readonly Uint8Array[],
): Uint8Array {
  return joined([packet.subarray(0, HEADER_BYTES), ...change(chunksOf(packet))]);
}

/** Padded, as far as they can be told apart. */
function chunksOf(packet: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const chunks: Uint8Array[] = [];
  for (let at = HEADER_BYTES; at + 4 <= packet.length;) {
    const end = at + Math.max(4, (view.getUint16(at + 2) + 3) & ~3);
    chunks.push(packet.subarray(at, end));
    at = end;
  }
  return chunks;
}

function some<T>(items: readonly T[], random: Random): readonly T[] {
  return items.filter(() => random() < 0.5);
}

function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => pick(random, 256));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
