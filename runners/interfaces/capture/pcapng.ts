import { type Frame, invalid, MAX_FRAME_BYTES, type Place, type RecordParser, type Taken } from './frame.ts';

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
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
const MAX_INTERFACES = 4_096;
const MICROSECONDS = 6;

interface Interface {
  readonly linkType: number;
  readonly snapBytes: number;
  readonly toNs: (units: bigint) => bigint;
}

/** A block whose lengths agree with each other and with what is there. */
interface Block {
  readonly type: number;
  readonly view: DataView;
  readonly offset: number;
}

/** A parser when the file begins with the block of a section. */
export function pcapngParser(magic: Uint8Array): RecordParser | undefined {
  const view = new DataView(magic.buffer, magic.byteOffset, magic.byteLength);
  return view.getUint32(0) === BLOCK.section ? new PcapngParser() : undefined;
}

/** Sections one after the other, each with its byte order and interfaces; blocks of no use here are passed over. */
class PcapngParser implements RecordParser {
  #littleEndian = true;
  #interfaces: Interface[] = [];

  take(bytes: Uint8Array, { at, offset }: Place): Taken {
    if (bytes.length - at < MIN_BLOCK_BYTES) return { need: MIN_BLOCK_BYTES };
    const head = new DataView(bytes.buffer, bytes.byteOffset + at, MIN_BLOCK_BYTES);
    const beginsSection = head.getUint32(0) === BLOCK.section;
    if (beginsSection) this.#beginSection(head, offset);
    const size = head.getUint32(4, this.#littleEndian);
    if (size < MIN_BLOCK_BYTES || size % 4 !== 0)
      throw invalid(offset, `a block cannot be ${size} bytes long`);
    if (size > MAX_BLOCK_BYTES)
      throw invalid(offset, `a block of ${size} bytes; at most ${MAX_BLOCK_BYTES} are taken`);
    if (bytes.length - at < size) return { need: size };
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
    if (view.getUint32(size - 4, this.#littleEndian) !== size)
      throw invalid(offset, 'the two lengths of a block contradict each other');
    const type = head.getUint32(0, this.#littleEndian);
    const frame = this.#read({ type, view, offset });
    return frame === undefined ? { size } : { size, frame };
  }

  #beginSection(head: DataView, offset: number): void {
    const order = [true, false].find((little) => head.getUint32(8, little) === BYTE_ORDER);
    if (order === undefined) throw invalid(offset, 'a section begins without a byte order');
    this.#littleEndian = order;
    this.#interfaces = [];
  }

  #read(block: Block): Frame | undefined {
    switch (block.type) {
      case BLOCK.interface:
        this.#addInterface(block);
        return undefined;
      case BLOCK.enhancedPacket:
        return this.#readPacket(
          block,
          block.view.byteLength < 32 ? -1 : block.view.getUint32(8, this.#littleEndian),
        );
      case BLOCK.packet:
        return this.#readPacket(
          block,
          block.view.byteLength < 32 ? -1 : block.view.getUint16(8, this.#littleEndian),
        );
      case BLOCK.simplePacket:
        return this.#readSimplePacket(block);
      default:
        return undefined;
    }
  }

  #addInterface({ view, offset }: Block): void {
    if (view.byteLength < 20) throw invalid(offset, 'the description of an interface is too short');
    if (this.#interfaces.length >= MAX_INTERFACES)
      throw invalid(offset, `more than ${MAX_INTERFACES} interfaces in a section`);
    let [resolution, offsetSeconds] = [MICROSECONDS, 0n];
    for (const { code, at, length } of optionsOf(view, {
      from: 16,
      littleEndian: this.#littleEndian,
      offset,
    })) {
      if (code === OPTION.timeResolution && length === 1) resolution = view.getUint8(at);
      if (code === OPTION.timeOffset && length === 8)
        offsetSeconds = view.getBigInt64(at, this.#littleEndian);
    }
    this.#interfaces.push({
      linkType: view.getUint16(8, this.#littleEndian),
      snapBytes: view.getUint32(12, this.#littleEndian),
      toNs: nanosecondsOf(resolution, offsetSeconds),
    });
  }

  /** Enhanced packets, and their forerunner, which differs in the number of the interface only. */
  #readPacket({ view, offset }: Block, number: number): Frame {
    const { linkType, toNs } = this.#interface(number, offset);
    const little = this.#littleEndian;
    const length = checkedLength(view.getUint32(20, little), view.byteLength - 32, offset);
    const units = (BigInt(view.getUint32(12, little)) << 32n) | BigInt(view.getUint32(16, little));
    return {
      timeNs: toNs(units),
      bytes: new Uint8Array(view.buffer, view.byteOffset + 28, length),
      ...{ linkType, offset },
    };
  }

  #readSimplePacket({ view, offset }: Block): Frame {
    const { linkType, snapBytes } = this.#interface(view.byteLength < 16 ? -1 : 0, offset);
    const wireBytes = view.getUint32(8, this.#littleEndian);
    const kept = Math.min(wireBytes, view.byteLength - 16, snapBytes === 0 ? wireBytes : snapBytes);
    const length = checkedLength(kept, view.byteLength - 16, offset);
    const bytes = new Uint8Array(view.buffer, view.byteOffset + 12, length);
    return { timeNs: 0n, bytes, linkType, offset };
  }

  #interface(number: number, offset: number): Interface {
    const found = this.#interfaces[number];
    if (number < 0) throw invalid(offset, 'a packet block is too short');
    if (found === undefined) throw invalid(offset, `a packet of interface ${number}, which is not described`);
    return found;
  }
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

function* optionsOf(
  view: DataView,
  { from, littleEndian, offset }: { from: number; littleEndian: boolean; offset: number },
): Generator<OptionPlace> {
  const end = view.byteLength - 4;
  let at = from;
  while (at + 4 <= end) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === OPTION.end) return;
    if (at + 4 + length > end) throw invalid(offset, 'an option is longer than its block');
    yield { code, at: at + 4, length };
    at += 4 + ((length + 3) & ~3);
  }
}

/** @param resolution negative power of ten, or of two with the highest bit set */
function nanosecondsOf(resolution: number, offsetSeconds: bigint): (units: bigint) => bigint {
  const shift = offsetSeconds * 1_000_000_000n;
  const power = BigInt(resolution & 0x7f);
  if ((resolution & 0x80) !== 0) return (units) => ((units * 1_000_000_000n) >> power) + shift;
  const factor = 10n ** (power > 9n ? power - 9n : 9n - power);
  return power > 9n ? (units) => units / factor + shift : (units) => units * factor + shift;
}
