import type { Json, JsonObject } from '../kernel/json.ts';

const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Our own stored types are JSON by construction; members that are absent stay absent.
 *
 * What a product under test wrote may have found its way into a record, so what no signed document can carry is put
 * into a form that it can: half a surrogate pair becomes U+FFFD, an integer beyond ±(2^53 − 1) its digits as text.
 */
export function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value), (_, member: Json) => {
    if (typeof member === 'string') return member.replace(LONE_SURROGATE, '\ufffd');
    if (typeof member === 'number' && Number.isInteger(member) && !Number.isSafeInteger(member)) {
      return String(member);
    }
    return member;
  }) as Json;
}

/** Without the members that are `undefined`. */
export function withoutAbsent(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined),
  );
}
