import { invalid, MAX_FRAME_BYTES, type OnFrame, type Place, type RecordParser } from './frame.ts';
import { word32 } from './words.ts';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const [MICROSECONDS, NANOSECONDS] = [0xa1b2c3d4, 0xa1b23c4d];

interface Format {
  readonly littleEndian: boolean;
  /** Nanoseconds in the unit of the fraction. */
  readonly unitNs: number;
}

/** A parser when the file begins like a classic pcap file, in either byte order and unit of time. */
export function pcapParser(magic: Uint8Array): RecordParser | undefined {
  for (const littleEndian of [true, false]) {
    const word = word32(magic, 0, littleEndian);
    if (word === MICROSECONDS) return new PcapParser({ littleEndian, unitNs: 1000 });
    if (word === NANOSECONDS) return new PcapParser({ littleEndian, unitNs: 1 });
  }
  return undefined;
}

class PcapParser implements RecordParser {
  readonly #format: Format;
  #linkType: number | undefined;

  constructor(format: Format) {
    this.#format = format;
  }

  take(bytes: Uint8Array, { at, offset }: Place, onFrame: OnFrame): number {
    const { littleEndian, unitNs } = this.#format;
    const linkType = this.#linkType;
    const header = linkType === undefined ? FILE_HEADER_BYTES : RECORD_HEADER_BYTES;
    if (bytes.length - at < header) return -header;
    if (linkType === undefined) {
      // The upper half says how long a checksum behind each frame is.
      this.#linkType = word32(bytes, at + 20, littleEndian) & 0xffff;
      return FILE_HEADER_BYTES;
    }
    const length = word32(bytes, at + 8, littleEndian);
    if (length > MAX_FRAME_BYTES) {
      throw invalid(offset, `a packet of ${length} bytes; at most ${MAX_FRAME_BYTES} are taken`);
    }
    const size = RECORD_HEADER_BYTES + length;
    if (bytes.length - at < size) return -size;
    const fraction = word32(bytes, at + 4, littleEndian) * unitNs;
    onFrame({
      // A fraction of more than a second is somebody's mistake; the time that it means is clear.
      seconds: word32(bytes, at, littleEndian) + Math.floor(fraction / 1e9),
      nanoseconds: fraction % 1e9,
      ...{ linkType, bytes, start: at + RECORD_HEADER_BYTES, end: at + size, offset },
    });
    return size;
  }
}
