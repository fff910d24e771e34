import { namedLength, SHORT } from './interpret-encode-leaf.ts';
import { readConstrained, readSemiConstrained, readUnconstrained } from './numbers.ts';
import { readArcs } from './object-identifier.ts';
import { readReal } from './real.ts';
import type { Reader } from './reader.ts';
import {
  type BitsType,
  type EnumeratedType,
  isWithin,
  type SchemaType,
  type Size,
  type StringType,
} from './schema.ts';
import { characterAt, codingOf, isStringAligned, octetsToText, placeOf, textOf } from './strings.ts';
import { type BitString, plainInteger, REST } from './values.ts';
import { FRAGMENT } from './writer.ts';

type Leaf = Exclude<SchemaType, { kind: 'reference' | 'structure' | 'choice' | 'list' | 'open' }>;

/** Values that contain no others; the counterpart of `encodeLeaf`, with the same clauses. */
export function decodeLeaf(reader: Reader, type: Leaf): unknown {
  switch (type.kind) {
    case 'boolean':
      return reader.bit() === 1;
    case 'null':
      return null;
    case 'real':
      return readReal(reader);
    case 'objectIdentifier':
    case 'relativeOid':
      return readArcs(reader, type.kind === 'relativeOid');
    case 'integer':
      return plainInteger(decodeInteger(reader, type));
    case 'enumerated':
      return decodeEnumerated(reader, type);
    case 'bits':
      return decodeBits(reader, type);
    case 'octets': {
      const { min, max } = type.size;
      const aligned = max === null || min !== max || max > 2;
      const parts: Uint8Array[] = [];
      readCount(reader, type.size, (count) => {
        if (aligned && count > 0) reader.align();
        parts.push(reader.octets(count));
      });
      return joined(parts);
    }
    case 'string':
      return decodeString(reader, type);
  }
}

/** The only part as it is: octets of the message itself. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(parts));
}

function decodeInteger(reader: Reader, { ranges, extensible }: Leaf & { kind: 'integer' }): bigint {
  const [min, max] = [ranges[0]?.min ?? null, ranges.at(-1)?.max ?? null];
  if (extensible && reader.bit() === 1) {
    const value = readUnconstrained(reader);
    if (isWithin(ranges, value)) reader.complain('a value of the root is encoded like an extension');
    return value;
  }
  const value = readInRange(reader, min, max);
  if (!isWithin(ranges, value)) reader.complain(`${String(value)} is not allowed`);
  return value;
}

function readInRange(reader: Reader, min: bigint | null, max: bigint | null): bigint {
  if (min === null) return readUnconstrained(reader);
  return min + (max === null ? readSemiConstrained(reader) : readConstrained(reader, max - min + 1n));
}

function decodeEnumerated(reader: Reader, { root, additions, extensible }: EnumeratedType): string {
  if (extensible && reader.bit() === 1) {
    const index = reader.small();
    return additions[index] ?? `${REST}${String(index)}`;
  }
  return (
    root[Number(readConstrained(reader, BigInt(root.length)))] ??
    reader.fail('the enumeration has no such item')
  );
}

function decodeBits(reader: Reader, { size, named }: BitsType): BitString {
  const aligned = size.max === null || size.min !== size.max || size.max > 16;
  const parts: Uint8Array[] = [];
  let length = 0;
  readCount(reader, size, (count) => {
    if (aligned && count > 0) reader.align();
    parts.push(reader.octets(Math.floor(count / 8)));
    const rest = count % 8;
    if (rest > 0) parts.push(Uint8Array.of(reader.bits(rest) << (8 - rest)));
    length += count;
  });
  const bits = joined(parts);
  if (named && namedLength(bits, length, size) !== length)
    reader.complain('zeros at the end of named bits are left out');
  return { bits, length };
}

function decodeString(reader: Reader, type: StringType): string {
  const { set, size, alphabet } = type;
  if (alphabet === null) {
    const octets = reader.octetsWithLength();
    const text = octetsToText(octets, set);
    if (text === null) reader.complain('this is no text in UTF-8');
    return text ?? Buffer.from(octets).toString('latin1');
  }
  const { bits, direct } = codingOf(alphabet, reader.aligned);
  const aligned = isStringAligned(type, bits);
  const codes: number[] = [];
  readCount(reader, size, (count) => {
    if (aligned && count > 0) reader.align();
    reader.take(count);
    for (let left = count; left > 0; left -= 1) {
      const read = reader.bits(bits);
      const code = direct ? read : characterAt(alphabet, read);
      const sound = placeOf(alphabet, code) >= 0;
      if (!sound) reader.complain('a character is not allowed');
      codes.push(sound ? code : 0xfffd);
    }
  });
  return textOf(codes, set);
}

/** How many items there are: `read` is told once, or once for every fragment. */
export function readCount(reader: Reader, size: Size, read: (count: number) => void): void {
  const { min, max, ranges, extensible } = size;
  const outside = extensible && reader.bit() === 1;
  if (!outside && max !== null && max < SHORT) {
    const count = min + Number(readConstrained(reader, BigInt(max - min + 1)));
    if (!isWithin(ranges, BigInt(count))) reader.complain(`a length of ${String(count)} is not allowed`);
    read(count);
    return;
  }
  let total = 0;
  for (let count = FRAGMENT; count >= FRAGMENT;) {
    count = reader.length();
    read(count);
    total += count;
  }
  const within = isWithin(ranges, BigInt(total));
  if (!within && !outside) reader.complain(`a length of ${String(total)} is not allowed`);
  if (within && outside) reader.complain('a length of the root is encoded like an extension');
}
