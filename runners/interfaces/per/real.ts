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
  const octets = [0x80 | (value < 0 ? 0x40 : 0) | (long ? 1 : 0)];
  if (long) octets.push((exponent >> 8) & 255);
  octets.push(exponent & 255);
  let scale = 1;
  while (scale * 256 <= mantissa) scale *= 256;
  for (; scale >= 1; scale /= 256) octets.push(Math.floor(mantissa / scale) % 256);
  writer.octetsWithLength(Uint8Array.from(octets));
}

/** Making one for every number takes longer than all the rest. */
const SCRATCH = new DataView(new ArrayBuffer(8));

/** value = mantissa × 2^exponent, with an odd mantissa, which has at most 53 bits. */
function oddParts(value: number): { mantissa: number; exponent: number } {
  SCRATCH.setFloat64(0, value);
  const [high, low] = [SCRATCH.getUint32(0), SCRATCH.getUint32(4)];
  const stored = high >>> 20;
  const upper = (high & 0xf_ffff) | (stored === 0 ? 0 : 0x10_0000);
  const zeros = low === 0 ? 32 + zerosBelow(upper) : zerosBelow(low);
  const exponent = Math.max(stored, 1) - 1_075 + zeros;
  return { mantissa: (upper * 2 ** 32 + low) / 2 ** zeros, exponent };
}

/** Zero bits below the lowest one that is set; not for 0. */
function zerosBelow(word: number): number {
  return 31 - Math.clz32(word & -word);
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
