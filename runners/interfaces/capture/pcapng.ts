import { invalid, MAX_FRAME_BYTES, type OnFrame, type Place, type RecordParser } from './frame.ts';
import { PcapngClock } from './pcapng-clock.ts';
import { word16, word32 } from './words.ts';

export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simplePacket: 3,
  enhancedPacket: 6,
} as const;
export const BYTE_ORDER = 0x1a2b3c4d;
export const OPTION = { end: 0, name: 2, timeResolution: 9, timeOffset: 14 } as const;

const MIN_BLOCK_BYTES = 12;
/** Of a block with a packet: its head and the length at its end. */
const PACKET_HEAD_BYTES = 28;
const MIN_PACKET_BYTES = PACKET_HEAD_BYTES + 4;
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
const MAX_INTERFACES = 4_096;
const MICROSECONDS = 6;

interface Interface {
  readonly linkType: number;
  readonly snapBytes: number;
  readonly clock: PcapngClock;
}

/** A block whose lengths agree with each other and with what is there. */
interface Block extends Place {
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** A parser when the file begins with the block of a section. */
export function pcapngParser(magic: Uint8Array): RecordParser | undefined {
  return word32(magic, 0) === BLOCK.section ? new PcapngParser() : undefined;
}

/** Sections one after the other, each with its byte order and interfaces; blocks of no use here are passed over. */
class PcapngParser implements RecordParser {
  #littleEndian = true;
  #interfaces: Interface[] = [];

  take(bytes: Uint8Array, { at, offset }: Place, onFrame: OnFrame): number {
    if (bytes.length - at < MIN_BLOCK_BYTES) return -MIN_BLOCK_BYTES;
    if (word32(bytes, at) === BLOCK.section) this.#beginSection(bytes, { at, offset });
    const size = word32(bytes, at + 4, this.#littleEndian);
    if (size < MIN_BLOCK_BYTES || size % 4 !== 0)
      throw invalid(offset, `a block cannot be ${size} bytes long`);
    if (size > MAX_BLOCK_BYTES)
      throw invalid(offset, `a block of ${size} bytes; at most ${MAX_BLOCK_BYTES} are taken`);
    if (bytes.length - at < size) return -size;
    if (word32(bytes, at + size - 4, this.#littleEndian) !== size)
      throw invalid(offset, 'the two lengths of a block contradict each other');
    this.#read({ bytes, at, size, offset }, onFrame);
    return size;
  }

  #beginSection(bytes: Uint8Array, { at, offset }: Place): void {
    const order = [true, false].find((little) => word32(bytes, at + 8, little) === BYTE_ORDER);
    if (order === undefined) throw invalid(offset, 'a section begins without a byte order');
    this.#littleEndian = order;
    this.#interfaces = [];
  }

  #read(block: Block, onFrame: OnFrame): void {
    const { bytes, at, size, offset } = block;
    const little = this.#littleEndian;
    switch (word32(bytes, at, little)) {
      case BLOCK.interface:
        this.#addInterface(block);
        break;
      case BLOCK.enhancedPacket:
        checkPacket(size, offset);
        this.#readPacket(block, word32(bytes, at + 8, little), onFrame);
        break;
      case BLOCK.packet:
        checkPacket(size, offset);
        this.#readPacket(block, word16(bytes, at + 8, little), onFrame);
        break;
      case BLOCK.simplePacket:
        this.#readSimplePacket(block, onFrame);
        break;
    }
  }

  #addInterface(block: Block): void {
    const { bytes, at, size, offset } = block;
    const little = this.#littleEndian;
    if (size < 20) throw invalid(offset, 'the description of an interface is too short');
    if (this.#interfaces.length >= MAX_INTERFACES)
      throw invalid(offset, `more than ${MAX_INTERFACES} interfaces in a section`);
    let [resolution, offsetSeconds] = [MICROSECONDS, 0n];
    for (const { code, at: value, length } of optionsOf(block, little)) {
      if (code === OPTION.timeResolution && length === 1) resolution = bytes[value] ?? MICROSECONDS;
      if (code === OPTION.timeOffset && length === 8)
        offsetSeconds = new DataView(bytes.buffer, bytes.byteOffset + value, 8).getBigInt64(0, little);
    }
    this.#interfaces.push({
      linkType: word16(bytes, at + 8, little),
      snapBytes: word32(bytes, at + 12, little),
      clock: new PcapngClock(resolution, offsetSeconds),
    });
  }

  /** Enhanced packets, and their forerunner, which differs in the number of the interface only. */
  #readPacket({ bytes, at, size, offset }: Block, number: number, onFrame: OnFrame): void {
    const { linkType, clock } = this.#interface(number, offset);
    const little = this.#littleEndian;
    const length = checkedLength(word32(bytes, at + 20, little), size - MIN_PACKET_BYTES, offset);
    clock.set(word32(bytes, at + 12, little), word32(bytes, at + 16, little));
    const { seconds, nanoseconds } = clock;
    const start = at + PACKET_HEAD_BYTES;
    onFrame({ seconds, nanoseconds, linkType, bytes, start, end: start + length, offset });
  }

  #readSimplePacket({ bytes, at, size, offset }: Block, onFrame: OnFrame): void {
    if (size < 16) throw invalid(offset, 'a packet block is too short');
    const { linkType, snapBytes } = this.#interface(0, offset);
    const wireBytes = word32(bytes, at + 8, this.#littleEndian);
    const kept = Math.min(wireBytes, size - 16, snapBytes === 0 ? wireBytes : snapBytes);
    const end = at + 12 + checkedLength(kept, size - 16, offset);
    onFrame({ seconds: 0, nanoseconds: 0, linkType, bytes, start: at + 12, end, offset });
  }

  #interface(number: number, offset: number): Interface {
    const found = this.#interfaces[number];
    if (found === undefined) throw invalid(offset, `a packet of interface ${number}, which is not described`);
    return found;
  }
}

function checkPacket(size: number, offset: number): void {
  if (size < MIN_PACKET_BYTES) throw invalid(offset, 'a packet block is too short');
}

function checkedLength(length: number, room: number, offset: number): number {
  if (length > room) throw invalid(offset, `a packet of ${length} bytes in a block with room for ${room}`);
  if (length > MAX_FRAME_BYTES)
    throw invalid(offset, `a packet of ${length} bytes; at most ${MAX_FRAME_BYTES} are taken`);
  return length;
}

interface OptionPlace {
  readonly code: number;
  readonly at: number;
  readonly length: number;
}

/** Of the description of an interface. */
function* optionsOf({ bytes, at: from, size, offset }: Block, littleEndian: boolean): Generator<OptionPlace> {
  const end = from + size - 4;
  let at = from + 16;
  while (at + 4 <= end) {
    const code = word16(bytes, at, littleEndian);
    const length = word16(bytes, at + 2, littleEndian);
    if (code === OPTION.end) return;
    if (at + 4 + length > end) throw invalid(offset, 'an option is longer than its block');
    yield { code, at: at + 4, length };
    at += 4 + ((length + 3) & ~3);
  }
}
