/** Numbers in octets, read without anything being made for it: captures have millions. What is not there is 0. */

export function word16(bytes: Uint8Array, at: number, littleEndian = false): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  return littleEndian ? first | (second << 8) : (first << 8) | second;
}

/** Without a sign. */
export function word32(bytes: Uint8Array, at: number, littleEndian = false): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const third = bytes[at + 2] ?? 0;
  const fourth = bytes[at + 3] ?? 0;
  return littleEndian
    ? (first | (second << 8) | (third << 16) | (fourth << 24)) >>> 0
    : ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
}
