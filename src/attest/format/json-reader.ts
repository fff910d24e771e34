import type { Code } from '../../kernel/codes.ts';
import { type Reason, reason } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import { hasLoneSurrogate } from '../../kernel/canonical-json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';

/** Deepest nesting that is read; a report needs about ten levels. */
export const MAX_JSON_DEPTH = 64;

/**
 * How a value is read that may be too large to be kept as it is, by where it stands: a text as its bytes, or a list item
 * by item. A value of another type than that is read as ever.
 */
export type ReadingPlan = 'bytes' | (() => Collector) | { readonly [name: string]: ReadingPlan };

export interface Collector {
  take(item: Json): void;
  /** What stands in the place of the list. */
  done(): unknown;
}

/**
 * Reads JSON from its bytes as I-JSON, for texts that are not canonical or too large to be held twice. Refuses what two
 * readers could understand differently; the reason names the place. @see RFC 8259, RFC 7493 §2
 */
export function readJson(bytes: Uint8Array, plan?: ReadingPlan): Result<unknown, Reason> {
  if (!isUtf8(bytes)) return err(reason('VERIFY_UTF8_INVALID', 'the bytes are not UTF-8'));
  const reader: Reader = { bytes, at: 0, depth: 0 };
  try {
    skip(reader);
    const value = readValue(reader, plan);
    skip(reader);
    if (reader.at !== bytes.length) throw stop(reader, 'VERIFY_JSON_INVALID', 'something follows the value');
    return ok(value);
  } catch (error) {
    if (error instanceof Stop) return err(error.reason);
    throw error;
  }
}

const CHUNK_BYTES = 64 * 1024;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LETTER_U = 0x75;

const BROKEN_TEXT = 'a text is broken off or has a bad escape';
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/u;
const ESCAPED = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)));
const SIGNS = new Set(Array.from('+-.eE', (character) => character.charCodeAt(0)));
const WORDS: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  depth: number;
}

/** Leaves the recursion; never leaves this file. */
class Stop extends Error {
  readonly reason: Reason;

  constructor(why: Reason) {
    super(why.text);
    this.reason = why;
  }
}

function stop({ at }: Reader, code: Code, text: string): Stop {
  return new Stop(reason(code, `${text} (at byte ${at})`));
}

function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: true });
    }
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

function readValue(reader: Reader, plan?: ReadingPlan): unknown {
  const next = reader.bytes[reader.at];
  if (next === QUOTE) return plan === 'bytes' ? readTextBytes(reader) : readText(reader);
  if (next === OPEN_OBJECT) return readObject(reader, typeof plan === 'object' ? plan : undefined);
  if (next === OPEN_LIST) return typeof plan === 'function' ? readItems(reader, plan()) : readList(reader);
  for (const [word, value] of WORDS) {
    if (!startsWith(reader, word)) continue;
    reader.at += word.length;
    return value;
  }
  return readNumber(reader);
}

function enter(reader: Reader): void {
  reader.depth += 1;
  if (reader.depth > MAX_JSON_DEPTH) {
    throw stop(reader, 'VERIFY_JSON_INVALID', `nesting is deeper than ${MAX_JSON_DEPTH}`);
  }
  reader.at += 1;
  skip(reader);
}

function leave(reader: Reader): void {
  reader.at += 1;
  reader.depth -= 1;
}

function readObject(reader: Reader, plan?: { readonly [name: string]: ReadingPlan }): unknown {
  const members: Record<string, unknown> = {};
  enter(reader);
  for (let isFirst = true; reader.bytes[reader.at] !== CLOSE_OBJECT; isFirst = false) {
    if (!isFirst) expect(reader, COMMA);
    const name = readText(reader);
    if (Object.hasOwn(members, name)) {
      const short = JSON.stringify(name.slice(0, 80));
      throw stop(reader, 'VERIFY_DUPLICATE_MEMBER', `member ${short} is repeated`);
    }
    skip(reader);
    expect(reader, COLON);
    addMember(members, name, readValue(reader, plan?.[name]));
    skip(reader);
  }
  leave(reader);
  return members;
}

/** A member of that name is an ordinary one in JSON. */
function addMember(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') members[name] = value;
  else Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}

function readList(reader: Reader): readonly Json[] {
  const items: Json[] = [];
  readItems(reader, { take: (item) => items.push(item), done: () => items });
  return items;
}

