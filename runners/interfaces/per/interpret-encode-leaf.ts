import { badValue } from './error.ts';
import { writeConstrained, writeSemiConstrained, writeUnconstrained } from './numbers.ts';
import { writeArcs } from './object-identifier.ts';
import { writeReal } from './real.ts';
import {
  type BitsType,
  type EnumeratedType,
  isWithin,
  type SchemaType,
  type Size,
  type StringType,
} from './schema.ts';
import { codesOf, codingOf, isStringAligned, placeOf, textToOctets } from './strings.ts';
import { isBitString } from './values.ts';
import type { Writer } from './writer.ts';

/** Lengths below this limit are constrained whole numbers (X.691 clause 11.9.4.1). */
export const SHORT = 65_536;

type Leaf = Exclude<SchemaType, { kind: 'reference' | 'structure' | 'choice' | 'list' | 'open' }>;

/** Values that contain no others. */
export function encodeLeaf(writer: Writer, type: Leaf, value: unknown): void {
  switch (type.kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw badValue('true or false was expected');
      {
        writer.bit(value);
        return;
      }
    case 'null':
      if (value !== null) throw badValue('null was expected');
      return;
    case 'real':
      if (typeof value !== 'number') throw badValue('a number was expected');
      {
        writeReal(writer, value);
        return;
      }
    case 'objectIdentifier':
    case 'relativeOid': {
      writeArcs(writer, text(value), type.kind === 'relativeOid');
      return;
    }
    case 'integer': {
      encodeInteger(writer, type, integer(value));
      return;
    }
    case 'enumerated': {
      encodeEnumerated(writer, type, text(value));
      return;
    }
    case 'bits': {
      encodeBits(writer, type, value);
      return;
    }
    case 'octets': {
      if (!(value instanceof Uint8Array)) throw badValue('octets were expected');
      const { min, max } = type.size;
      const aligned = max === null || min !== max || max > 2;
      writeCount(writer, { size: type.size, count: value.length }, (from, to) => {
        if (aligned && to > from) writer.align();
        writer.octets(value.subarray(from, to));
      });
      return;
    }
    case 'string': {
      encodeString(writer, type, text(value));
      return;
    }
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw badValue('a text was expected');
  return value;
}

function integer(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw badValue('an integer was expected');
  return BigInt(value);
}

/** @see ITU-T X.691 clause 13 */
function encodeInteger(
  writer: Writer,
  { ranges, extensible }: Leaf & { kind: 'integer' },
  value: bigint,
): void {
  const inRoot = isWithin(ranges, value);
  if (extensible) writer.bit(!inRoot);
  else if (!inRoot) throw badValue(`${String(value)} is not allowed`);
  const [min, max] = [ranges[0]?.min ?? null, ranges.at(-1)?.max ?? null];
  if (!inRoot || min === null) writeUnconstrained(writer, value);
  else if (max === null) writeSemiConstrained(writer, value - min);
  else writeConstrained(writer, value - min, max - min + 1n);
}

/** @see ITU-T X.691 clause 14 */
function encodeEnumerated(
  writer: Writer,
  { root, additions, extensible }: EnumeratedType,
  name: string,
): void {
  const index = root.indexOf(name);
  if (index < 0 && !extensible) throw badValue(`${name} is not in the enumeration`);
  if (extensible) writer.bit(index < 0);
  if (index >= 0) {
    writeConstrained(writer, BigInt(index), BigInt(root.length));
    return;
  }
  const added = additions.indexOf(name);
  const unknown = /^\.\.\.(\d{1,10})$/u.exec(name)?.[1];
  if (
    added < 0 &&
    (unknown === undefined || Number(unknown) < additions.length || Number(unknown) >= 2 ** 32)
  )
    throw badValue(`${name} is not in the enumeration`);
  writer.small(added >= 0 ? added : Number(unknown));
}

/** @see ITU-T X.691 clause 16 */
function encodeBits(writer: Writer, { size, named }: BitsType, value: unknown): void {
  if (!isBitString(value)) throw badValue('bits and their length were expected');
  const { bits } = value;
  const length = named ? namedLength(bits, value.length, size) : value.length;
  const aligned = size.max === null || size.min !== size.max || size.max > 16;
  writeCount(writer, { size, count: length }, (from, to) => {
    if (aligned && to > from) writer.align();
    const whole = Math.floor(to / 8);
    writer.octets(padded(bits, whole).subarray(from / 8, whole));
    if (to % 8 > 0) writer.bits((bits[whole] ?? 0) >>> (8 - (to % 8)), to % 8);
  });
}

function padded(bits: Uint8Array, octets: number): Uint8Array {
  if (bits.length >= octets) return bits;
  const longer = new Uint8Array(octets);
  longer.set(bits);
  return longer;
}

/** Where bits have names, zeros at the end are dropped or added as the size wants it (X.691 clauses 16.2 and 16.3). */
export function namedLength(bits: Uint8Array, length: number, size: Size): number {
  let last = length;
  while (last > 0 && (((bits[(last - 1) >>> 3] ?? 0) >>> (7 - ((last - 1) & 7))) & 1) === 0) last -= 1;
  return Math.max(last, size.min);
}

/** @see ITU-T X.691 clause 30 */
function encodeString(writer: Writer, type: StringType, value: string): void {
  const { set, size, alphabet } = type;
  if (alphabet === null) {
    writer.octetsWithLength(textToOctets(value, set));
    return;
  }
  const codes = codesOf(value, set);
  const { bits, direct } = codingOf(alphabet, writer.aligned);
  const aligned = isStringAligned(type, bits);
  writeCount(writer, { size, count: codes.length }, (from, to) => {
    if (aligned && to > from) writer.align();
    for (const code of codes.slice(from, to)) {
      const place = placeOf(alphabet, code);
      if (place < 0)
        throw badValue(`the character ${JSON.stringify(String.fromCodePoint(code))} is not allowed`);
      writer.bits(direct ? code : place, bits);
    }
  });
}

interface Sized {
  readonly size: Size;
  readonly count: number;
}

/**
 * How many items there are, and the items; in fragments where there can be many.
 *
 * @see ITU-T X.691 clause 11.9
 */
export function writeCount(
  writer: Writer,
  { size, count }: Sized,
  write: (from: number, to: number) => void,
): void {
  const inRoot = isWithin(size.ranges, BigInt(count));
  if (size.extensible) writer.bit(!inRoot);
  else if (!inRoot) throw badValue(`a length of ${String(count)} is not allowed`);
  const { min, max } = size;
  if (!inRoot || max === null || max >= SHORT) {
    writer.fragments(count, write);
    return;
  }
  writeConstrained(writer, BigInt(count - min), BigInt(max - min + 1));
  write(0, count);
}
