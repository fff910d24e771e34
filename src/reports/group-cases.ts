import { canonicalBytes } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';

export type CaseGroup = JsonObject & { readonly cases: readonly string[] };

const latin1 = new TextDecoder('latin1');

/** What is the same for many cases is said once, with their numbers; in the order of the first of them. */
export function groupCases(
  found: readonly (readonly [number: string, value: JsonObject])[],
): readonly CaseGroup[] {
  const groups = new Map<string, { readonly value: JsonObject; readonly cases: string[] }>();
  for (const [number, value] of found) {
    const key = latin1.decode(canonicalBytes(value));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { value, cases: [number] });
    else group.cases.push(number);
  }
  return [...groups.values()].map(({ value, cases }) => ({ ...value, cases }));
}
