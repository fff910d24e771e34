import { HarnessError } from './errors.ts';
import { isJsonObject, type Json } from './json.ts';

/** A surrogate that is not half of a pair; with the `u` flag a pair is one code point and does not match. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const utf8 = new TextEncoder();

/**
 * Canonical JSON: one text for one value, whatever the order its members were written in.
 *
 * It is used to produce bytes that are then transported as they are; nothing is ever verified by producing them again.
 * Throws `INPUT_INVALID`, naming the place, for what I-JSON cannot carry: `undefined`, numbers that are not finite,
 * integers beyond ±(2^53 − 1) and lone surrogates.
 * @see RFC 8785 §3.2, RFC 7493 §2
 */
export function canonicalJson(value: Json): string {
  return write(value, '$');
}

export function canonicalBytes(value: Json): Uint8Array {
  return utf8.encode(canonicalJson(value));
}

export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

function write(value: Json | undefined, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeText(value, path);
  if (typeof value === 'number') return writeNumber(value, path);
  if (Array.isArray(value)) {
    return `[${value.map((item: Json, index) => write(item, `${path}[${index}]`)).join(',')}]`;
  }
  if (!isJsonObject(value)) throw refuse(path, `a ${typeof value}`);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${writeText(name, path)}:${write(value[name], `${path}.${name}`)}`);
  return `{${members.join(',')}}`;
}

function writeText(text: string, path: string): string {
  if (hasLoneSurrogate(text)) throw refuse(path, 'half a surrogate pair');
  return JSON.stringify(text);
}

function writeNumber(number: number, path: string): string {
  if (!Number.isFinite(number)) throw refuse(path, String(number));
  if (Number.isInteger(number) && !Number.isSafeInteger(number))
    throw refuse(path, 'an integer beyond 2^53 - 1');
  return JSON.stringify(number);
}

function refuse(path: string, what: string): HarnessError {
  return new HarnessError('INPUT_INVALID', `${path}: canonical JSON cannot carry ${what}`);
}
