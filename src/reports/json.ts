import type { Json, JsonObject } from '../kernel/json.ts';

/**
 * Our own stored types are JSON by construction; members that are absent stay absent.
 *
 * What a product under test wrote may have found its way into a record, so what no signed document can carry is put
 * into a form that it can: half a surrogate pair becomes U+FFFD, an integer beyond ±(2^53 − 1) its digits as text.
 */
export function asJson(value: object): Json {
  return copy(value);
}

function copy(value: unknown): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return copyNumber(value);
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return copyList(value);
  if (typeof value !== 'object') throw new TypeError(`a stored value is a ${typeof value}`);
  return copyMembers(value as Readonly<Record<string, unknown>>);
}

/** The same list when there is nothing to change in it, as nearly always. */
function copyList(list: readonly unknown[]): readonly Json[] {
  const copied = list.map((item) => (item === undefined ? null : copy(item)));
  return copied.every((item, index) => item === list[index]) ? (list as readonly Json[]) : copied;
}

/** The same object when there is nothing to change in it. */
function copyMembers(members: Readonly<Record<string, unknown>>): JsonObject {
  const names = Object.keys(members);
  const same = names.every((name) => name.isWellFormed() && copy(members[name] ?? null) === members[name]);
  if (same) return members as JsonObject;
  const kept = names.filter((name) => members[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name.toWellFormed(), copy(members[name])]));
}

function copyNumber(number: number): Json {
  if (!Number.isFinite(number)) return null;
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? String(number) : number;
}

/** Without the members that are `undefined`. */
export function withoutAbsent(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (member !== undefined) kept[name] = member;
  }
  return kept;
}
