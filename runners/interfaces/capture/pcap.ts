import { type Frame, invalid, MAX_FRAME_BYTES, type Place, type RecordParser, type Taken } from './frame.ts';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const [MICROSECONDS, NANOSECONDS] = [0xa1b2c3d4, 0xa1b23c4d];

interface Format {
  readonly littleEndian: boolean;
  /** Nanoseconds in the unit of the fraction. */
  readonly unitNs: bigint;
}

/** A parser when the file begins like a classic pcap file, in either byte order and unit of time. */
export function pcapParser(magic: Uint8Array): RecordParser | undefined {
  const view = new DataView(magic.buffer, magic.byteOffset, magic.byteLength);
  for (const littleEndian of [true, false]) {
    const word = view.getUint32(0, littleEndian);
    if (word === MICROSECONDS) return new PcapParser({ littleEndian, unitNs: 1000n });
    if (word === NANOSECONDS) return new PcapParser({ littleEndian, unitNs: 1n });
  }
  return undefined;
}

class PcapParser implements RecordParser {
  readonly #format: Format;
  #linkType: number | undefined;

  constructor(format: Format) {
    this.#format = format;
  }

  take(bytes: Uint8Array, { at, offset }: Place): Taken {
    const { littleEndian, unitNs } = this.#format;
    const linkType = this.#linkType;
    const header = linkType === undefined ? FILE_HEADER_BYTES : RECORD_HEADER_BYTES;
    if (bytes.length - at < header) return { need: header };
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, header);
    if (linkType === undefined) {
      // The upper half says how long a checksum behind each frame is.
      this.#linkType = view.getUint32(20, littleEndian) & 0xffff;
      return { size: FILE_HEADER_BYTES };
    }
    const length = view.getUint32(8, littleEndian);
    if (length > MAX_FRAME_BYTES) {
      throw invalid(offset, `a packet of ${length} bytes; at most ${MAX_FRAME_BYTES} are taken`);
    }
    const size = RECORD_HEADER_BYTES + length;
    if (bytes.length - at < size) return { need: size };
    const seconds = BigInt(view.getUint32(0, littleEndian));
    const frame: Frame = {
      timeNs: seconds * 1_000_000_000n + BigInt(view.getUint32(4, littleEndian)) * unitNs,
      bytes: bytes.subarray(at + RECORD_HEADER_BYTES, at + size),
      ...{ linkType, offset },
    };
    return { size, frame };
  }
}
