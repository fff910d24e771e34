import { badValue } from './error.ts';
import { MAX_NUMBER_OCTETS, type Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** How many bits a number takes that is not negative. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** How many octets a number takes that is not negative: at least one. */
function octetLength(value: bigint): number {
  return Math.max(1, Math.ceil(bitLength(value) / 8));
}

/**
 * A constrained whole number.
 *
 * @param value from the lower limit on
 * @param range how many numbers there are
 * @see ITU-T X.691 clause 11.5
 */
export function writeConstrained(writer: Writer, value: bigint, range: bigint): void {
  if (!writer.aligned || range < 256n) {
    writer.bigBits(value, bitLength(range - 1n));
    return;
  }
  if (range > 65_536n) {
    const octets = octetLength(value);
    writer.bits(octets - 1, bitLength(BigInt(octetLength(range - 1n) - 1)));
    writer.align();
    writer.bigBits(value, octets * 8);
    return;
  }
  writer.align();
  writer.bigBits(value, range === 256n ? 8 : 16);
}

/** The limits are for the caller to check: where the range is no power of two, bits can say more. */
export function readConstrained(reader: Reader, range: bigint): bigint {
  if (!reader.aligned || range < 256n) return reader.bigBits(bitLength(range - 1n));
  if (range > 65_536n) {
    const octets = reader.bits(bitLength(BigInt(octetLength(range - 1n) - 1))) + 1;
    reader.align();
    const value = reader.bigBits(octets * 8);
    if (octetLength(value) !== octets) reader.complain(LONG);
    return value;
  }
  reader.align();
  return reader.bigBits(range === 256n ? 8 : 16);
}

const LONG = 'a number takes more octets than it needs';

/** A number that is not negative, with its length (X.691 clause 11.7). */
export function writeSemiConstrained(writer: Writer, value: bigint): void {
  writeOctets(writer, value, octetLength(value));
}

export function readSemiConstrained(reader: Reader): bigint {
  const octets = reader.wholeLength(MAX_NUMBER_OCTETS);
  const value = reader.bigBits(octets * 8);
  if (octetLength(value) !== octets) reader.complain(octets === 0 ? 'a number has at least one octet' : LONG);
  return value;
}

/** A number in two's complement, with its length (X.691 clause 11.8). */
export function writeUnconstrained(writer: Writer, value: bigint): void {
  const octets = signedLength(value);
  writeOctets(writer, BigInt.asUintN(octets * 8, value), octets);
}

export function readUnconstrained(reader: Reader): bigint {
  const octets = reader.wholeLength(MAX_NUMBER_OCTETS);
  const value = BigInt.asIntN(octets * 8, reader.bigBits(octets * 8));
  if (signedLength(value) !== octets)
    reader.complain(octets === 0 ? 'a number has at least one octet' : LONG);
  return value;
}

function signedLength(value: bigint): number {
  return Math.floor(bitLength(value < 0n ? -value - 1n : value) / 8) + 1;
}

function writeOctets(writer: Writer, value: bigint, octets: number): void {
  if (octets > MAX_NUMBER_OCTETS)
    throw badValue(`a number has more than ${String(MAX_NUMBER_OCTETS)} octets`);
  writer.length(octets);
  writer.bigBits(value, octets * 8);
}
