import type { Reason } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import { ok, type Result } from '../../kernel/result.ts';
import { isCanonical } from '../../kernel/canonical-json.ts';
import { MAX_JSON_DEPTH, readJson } from './json-reader.ts';

const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads JSON as I-JSON and refuses whatever two readers could understand differently: invalid UTF-8, a byte order mark,
 * repeated members, lone surrogates, numbers that a double cannot hold, nesting beyond {@link MAX_JSON_DEPTH}.
 * The reason names the place as a byte offset.
 * @see RFC 8259, RFC 7493 §2
 */
export function parseStrictJson(bytes: Uint8Array): Result<Json, Reason> {
  const canonical = readCanonical(bytes);
  // Without a plan everything that is read is kept, as JSON.
  return canonical === undefined ? (readJson(bytes) as Result<Json, Reason>) : ok(canonical);
}

/** A list of JSON values; `Array.isArray` alone forgets the type of the items. */
export function isJsonList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * The quick way, for what our own programs write: a text that is the canonical form of what the engine reads in it can be
 * understood in one way only, since repeated members, odd numbers and half pairs would not come back as they were.
 */
function readCanonical(bytes: Uint8Array): Json | undefined {
  // Canonical JSON has no white space between values, which most other texts show at once.
  if (WHITE_SPACE.includes(bytes[1] ?? 0)) return undefined;
  let value: Json;
  try {
    value = JSON.parse(utf8.decode(bytes)) as Json;
  } catch {
    return undefined;
  }
  return isCanonical(value, bytes, MAX_JSON_DEPTH) ? value : undefined;
}