function readItems(reader: Reader, collector: Collector): unknown {
  enter(reader);
  for (let isFirst = true; reader.bytes[reader.at] !== CLOSE_LIST; isFirst = false) {
    if (!isFirst) expect(reader, COMMA);
    collector.take(readValue(reader) as Json);
    skip(reader);
  }
  leave(reader);
  return collector.done();
}

function readText(reader: Reader): string {
  const { from, to, isPlain, isEscaped } = scanText(reader);
  if (isPlain) return asciiOf(reader.bytes, from, to);
  const text = utf8.decode(reader.bytes.subarray(from, to));
  return isEscaped ? unescape(reader, text) : text;
}

/** Of a text without escapes the bytes themselves, not a copy. */
function readTextBytes(reader: Reader): Uint8Array {
  const { from, to, isEscaped } = scanText(reader);
  const bytes = reader.bytes.subarray(from, to);
  return isEscaped ? encoder.encode(unescape(reader, utf8.decode(bytes))) : bytes;
}

function unescape(reader: Reader, literal: string): string {
  const text = JSON.parse(`"${literal}"`) as string;
  if (hasLoneSurrogate(text)) throw stop(reader, 'VERIFY_SURROGATE', 'half a surrogate pair');
  return text;
}

interface TextPlace {
  readonly from: number;
  readonly to: number;
  /** ASCII, and every character stands for itself. */
  readonly isPlain: boolean;
  readonly isEscaped: boolean;
}

function scanText(reader: Reader): TextPlace {
  const { bytes } = reader;
  if (bytes[reader.at] !== QUOTE) throw stop(reader, 'VERIFY_JSON_INVALID', 'a text was expected');
  const from = reader.at + 1;
  let at = from;
  let highest = 0;
  let isEscaped = false;
  for (; ; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) break;
    if (byte === BACKSLASH) {
      isEscaped = true;
      at += escapeLength(reader, at);
    }
    if (byte < 0x20) throw stop(reader, 'VERIFY_JSON_INVALID', BROKEN_TEXT);
    highest |= byte;
  }
  reader.at = at + 1;
  return { from, to: at, isPlain: !isEscaped && highest < 0x80, isEscaped };
}

/** Of what follows the backslash at `at`. */
function escapeLength(reader: Reader, at: number): number {
  const next = reader.bytes[at + 1] ?? 0;
  if (ESCAPED.has(next)) return 1;
  const digits = asciiOf(reader.bytes, at + 2, at + 6);
  if (next === LETTER_U && /^[0-9a-fA-F]{4}$/u.test(digits)) return 5;
  throw stop(reader, 'VERIFY_JSON_INVALID', BROKEN_TEXT);
}

function readNumber(reader: Reader): number {
  let to = reader.at;
  while (isOfNumber(reader.bytes[to])) to += 1;
  const literal = asciiOf(reader.bytes, reader.at, to);
  if (!NUMBER.test(literal)) throw stop(reader, 'VERIFY_JSON_INVALID', 'a value was expected');
  const number = Number(literal);
  const exact = !Number.isInteger(number) || Number.isSafeInteger(number);
  if (!Number.isFinite(number) || !exact) {
    throw stop(reader, 'VERIFY_NUMBER', `number ${literal.slice(0, 40)} has no exact double`);
  }
  reader.at = to;
  return number;
}

/** Digits, `+`, `-`, `.`, `e` and `E`. */
function isOfNumber(byte = 0): boolean {
  return (byte >= 0x30 && byte <= 0x39) || SIGNS.has(byte);
}

function asciiOf(bytes: Uint8Array, from: number, to: number): string {
  return utf8.decode(bytes.subarray(from, to));
}

function startsWith({ bytes, at }: Reader, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[at + index] !== word.charCodeAt(index)) return false;
  }
  return true;
}

function expect(reader: Reader, byte: number): void {
  if (reader.bytes[reader.at] !== byte) {
    throw stop(reader, 'VERIFY_JSON_INVALID', `"${String.fromCharCode(byte)}" was expected`);
  }
  reader.at += 1;
  skip(reader);
}

function skip(reader: Reader): void {
  for (; ; reader.at += 1) {
    const byte = reader.bytes[reader.at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
  }
}
