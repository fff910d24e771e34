import { HarnessError } from '../kernel/errors.ts';
import { isJsonObject, type Json } from '../kernel/json.ts';
import { MIN_SECRET_LENGTH, patternOf } from './known-secrets.ts';
import {
  BARE_IDENTITY,
  IDENTITY_MEMBERS,
  MAY_BE_SENSITIVE,
  MEMBER_IN_TEXT,
  memberKey,
  SECRET_MEMBERS,
  SENSITIVE_TEXT,
} from './sensitive-text.ts';

/** Takes secrets and subscriber identities out of whatever becomes evidence. */
export interface Redactor {
  /**
   * Remembers a secret: it is found wherever it comes up from now on, and so is each long line of it.
   * Throws `INPUT_INVALID` when it is shorter than 4 characters: it could not be told from chance.
   */
  know(secret: string): void;
  text(text: string): string;
  json(data: Json): Json;
}

export interface RedactorKey {
  /** The first 8 hexadecimal digits of an HMAC under a key of this run only, so that equal values stay recognisable. */
  mark(value: string): string;
}

const MAX_DEPTH = 64;
const MIN_LINE_LENGTH = 16;
const SCHEME = /^(?:bearer|basic|digest|dpop|negotiate)[ \t]+/iu;

/**
 * A redactor. What it takes out becomes `[redacted <kind> <mark>]`; what is redacted already stays as it is.
 * Kinds: secret, token, password, authorization, cookie, private-key, supi, msisdn, imei.
 */
export function makeRedactor(key: RedactorKey): Redactor {
  const secrets = new Set<string>();
  let known: RegExp | null = null;
  const mark = (kind: string, value: string): string => `[redacted ${kind} ${key.mark(value)}]`;
  const text = (raw: string): string => redactText(raw, { known, mark });
  return {
    know(secret) {
      const whole = secret.trim();
      if (whole.length < MIN_SECRET_LENGTH)
        throw new HarnessError('INPUT_INVALID', `a secret has under ${MIN_SECRET_LENGTH} characters`);
      const lines = whole.split(/\s*\n\s*/u).filter((line) => line.length >= MIN_LINE_LENGTH);
      for (const part of [whole, ...lines.filter((line) => !line.startsWith('-----'))]) secrets.add(part);
      const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
      known = new RegExp(longestFirst.map(patternOf).join('|'), 'gu');
    },
    text,
    json: (data) => redactJson(data, { text, mark, depth: 0 }),
  };
}

interface TextContext {
  readonly known: RegExp | null;
  readonly mark: (kind: string, value: string) => string;
}

function redactText(raw: string, { known, mark }: TextContext): string {
  const unknown = known === null ? raw : raw.replace(known, (value) => mark('secret', value));
  if (!MAY_BE_SENSITIVE.test(unknown)) return unknown;
  let text = unknown.replace(MEMBER_IN_TEXT, (...match) => redactMember(match, mark));
  for (const { kind, pattern } of SENSITIVE_TEXT)
    text = text.replace(pattern, (...match) => {
      const { head = '', value = '' } = groupsOf(match);
      return isRedacted(value) ? `${head}${value}` : `${head}${mark(kind, value)}`;
    });
  return text;
}

/** One `"name": value` in text; a number becomes a string, so that JSON stays JSON. */
function redactMember(match: readonly unknown[], mark: TextContext['mark']): string {
  const { head = '', q = '"', name = '', value, number } = groupsOf(match);
  const key = memberKey(name);
  const raw = value ?? number ?? '';
  const identity = IDENTITY_MEMBERS.has(key);
  if (raw === '' || isRedacted(raw) || (identity && !BARE_IDENTITY.test(raw))) return match[0] as string;
  return `${head}${q}${redactValue(identity ? 'supi' : (SECRET_MEMBERS.get(key) ?? 'secret'), raw, mark)}${q}`;
}

/** The scheme of an authorization and the type of a subscriber identity are not secret, and judges need them. */
function redactValue(kind: string, value: string, mark: TextContext['mark']): string {
  const prefix =
    (kind === 'authorization' ? SCHEME : /^(?:imsi|suci|msisdn|imei|imeisv|nai)-/iu).exec(value)?.[0] ?? '';
  return `${prefix}${mark(kind, value.slice(prefix.length))}`;
}

interface JsonContext {
  readonly text: (raw: string) => string;
  readonly mark: TextContext['mark'];
  readonly depth: number;
  /** Set inside a member whose scalars are all sensitive. */
  readonly kind?: string;
  /** Set inside a member that may hold a subscriber identity. */
  readonly identity?: boolean;
}

function redactJson(data: Json, context: JsonContext): Json {
  if (typeof data === 'string' || typeof data === 'number') return redactScalar(data, context);
  if (data === null || typeof data === 'boolean') return data;
  if (context.depth >= MAX_DEPTH) return '[nested too deeply]';
  const inner = { ...context, depth: context.depth + 1 };
  if (!isJsonObject(data)) return redactList(data, inner);
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [context.text(name), redactJson(value, within(inner, name))]),
  );
}

/** A header field may stand in a list: its name, then its value. */
function redactList(list: readonly Json[], context: JsonContext): Json {
  return list.map((item, index) => {
    const before = list[index - 1];
    const kind = typeof before === 'string' ? SECRET_MEMBERS.get(memberKey(before)) : undefined;
    const isHeader = kind === 'authorization' || kind === 'cookie';
    return redactJson(item, isHeader ? { ...context, kind } : context);
  });
}

function within(context: JsonContext, name: string): JsonContext {
  const kind = SECRET_MEMBERS.get(memberKey(name)) ?? context.kind;
  const identity = context.identity === true || IDENTITY_MEMBERS.has(memberKey(name));
  return { ...context, identity, ...(kind === undefined ? {} : { kind }) };
}

function redactScalar(value: string | number, { text, mark, kind, identity }: JsonContext): Json {
  const raw = String(value);
  if (raw === '' || isRedacted(raw)) return value;
  if (kind !== undefined) return redactValue(kind, raw, mark);
  if (identity === true && BARE_IDENTITY.test(raw)) return mark('supi', raw);
  const clean = text(raw);
  return clean === raw ? value : clean;
}

function isRedacted(value: string): boolean {
  return /^(?:[A-Za-z]+[ \t-]+)?\[redacted [a-z-]+ [0-9a-f]{8}\]$/u.test(value);
}

function groupsOf(match: readonly unknown[]): Readonly<Record<string, string | undefined>> {
  return match.at(-1) as Record<string, string | undefined>;
}
