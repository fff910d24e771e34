import { type Reason, reason } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { hasLoneSurrogate, isCanonical } from '../../kernel/canonical-json.ts';

/** Deepest nesting that is read; a report needs about ten levels. */
export const MAX_JSON_DEPTH = 64;
const LONG = 64 * 1024;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/uy;
/** One run of characters that stand for themselves, or one escape. */
const PLAIN_TEXT = /[^"\\\u0000-\u001f]+/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/uy;
const WHITE_SPACE = /[ \t\n\r]*/uy;
const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads JSON as I-JSON and refuses whatever two readers could understand differently: invalid UTF-8, a byte order mark,
 * repeated members, lone surrogates, numbers that a double cannot hold, nesting beyond {@link MAX_JSON_DEPTH}.
 * The reason names the place as a character offset.
 * @see RFC 8259, RFC 7493 §2
 */
export function parseStrictJson(bytes: Uint8Array): Result<Json, Reason> {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return err(reason('VERIFY_UTF8_INVALID', 'the bytes are not UTF-8'));
  }
  const canonical = readCanonical(text, bytes);
  if (canonical !== undefined) return ok(canonical);
  const reader: Reader = { text, at: 0, depth: 0 };
  try {
    skip(reader);
    const value = readValue(reader);
    skip(reader);
    if (reader.at !== text.length) throw stop(reader, 'VERIFY_JSON_INVALID', 'something follows the value');
    return ok(value);
  } catch (error) {
    if (error instanceof Stop) return err(error.reason);
    throw error;
  }
}

/** A list of JSON values; `Array.isArray` alone forgets the type of the items. */
export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * The quick way, for what our own programs write: a text that is the canonical form of what the engine reads in it can be
 * understood in one way only, since repeated members, odd numbers and half pairs would not come back as they were.
 */
function readCanonical(text: string, bytes: Uint8Array): Json | undefined {
  // Canonical JSON has no white space between values, which most other texts show at once.
  if (/^[[{]\s/u.test(text)) return undefined;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  return isCanonical(value, bytes, MAX_JSON_DEPTH) ? value : undefined;
}

interface Reader {
  readonly text: string;
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

function stop(reader: Reader, code: Reason['code'], text: string): Stop {
  return new Stop(reason(code, `${text} (at character ${reader.at})`));
}

function readValue(reader: Reader): Json {
  const next = reader.text[reader.at];
  if (next === '{') return nested(reader, readObject);
  if (next === '[') return nested(reader, readArray);
  if (next === '"') return readText(reader);
  for (const [word, value] of Object.entries(WORDS)) {
    if (!reader.text.startsWith(word, reader.at)) continue;
    reader.at += word.length;
    return value;
  }
  return readNumber(reader);
}

function nested(reader: Reader, read: (reader: Reader) => Json): Json {
  reader.depth += 1;
  if (reader.depth > MAX_JSON_DEPTH) {
    throw stop(reader, 'VERIFY_JSON_INVALID', `nesting is deeper than ${MAX_JSON_DEPTH}`);
  }
  reader.at += 1;
  skip(reader);
  const value = read(reader);
  reader.depth -= 1;
  return value;
}

function readObject(reader: Reader): Json {
  const members = new Map<string, Json>();
  while (reader.text[reader.at] !== '}') {
    if (members.size > 0) expect(reader, ',');
    const name = readText(reader);
    if (members.has(name)) {
      throw stop(
        reader,
        'VERIFY_DUPLICATE_MEMBER',
        `member ${JSON.stringify(name.slice(0, 80))} is repeated`,
      );
    }
    skip(reader);
    expect(reader, ':');
    members.set(name, readValue(reader));
    skip(reader);
  }
  reader.at += 1;
  return Object.fromEntries(members);
}

function readArray(reader: Reader): Json {
  const items: Json[] = [];
  while (reader.text[reader.at] !== ']') {
    if (items.length > 0) expect(reader, ',');
    items.push(readValue(reader));
    skip(reader);
  }
  reader.at += 1;
  return items;
}

function readText(reader: Reader): string {
  const from = reader.at;
  if (reader.text[from] !== '"') throw stop(reader, 'VERIFY_JSON_INVALID', 'a text was expected');
  reader.at += 1;
  let escaped = false;
  while (reader.text[reader.at] !== '"') {
    if (take(reader, PLAIN_TEXT) !== undefined) continue;
    escaped = true;
    if (take(reader, ESCAPE) === undefined) {
      throw stop(reader, 'VERIFY_JSON_INVALID', 'a text is broken off or has a bad escape');
    }
  }
  reader.at += 1;
  const literal = reader.text.slice(from, reader.at);
  // A long one is a payload: it stays a piece of the text, which takes no memory of its own.
  const text = escaped || literal.length < LONG ? (JSON.parse(literal) as string) : literal.slice(1, -1);
  if (hasLoneSurrogate(text)) throw stop(reader, 'VERIFY_SURROGATE', 'half a surrogate pair');
  return text;
}

function readNumber(reader: Reader): number {
  const literal = take(reader, NUMBER);
  if (literal === undefined) throw stop(reader, 'VERIFY_JSON_INVALID', 'a value was expected');
  const number = Number(literal);
  const exact = !Number.isInteger(number) || Number.isSafeInteger(number);
  if (!Number.isFinite(number) || !exact) {
    throw stop(reader, 'VERIFY_NUMBER', `number ${literal.slice(0, 40)} has no exact double`);
  }
  return number;
}

function expect(reader: Reader, character: string): void {
  if (reader.text[reader.at] !== character) {
    throw stop(reader, 'VERIFY_JSON_INVALID', `"${character}" was expected`);
  }
  reader.at += 1;
  skip(reader);
}

function skip(reader: Reader): void {
  take(reader, WHITE_SPACE);
}

/** What `pattern` (sticky) finds at the reader, which moves behind it. */
function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}
