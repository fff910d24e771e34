import { badValue } from './error.ts';
import { type Limits, Reader } from './reader.ts';
import { isWithin, keyText, type Size } from './schema.ts';
import {
  isAddition,
  isObject,
  isUnknown,
  REST,
  sameValue,
  type Unknown,
  type ValueObject,
} from './values.ts';
import { type Variant, Writer } from './writer.ts';

export { decodeLeaf } from './interpret-decode-leaf.ts';
export { encodeLeaf } from './interpret-encode-leaf.ts';
export { isBitString, isObject, sameValue } from './values.ts';

/** What generated code calls for all that is not worth writing out: nothing here is meant for others. */

export type Write = (writer: Writer, value: unknown) => void;
export type Read = (reader: Reader) => unknown;
type Row = readonly [Write, Read];
type Rows = ReadonlyMap<string | number, Row>;

export interface Codec {
  /** @throws PerError PER_VALUE_INVALID, without a path: `encodeValue` finds that */
  readonly encode: (value: unknown) => Uint8Array;
  /** Strict. @throws PerError PER_INVALID, without a path: `decodeValue` finds that */
  readonly decode: (bytes: Uint8Array, limits?: Limits) => unknown;
}

/** A codec maker for one variant; all its codecs share a buffer. */
export function codecs(variant: Variant): (write: Write, read: Read) => Codec {
  const writer = new Writer(variant);
  return (write, read) => ({
    encode: (value) => {
      writer.reset();
      write(writer, value);
      return writer.complete();
    },
    decode: (bytes, limits) => {
      const reader = new Reader(bytes, limits === undefined ? { variant } : { variant, limits });
      const value = read(reader);
      reader.finish();
      return value;
    },
  });
}

export function bad(message: string): never {
  throw badValue(message);
}

export function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw badValue('true or false was expected');
  return value;
}

export function upTo(reader: Reader, value: number, most: number): number {
  if (value > most) reader.complain(`${value} is not allowed`);
  return value;
}

export function item(reader: Reader, items: readonly string[], index: number): string {
  return items[index] ?? reader.fail('the enumeration has no such item');
}

interface TextShape {
  readonly bits: number;
  readonly aligned: boolean;
  /** 1 for each character that may occur. */
  readonly allowed: Uint8Array;
}

export function isAllowed(text: unknown, allowed: Uint8Array): text is string {
  if (typeof text !== 'string') return false;
  for (let index = 0; index < text.length; index += 1)
    if (allowed[text.charCodeAt(index)] !== 1) return false;
  return true;
}

export function text(reader: Reader, count: number, { bits, aligned, allowed }: TextShape): string {
  if (aligned && count > 0) reader.align();
  reader.take(count);
  let read = '';
  for (let left = count; left > 0; left -= 1) {
    const code = reader.bits(bits);
    if (allowed[code] !== 1) reader.complain('a character is not allowed');
    read += String.fromCharCode(code);
  }
  return read;
}

export function isCount({ ranges }: Size, count: number): boolean {
  return isWithin(ranges, BigInt(count));
}

export function checkCount(
  reader: Reader,
  { ranges }: Size,
  { count, outside }: { count: number; outside: boolean },
): void {
  const within = isWithin(ranges, BigInt(count));
  if (!within && !outside) reader.complain(`a length of ${count} is not allowed`);
  if (within && outside) reader.complain('a length of the root is encoded like an extension');
}

export function deeper(reader: Reader, read: Read): unknown {
  reader.down();
  const value = read(reader);
  reader.up();
  return value;
}

/** A complete encoding by itself. */
export function whole(outer: Writer, write: Write, value: unknown): Uint8Array {
  const writer = new Writer(outer.aligned ? 'aligned' : 'unaligned');
  write(writer, value);
  return writer.complete();
}

export function inside(reader: Reader, octets: unknown, read: Read): unknown {
  if (!(octets instanceof Uint8Array)) return octets;
  const inner = reader.inside(octets);
  const value = read(inner);
  inner.finish();
  return value;
}

/** The row of a key; keys that are plain numbers stand as numbers. */
export function row(rows: Rows, key: unknown): Row | undefined {
  return rows.get(typeof key === 'number' || typeof key === 'string' ? key : keyText(key));
}

export function writeOpen(writer: Writer, found: Row | undefined, value: unknown): void {
  const raw =
    isObject(value) && value[REST] instanceof Uint8Array && Object.keys(value).length === 1
      ? value[REST]
      : value;
  if (found !== undefined && raw === value) {
    const start = writer.enter();
    found[0](writer, value);
    writer.leave(start);
  } else if (raw instanceof Uint8Array) writer.octetsWithLength(raw);
  else throw badValue('octets were expected: nothing tells the type');
}

export function readOpen(reader: Reader, found: Row | undefined): unknown {
  if (found === undefined) return reader.octetsWithLength();
  const end = reader.enter();
  const value = found[1](reader);
  reader.leave(end);
  return value;
}

export function notDefault<T>(reader: Reader, value: T, standard: unknown): T {
  if (sameValue(value, standard)) reader.complain('a value that is the default is left out');
  return value;
}

/** The name of the only member of a CHOICE. */
export function only(value: unknown): string {
  if (!isObject(value)) throw badValue('an object with one member was expected');
  let found: string | undefined;
  for (const name in value) {
    if (value[name] === undefined) continue;
    if (found !== undefined) throw badValue('a CHOICE has exactly one member');
    found = name;
  }
  if (found === undefined) throw badValue('a CHOICE has exactly one member');
  return found;
}

export function writeAlternative(writer: Writer, value: unknown, known: number): void {
  if (!isAddition(value) || value.index < known) throw badValue('this is no unknown alternative');
  writer.bit(true);
  writer.small(value.index);
  writer.octetsWithLength(value.bytes);
}

export function unknown(value: ValueObject, known: number): Unknown | undefined {
  const found = value[REST];
  if (found === undefined) return undefined;
  if (!isUnknown(found) || found.additions.some(({ index }) => index < known))
    throw badValue('the unknown additions are not sound');
  return found;
}

/** Which additions are there: the known ones and then the unknown. */
export function writeFlags(writer: Writer, known: readonly boolean[], rest: Unknown | undefined): void {
  const count = rest?.count ?? known.length;
  if (known.lastIndexOf(true) >= count) throw badValue(`the receiver knows ${count} additions only`);
  writer.smallLength(count);
  const raw = new Set(rest?.additions.map(({ index }) => index));
  for (let index = 0; index < count; index += 1) writer.bit(known[index] ?? raw.has(index));
}

export function writeUnknown(writer: Writer, rest: Unknown | undefined): void {
  if (rest === undefined) return;
  const raw = new Map(rest.additions.map(({ index, bytes }) => [index, bytes]));
  for (const [, bytes] of [...raw].toSorted(([a], [b]) => a - b)) writer.octetsWithLength(bytes);
}

export function flags(reader: Reader): readonly boolean[] {
  const present: boolean[] = [];
  for (let left = reader.smallLength(); left > 0; left -= 1) present.push(reader.bit() === 1);
  return present;
}

interface ReadAdditions {
  readonly present: readonly boolean[];
  readonly known: number;
}

export function readUnknown(
  reader: Reader,
  into: Record<string, unknown>,
  { present, known }: ReadAdditions,
): void {
  const additions = [];
  for (let index = known; index < present.length; index += 1)
    if (present[index] === true) additions.push({ index, bytes: reader.octetsWithLength() });
  if (present.length !== known || !present.includes(true)) into[REST] = { count: present.length, additions };
}
