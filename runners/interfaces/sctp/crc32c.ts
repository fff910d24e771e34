const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;
const TABLE = makeTable();

/** CRC32c of `bytes` from `start` to before `end`, eight of them a step; as an unsigned number. @see RFC 9260 Appendix A */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const table = TABLE;
  const whole = end - ((end - start) % SLICES);
  let crc = 0xffffffff;
  let at = start;
  for (; at < whole; at += SLICES) {
    const low = crc ^ word(bytes, at);
    const high = word(bytes, at + 4);
    crc =
      entry(table, 7, low) ^
      entry(table, 6, low >>> 8) ^
      entry(table, 5, low >>> 16) ^
      entry(table, 4, low >>> 24) ^
      entry(table, 3, high) ^
      entry(table, 2, high >>> 8) ^
      entry(table, 1, high >>> 16) ^
      entry(table, 0, high >>> 24);
  }
  for (; at < end; at += 1) crc = entry(table, 0, crc ^ (bytes[at] ?? 0)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

function entry(table: Int32Array, slice: number, byte: number): number {
  return table[(slice << 8) | (byte & 0xff)] ?? 0;
}

/** Row `s` holds what a byte does to the sum when `s` more bytes follow it. */
function makeTable(): Int32Array {
  const table = new Int32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at += 1) {
    const before = table[at - 256] ?? 0;
    table[at] = (table[before & 0xff] ?? 0) ^ (before >>> 8);
  }
  return table;
}
