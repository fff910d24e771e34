import { type Reason, reason } from '../../kernel/errors.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { fromBase64, toBase64, toHex } from './base64.ts';
import type { Sha256 } from './disclosure.ts';
import { LAB_PATTERN } from './statement-schema.ts';
import type { SignatoryRole } from './statement.ts';
import { isJsonList, parseStrictJson } from './strict-json.ts';

export const KEY_ALGORITHMS = ['ecdsa-p256-sha256', 'ed25519'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

export const KEY_USES = ['report-system', 'authorised-signatory', 'log', 'witness', 'tsa'] as const;
export type KeyUse = (typeof KEY_USES)[number];

/** Which use a key must have for a signature in that role to count. */
export const USE_FOR_ROLE = {
  'lab-system': 'report-system',
  'authorised-signatory': 'authorised-signatory',
  'co-signing-lab': 'report-system',
  'witnessing-lab': 'witness',
} as const satisfies Record<SignatoryRole, KeyUse>;

/** A public key of a lab as `keys.json` has it. Keys are never removed from there, only closed or revoked. */
export interface KeyEntry {
  /** Lower-case hexadecimal SHA-256 of `spki`. */
  readonly keyid: string;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly alg: KeyAlgorithm;
  readonly uses: readonly KeyUse[];
  /** A pseudonym; names belong in the section `personnel`. */
  readonly holder: string;
  /** Milliseconds since the epoch; `validTo` still counts. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly revokedAt?: number;
  readonly revokeReason?: string;
  /** The holder made the key itself and nobody else vouches for it. */
  readonly selfDeclared: boolean;
}

/** In a trust folder, beside the labs: certificates of time-stamp authorities. No lab has that name. */
export const TSA_FOLDER = 'tsa';

export const MAX_KEYS_BYTES = 1024 * 1024;
const MAX_KEYS = 256;
const MEMBERS = [
  'keyid spki alg uses holder validFrom validTo'.split(' '),
  'revokedAt revokeReason selfDeclared'.split(' '),
].map((names) => new Set(names));
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/u;
const LAB = new RegExp(LAB_PATTERN, 'u');
const utf8 = new TextEncoder();

export function keyidOf(spki: Uint8Array, sha256: Sha256): string {
  return toHex(sha256(spki));
}

/** A lab's name in reports, in key folders and in logs; one path element here. */
export function isLabName(text: string): boolean {
  return (
    text !== TSA_FOLDER && LAB.test(text) && !text.includes('/') && !/^\.+$/u.test(text) && text.length <= 64
  );
}

/** The public half of a lab's keys: `<lab>/<keyid>.pem` for openssl and `<lab>/keys.json` for `patchbay verify`. */
export function renderTrust(lab: string, keys: readonly KeyEntry[]): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ...keys.map(({ keyid, spki }) => [`${lab}/${keyid}.pem`, utf8.encode(toPem(spki))] as const),
    [`${lab}/keys.json`, renderKeys(keys)] as const,
  ]);
}

export function renderKeys(keys: readonly KeyEntry[]): Uint8Array {
  const json = keys.map(({ spki, validFrom, validTo, revokedAt, selfDeclared, ...rest }) => ({
    ...rest,
    spki: toBase64(spki),
    validFrom: new Date(validFrom).toISOString(),
    validTo: new Date(validTo).toISOString(),
    ...(revokedAt === undefined ? {} : { revokedAt: new Date(revokedAt).toISOString() }),
    ...(selfDeclared ? { selfDeclared } : {}),
  }));
  return utf8.encode(`${JSON.stringify(json, null, 1)}\n`);
}

function toPem(spki: Uint8Array): string {
  const lines = toBase64(spki).match(/.{1,64}/gu) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}

/** Reads `keys.json`. Every keyid must be the digest of its key, and no key may be there twice. */
export function parseKeys(bytes: Uint8Array, sha256: Sha256): Result<readonly KeyEntry[], Reason> {
  if (bytes.length > MAX_KEYS_BYTES) return wrong(`larger than ${MAX_KEYS_BYTES} bytes`);
  const json = parseStrictJson(bytes);
  if (!json.ok) return wrong(json.error.text);
  if (!isJsonList(json.value)) return wrong('a list of keys is expected');
  const list = json.value;
  if (list.length > MAX_KEYS) return wrong(`more than ${MAX_KEYS} keys`);
  const keys: KeyEntry[] = [];
  for (const [index, item] of list.entries()) {
    const key = parseKey(item);
    if (typeof key === 'string') return wrong(`key ${index + 1}: ${key}`);
    if (keyidOf(key.spki, sha256) !== key.keyid)
      return wrong(`key ${index + 1}: keyid is not the digest of spki`);
    if (keys.some(({ keyid }) => keyid === key.keyid)) return wrong(`key ${index + 1} is there twice`);
    keys.push(key);
  }
  return ok(keys);
}

/** The key, or what is wrong with it. */
function parseKey(item: Json): KeyEntry | string {
  if (!isJsonObject(item)) return 'an object is expected';
  const [required, optional] = MEMBERS;
  const missing = [...(required ?? [])].find((name) => !Object.hasOwn(item, name));
  if (missing !== undefined) return `${missing} is missing`;
  const unknown = Object.keys(item).find(
    (name) => required?.has(name) !== true && optional?.has(name) !== true,
  );
  if (unknown !== undefined) return `${JSON.stringify(unknown.slice(0, 80))} is not expected`;
  const { keyid, holder, revokeReason, selfDeclared = false } = item;
  const spki = typeof item['spki'] === 'string' ? fromBase64(item['spki']) : undefined;
  const alg = KEY_ALGORITHMS.find((one) => one === item['alg']);
  const uses = parseUses(item['uses']);
  const validFrom = parseTime(item['validFrom']);
  const validTo = parseTime(item['validTo']);
  const revokedAt = parseTime(item['revokedAt']);
  if (typeof keyid !== 'string') return 'keyid is not a text';
  if (typeof holder !== 'string') return 'holder is not a text';
  if (typeof selfDeclared !== 'boolean') return 'selfDeclared is not true or false';
  if (revokeReason !== undefined && typeof revokeReason !== 'string') return 'revokeReason is not a text';
  if (spki === undefined) return 'spki is not base64';
  if (alg === undefined) return `alg is not one of ${KEY_ALGORITHMS.join(', ')}`;
  if (uses === undefined) return `uses is not a list of ${KEY_USES.join(', ')}`;
  if (validFrom === undefined || validTo === undefined || validFrom > validTo)
    return 'validFrom to validTo is no range';
  if (revokedAt === undefined && item['revokedAt'] !== undefined) return 'revokedAt is not a time';
  return {
    ...{ keyid, spki, alg, uses, holder, validFrom, validTo, selfDeclared },
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(revokeReason === undefined ? {} : { revokeReason }),
  };
}

function parseUses(value: Json | undefined): readonly KeyUse[] | undefined {
  if (!isJsonList(value) || value.length === 0) return undefined;
  const uses = KEY_USES.filter((use) => value.includes(use));
  return uses.length === value.length ? uses : undefined;
}

function parseTime(value: Json | undefined): number | undefined {
  if (typeof value !== 'string' || !TIME.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

function wrong(text: string): Result<never, Reason> {
  return err(reason('VERIFY_TRUST_INVALID', `keys.json: ${text}`));
}
