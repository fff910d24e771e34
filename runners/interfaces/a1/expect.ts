import { isJsonObject, type Json, sameJson } from '../../../src/kernel/json.ts';
import { bytesOf, header, jsonOf, mediaType } from '../http/body.ts';
import type { HttpExchange, HttpResponse } from '../http/types.ts';
import { compileSchema } from './schema.ts';
import { type A1Resource, type PolicyType } from './types.ts';
import { a1Path } from './uri.ts';

/** What a matcher found: whether it is as expected, and in a few words what was seen. */
export interface Check {
  readonly ok: boolean;
  readonly saw: string;
}

export type Matcher = (response: HttpResponse, exchange: HttpExchange) => Check;

const yes = (saw: string): Check => ({ ok: true, saw });
const no = (saw: string): Check => ({ ok: false, saw });

/** All must hold; the first that does not is what was seen. */
export function both(...matchers: readonly Matcher[]): Matcher {
  return (response, exchange) => {
    const checks = matchers.map((matcher) => matcher(response, exchange));
    return checks.find((check) => !check.ok) ?? yes(checks.map(({ saw }) => saw).join(', '));
  };
}

export const hasStatus =
  (status: number): Matcher =>
  (response) => ({ ok: response.status === status, saw: `HTTP ${response.status}` });

/** What the body is called: JSON, or nothing at all, as Content-Type is no must (RFC 9110 §8.3). */
const calledJson: Matcher = ({ headers }) => {
  const type = mediaType(headers);
  const ok = type === undefined || type === '' || /^application\/(?:[^/]+\+)?json$/u.test(type);
  return { ok, saw: `Content-Type ${type?.slice(0, 80) ?? 'absent'}` };
};

/** As `matcher`, of a body that is called JSON. */
const ofJson =
  (matcher: Matcher): Matcher =>
  (response, exchange) => {
    const called = calledJson(response, exchange);
    return called.ok ? matcher(response, exchange) : called;
  };

/** A JSON array of strings (RFC 8259), in any order. */
export function idsOf(response: HttpResponse): readonly string[] | null {
  const body = jsonOf(response.body);
  return Array.isArray(body) && body.every((id) => typeof id === 'string') ? body : null;
}

export const isIdList: Matcher = ofJson((response) => {
  const ids = idsOf(response);
  return ids === null ? no(`${kindOf(response)} instead of an array of ids`) : yes(`${ids.length} id(s)`);
});

/** The list has all of `present` and none of `absent`; what else it has is not ours to judge. */
export const listsIds =
  ({ present = [], absent = [] }: { present?: readonly string[]; absent?: readonly string[] }): Matcher =>
  (response) => {
    const ids = idsOf(response);
    if (ids === null) return no(`${kindOf(response)} instead of an array of ids`);
    const missing = present.find((id) => !ids.includes(id));
    if (missing !== undefined) return no(`${missing} is not in the list`);
    const surplus = absent.find((id) => ids.includes(id));
    return surplus === undefined ? yes(`${ids.length} id(s)`) : no(`${surplus} is in the list`);
  };

/** The list is exactly this set. */
export const listsExactly =
  (wanted: readonly string[]): Matcher =>
  (response, exchange) => {
    const check = listsIds({ present: wanted })(response, exchange);
    const ids = idsOf(response);
    return check.ok && ids?.length !== wanted.length
      ? no(`${ids?.length} ids instead of ${wanted.length}`)
      : check;
  };

/** Body carries the policy: every member that was sent, with its value; members may have been added where the schema allows. */
export const isPolicy = (policy: Json, schema: Json | null): Matcher =>
  ofJson((response) => {
    const body = jsonOf(response.body);
    if (body === undefined) return no(kindOf(response));
    if (!covers(body, policy)) return no('another policy than the one sent');
    const check = schema === null ? null : compileSchema(schema);
    const problem = check?.ok === true ? check.value(body) : null;
    return problem === null ? yes('the policy as sent') : no(`the schema refuses it: ${problem}`);
  });

export const isPolicyType: Matcher = ofJson((response) =>
  policyTypeOf(response) === null
    ? no(`${kindOf(response)} without an object policySchema`)
    : yes('a policy type'),
);

export function policyTypeOf(response: HttpResponse): PolicyType | null {
  const body = jsonOf(response.body);
  if (!isJsonObject(body) || !isJsonObject(body['policySchema'])) return null;
  const { policySchema, statusSchema } = body;
  return { policySchema, ...(isJsonObject(statusSchema) ? { statusSchema } : {}) };
}

/** A status as the type's own statusSchema says; without one, an object whose enforceStatus, if any, is a known word. */
export function isPolicyStatus(body: Json | undefined, statusSchema: Json | null): Check {
  if (!isJsonObject(body)) return no('no JSON object');
  const check = statusSchema === null ? null : compileSchema(statusSchema);
  if (check?.ok === true) {
    const problem = check.value(body);
    return problem === null ? yes('a status by its schema') : no(`the status schema refuses it: ${problem}`);
  }
  const { enforceStatus } = body;
  if (enforceStatus === undefined) return yes('a status object without enforceStatus');
  return enforceStatus === 'ENFORCED' || enforceStatus === 'NOT_ENFORCED'
    ? yes(`enforceStatus ${enforceStatus}`)
    : no('an unknown enforceStatus');
}

export const isStatusBody = (statusSchema: Json | null): Matcher =>
  ofJson((response) => isPolicyStatus(jsonOf(response.body), statusSchema));

/**
 * Location, absolute or relative (RFC 9110 §10.2.2), names the resource. The part before the resource tree is the
 * product's own view of its address and is not judged.
 */
export const locates =
  (resource: A1Resource): Matcher =>
  (response, { request }) => {
    const location = header(response.headers, 'location');
    if (location === undefined || location === '') return no('no Location header');
    if (!URL.canParse(location, request.url)) return no('Location is no URI reference');
    const path = new URL(location, request.url).pathname.replace(/\/+$/u, '');
    return normal(path).endsWith(normal(a1Path(resource)))
      ? yes('Location names it')
      : no('Location names something else');
  };

export const isEmpty: Matcher = (response) => {
  const { byteLength } = bytesOf(response.body);
  return byteLength === 0 ? yes('no body') : no(`a body of ${byteLength} bytes`);
};

/** `whole` has every member of `part` with the same value; arrays and plain values are the same. */
function covers(whole: Json | undefined, part: Json): boolean {
  if (Array.isArray(part))
    return (
      Array.isArray(whole) &&
      whole.length === part.length &&
      (part as readonly Json[]).every((one, index) => covers((whole as readonly Json[])[index], one))
    );
  if (!isJsonObject(part)) return sameJson(whole, part);
  return (
    isJsonObject(whole) &&
    Object.entries(part).every(([name, one]) => Object.hasOwn(whole, name) && covers(whole[name], one))
  );
}

/** Percent-encoding may differ (RFC 3986 §6.2.2). */
function normal(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function kindOf({ body }: HttpResponse): string {
  const value = jsonOf(body);
  if (value === undefined) return body.bytes === 0 ? 'no body' : 'a body that is no JSON';
  if (Array.isArray(value)) return 'a JSON array';
  return value === null ? 'JSON null' : `a JSON ${typeof value}`;
}
