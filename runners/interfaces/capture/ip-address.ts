import { isIPv6 } from 'node:net';

/** An address as text: dotted, or in the one form that RFC 5952 leaves. @param bytes 4 or 16 */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
  const words = Array.from(
    { length: 8 },
    (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0),
  );
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff)
    return `::ffff:${bytes.subarray(12).join('.')}`;
  const { start, length } = longestZeros(words);
  const hex = words.map((word) => word.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** The bytes of an address. @param text a valid one; a zone is left out */
export function ipBytes(text: string): Uint8Array {
  if (!isIPv6(text)) return Uint8Array.from(text.split('.'), Number);
  const [address = ''] = text.split('%');
  const [left = '', right] = address.split('::');
  const [before, after] = [bytesOf(left), bytesOf(right ?? '')];
  const bytes = new Uint8Array(16);
  bytes.set(before);
  bytes.set(after, 16 - after.length);
  return bytes;
}

function bytesOf(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((word) => {
    if (word.includes('.')) return word.split('.').map(Number);
    const value = Number.parseInt(word, 16);
    return [value >>> 8, value & 0xff];
  });
}

function longestZeros(words: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, word] of words.entries()) {
    if (word !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
