import { crc32c } from '../../interfaces/sctp/crc32c.ts';

const HEADER_BYTES = 12;
const CHECKSUM_AT = 8;

/**
 * Packets of SCTP whose checksum is right and whose chunks are not: lengths that lie, chunks that are cut off, an INIT
 * that says nothing. They name a verification tag that nobody gave out.
 */
export function hostilePackets({
  from,
  to,
}: {
  readonly from: number;
  readonly to: number;
}): readonly Uint8Array[] {
  const init = [1, 0, 0, 20, 0, 0, 0, 9, 0, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 1];
  const chunks: readonly (readonly number[])[] = [
    [],
    init.slice(0, 10),
    [1, 0, 0, 3, ...init.slice(4)],
    [1, 0, 0xff, 0xff, ...init.slice(4)],
    [1, 0, 0, 4],
    // No outgoing and no incoming streams, and no window.
    [1, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    // DATA without data, SACK with more gaps than octets, a cookie that nobody made.
    [0, 3, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 70],
    [3, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [10, 0, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8],
    [0xff, 0xff, 0, 8, 0, 0, 0, 0],
  ];
  return chunks.map((chunk) => packet(from, to, chunk));
}

function packet(from: number, to: number, chunk: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + chunk.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, from);
  view.setUint16(2, to);
  // An INIT travels under tag 0.
  view.setUint32(4, chunk[0] === 1 ? 0 : 0x5a5a5a5a);
  bytes.set(chunk, HEADER_BYTES);
  view.setUint32(CHECKSUM_AT, crc32c(bytes), true);
  return bytes;
}
