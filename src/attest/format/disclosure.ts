import { type Reason, reason } from '../../kernel/errors.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { encodeBase64Url, fromBase64Url, toBase64Url } from './base64.ts';
import { canonicalBytes } from '../../kernel/canonical-json.ts';
import type { Commitment } from './statement.ts';
import { isJsonList, parseStrictJson } from './strict-json.ts';

/** SHA-256 comes in as an argument: this room touches no Node module. A text is taken as UTF-8. */
export type Sha256 = (bytes: Uint8Array | string) => Uint8Array;

/** 128 random bits, base64url. */
export const SALT_PATTERN = '^[A-Za-z0-9_-]{22}$';
export const MAX_DISCLOSURES_BYTES = 64 * 1024 * 1024;
const SALT = new RegExp(SALT_PATTERN, 'u');
const latin1 = new TextDecoder('latin1');

export interface Committed {
  readonly commitment: Commitment;
  /** base64url of the JSON `[salt, value]`: whoever holds it can see the value. */
  readonly disclosure: string;
}

/** Hides `value` behind a salted digest. @param salt 22 characters of base64url @see RFC 9901 §4.2.2, array form */
export function commit(value: Json, salt: string, sha256: Sha256): Committed {
  const disclosure = encodeBase64Url(canonicalBytes([salt, value]));
  return { disclosure: latin1.decode(disclosure), commitment: { '...': toBase64Url(sha256(disclosure)) } };
}

/** What a folder of disclosures opens: digests of commitments and the values behind them. */
export type Revealed = ReadonlyMap<string, Json>;

/** Reads the JSON array of disclosures that a partner was given. */
export function parseDisclosures(bytes: Uint8Array, sha256: Sha256): Result<Revealed, Reason> {
  if (bytes.length > MAX_DISCLOSURES_BYTES)
    return malformed(`they are larger than ${MAX_DISCLOSURES_BYTES} bytes`);
  const json = parseStrictJson(bytes);
  if (!json.ok) return malformed(json.error.text);
  if (!isJsonList(json.value)) return malformed('a list is expected');
  const revealed = new Map<string, Json>();
  for (const [index, item] of json.value.entries()) {
    const opened = open(item);
    if (!opened.ok) return malformed(`number ${index + 1}: ${opened.error}`);
    const digest = digestOf(opened.value.text, sha256);
    if (revealed.has(digest)) {
      return err(reason('VERIFY_DISCLOSURE_REPEATED', `disclosure number ${index + 1} is there twice`));
    }
    revealed.set(digest, opened.value.value);
  }
  return ok(revealed);
}

function open(item: Json): Result<{ readonly text: string; readonly value: Json }, string> {
  const bytes = typeof item === 'string' && item !== '' ? fromBase64Url(item) : undefined;
  if (typeof item !== 'string' || bytes === undefined) return err('it is not base64url');
  const pair = parseStrictJson(bytes);
  if (!pair.ok) return err(pair.error.text);
  if (!isJsonList(pair.value) || pair.value.length !== 2) return err('it is not [salt, value]');
  const [salt, value] = pair.value;
  if (typeof salt !== 'string' || !SALT.test(salt) || value === undefined)
    return err('its salt is not 128 bits of base64url');
  return ok({ text: item, value });
}

/** The digest of a commitment, or `undefined` when `value` is none. */
export function commitmentDigest(value: Json): string | undefined {
  if (!isJsonObject(value) || !Object.hasOwn(value, '...')) return undefined;
  const digest = value['...'];
  return typeof digest === 'string' && Object.keys(value).length === 1 ? digest : '';
}

/** What a commitment to this disclosure says: base64url SHA-256 of its text. */
export function digestOf(disclosure: string, sha256: Sha256): string {
  return toBase64Url(sha256(disclosure));
}

function malformed(text: string): Result<never, Reason> {
  return err(reason('VERIFY_DISCLOSURE_MALFORMED', `the disclosures cannot be read: ${text}`));
}
