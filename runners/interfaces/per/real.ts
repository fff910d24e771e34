import { MAX_NUMBER_OCTETS, type Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** Values that are a single octet (X.690 clause 8.5.9). */
const SPECIAL: readonly (readonly [number, number])[] = [
  [Infinity, 0x40],
  [-Infinity, 0x41],
  [NaN, 0x42],
  [-0, 0x43],
];

/**
 * A real number: binary, with an odd mantissa.
 *
 * @see ITU-T X.691 clause 15, X.690 clause 8.5
 */
export function writeReal(writer: Writer, value: number): void {
  const special = SPECIAL.find(([number]) => Object.is(number, value));
  if (special !== undefined) {
    writer.octetsWithLength(Uint8Array.of(special[1]));
    return;
  }
  if (value === 0) {
    writer.length(0);
    return;
  }
  const { mantissa, exponent } = oddParts(Math.abs(value));
  const long = exponent < -128 || exponent > 127;
  const digits = mantissa.toString(16);
  const octets = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const head = [
    0x80 | (value < 0 ? 0x40 : 0) | (long ? 1 : 0),
    ...(long ? [(exponent >> 8) & 255] : []),
    exponent & 255,
  ];
  writer.octetsWithLength(Uint8Array.from([...head, ...octets]));
}

/** value = mantissa × 2^exponent, with an odd mantissa. */
function oddParts(value: number): { mantissa: bigint; exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const stored = Number(raw >> 52n) & 0x7ff;
  let mantissa = (raw & 0xf_ffff_ffff_ffffn) | (stored === 0 ? 0n : 1n << 52n);
  let exponent = Math.max(stored, 1) - 1_075;
  for (; (mantissa & 1n) === 0n; mantissa >>= 1n) exponent += 1;
  return { mantissa, exponent };
}

export function readReal(reader: Reader): number {
  const octets = reader.octets(reader.wholeLength(MAX_NUMBER_OCTETS));
  const [first] = octets;
  if (first === undefined) return 0;
  if ((first & 0x80) !== 0) return binary(reader, first, octets);
  const special = SPECIAL.find(([, octet]) => octet === first);
  if (special !== undefined && octets.length === 1) return special[0];
  return decimal(reader, octets);
}

const BASE_BITS = [1, 3, 4];

function binary(reader: Reader, first: number, octets: Uint8Array): number {
  const perDigit = BASE_BITS[(first >>> 4) & 3] ?? reader.fail('a real number has no base');
  const long = (first & 3) === 3;
  const from = long ? 2 : 1;
  const count = long ? (octets[1] ?? 0) : (first & 3) + 1;
  if (count === 0 || count > 4 || from + count >= octets.length)
    reader.fail('a real number has no sound exponent');
  const exponent = octets
    .subarray(from, from + count)
    .reduce((sum, octet, at) => sum * 256 + (at === 0 ? (octet << 24) >> 24 : octet), 0);
  const mantissa = octets.subarray(from + count).reduce((sum, octet) => sum * 256 + octet, 0);
  const size = scaled(mantissa, exponent * perDigit + ((first >>> 2) & 3));
  return (first & 0x40) === 0 ? size : -size;
}

/** number × 2^exponent, in steps that neither overflow nor vanish before the result does. */
function scaled(number: number, exponent: number): number {
  let left = Math.max(-8_192, Math.min(8_192, exponent));
  let value = number;
  for (; left > 1_000; left -= 1_000) value *= 2 ** 1_000;
  for (; left < -1_000; left += 1_000) value *= 2 ** -1_000;
  return value * 2 ** left;
}

/** ISO 6093 NR1, NR2 and NR3. */
function decimal(reader: Reader, octets: Uint8Array): number {
  const text = Buffer.from(octets.subarray(1)).toString('latin1').replace(',', '.');
  const sound = /^ *[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?$/u.test(text);
  if (octets[0] === undefined || octets[0] < 1 || octets[0] > 3 || !sound)
    reader.fail('this is no real number');
  return Number(text);
}
