import { badValue } from '../per/error.ts';
import type { BitString } from '../per/values.ts';

/** `00101` for MCC 001 and MNC 01; octets that are no digits are written in hexadecimal, as in `0x1a2b3c`. @see TS 24.008 clause 10.5.1.3 */
export function plmnText(octets: Uint8Array): string {
  const [a = 0, b = 0, c = 0] = octets;
  const digits = [a & 15, a >> 4, b & 15, c & 15, c >> 4, ...(b >> 4 === 15 ? [] : [b >> 4])];
  return digits.every((digit) => digit < 10) ? digits.join('') : `0x${Buffer.from(octets).toString('hex')}`;
}

/** @throws PerError PER_VALUE_INVALID for anything but five or six digits, or `0x` and six hexadecimal ones */
export function plmnOctets(text: string): Uint8Array {
  if (/^0x[0-9a-f]{6}$/u.test(text)) return new Uint8Array(Buffer.from(text.slice(2), 'hex'));
  if (!/^\d{5,6}$/u.test(text)) throw badValue('a PLMN has five or six digits');
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 15] = Array.from(text, Number);
  return Uint8Array.of((b << 4) | a, (f << 4) | c, (e << 4) | d);
}

/** @throws PerError PER_VALUE_INVALID when the number needs more bits */
export function bitsOf(value: number | bigint, length: number): BitString {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!isWhole || value < 0 || BigInt(value) >= 1n << BigInt(length))
    throw badValue(`a number of ${length} bits was expected`);
  const filled = BigInt(value) << BigInt((8 - (length % 8)) % 8);
  const digits = filled.toString(16).padStart(2 * Math.ceil(length / 8), '0');
  return { bits: new Uint8Array(Buffer.from(digits, 'hex')), length };
}

/** Of at most 53 bits. */
export function numberOfBits({ bits, length }: BitString): number {
  return Number(BigInt(`0x0${Buffer.from(bits).toString('hex')}`) >> BigInt((8 - (length % 8)) % 8));
}
