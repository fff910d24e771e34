import type { Json, JsonObject } from '../kernel/json.ts';

/** Our own stored types are JSON by construction; members that are absent stay absent. */
export function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Without the members that are `undefined`. */
export function withoutAbsent(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined),
  );
}
