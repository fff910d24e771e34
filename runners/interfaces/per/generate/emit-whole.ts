import type { Piece } from './emitter.ts';

/** A whole number of 0 to span (X.691 clause 11.5), as far as plain numbers go; `null` beyond. */
export function emitWhole(span: number, aligned: boolean): Piece | null {
  if (span >= 2 ** 32) return null;
  if (span === 0) return { write: () => '', read: '0' };
  const bits = Math.ceil(Math.log2(span + 1));
  if (!aligned || span < 255) return checked(span, `r.bits(${bits})`, (value) => `w.bits(${value},${bits});`);
  if (span > 65_535) {
    const lengthBits = Math.ceil(Math.log2(Math.ceil(bits / 8)));
    return checked(span, `r.sized(${lengthBits})`, (value) => `w.sized(${value},${lengthBits});`);
  }
  const width = span === 255 ? 8 : 16;
  return checked(span, `r.octetBits(${width})`, (value) => `w.align();w.bits(${value},${width});`);
}

/** Where bits can say more than the range has, that is checked. */
function checked(span: number, read: string, write: (value: string) => string): Piece {
  const full = Number.isInteger(Math.log2(span + 1)) && !read.startsWith('r.sized');
  const exact = read.startsWith('r.octetBits') ? span === 255 || span === 65_535 : full;
  return { write, read: exact ? read : `rt.upTo(r,${read},${span})` };
}
