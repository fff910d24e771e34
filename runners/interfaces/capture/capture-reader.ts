import { invalid, type OnFrame, type Place, type RecordParser } from './frame.ts';
import { pcapParser } from './pcap.ts';
import { pcapngParser } from './pcapng.ts';

const MAGIC_BYTES = 4;
const [GZIP, ZSTD] = [0x1f8b0800, 0x28b52ffd];

/**
 * Reads a capture file, pcap or pcapng, in whatever pieces it comes: memory does not grow with the file.
 * `CAPTURE_INVALID` names the offset of what cannot be read.
 */
export class CaptureReader {
  readonly #onFrame: OnFrame;
  #parser: RecordParser | undefined;
  #pieces: Uint8Array[] = [];
  #waiting = 0;
  #needed = MAGIC_BYTES;
  #offset = 0;

  /** @param onFrame gets each frame, once it is whole; its bytes are those of the pieces, which must not change while it is kept */
  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#waiting += piece.length;
    if (this.#waiting < this.#needed) return;
    const bytes = this.#pieces.length === 1 ? piece : join(this.#pieces, this.#waiting);
    this.#parser ??= parserFor(bytes);
    const place: Place = { at: 0, offset: this.#offset };
    for (;;) {
      const size = this.#parser.take(bytes, place, this.#onFrame);
      if (size < 0) {
        this.#keep(bytes.subarray(place.at), -size);
        return;
      }
      place.at += size;
      place.offset += size;
      this.#offset = place.offset;
    }
  }

  /** Where the file is cut inside of a record, at its end; `undefined` when it ends as it should. */
  get cutAt(): number | undefined {
    return this.#waiting > 0 || this.#parser === undefined ? this.#offset : undefined;
  }

  #keep(rest: Uint8Array, needed: number): void {
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#waiting = rest.length;
    this.#needed = needed;
  }
}

function parserFor(bytes: Uint8Array): RecordParser {
  const magic = bytes.subarray(0, MAGIC_BYTES);
  const parser = pcapngParser(magic) ?? pcapParser(magic);
  if (parser !== undefined) return parser;
  const word = new DataView(magic.buffer, magic.byteOffset, MAGIC_BYTES).getUint32(0);
  const compressed = word === ZSTD || word >>> 8 === GZIP >>> 8;
  throw invalid(0, compressed ? 'the file is compressed; decompress it first' : 'neither pcap nor pcapng');
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
