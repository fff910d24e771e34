import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import type { RanFact } from '../../simulators/gnb/core.ts';
import type { Bench, Seen } from '../procedure.ts';
import { broken, type Found, holds } from '../ap/judging.ts';

/** Kind of an observation of what has happened to a UE of the tester. */
export const UE_FACT = 'ue';

/** What a UE of the tester has seen: the way into messages that nobody else can read. */
export function observeFact(
  bench: Bench,
  step: string,
  { ue, fact }: { readonly ue: string; readonly fact: RanFact },
): void {
  bench.observe(step, UE_FACT, { ue, ...jsonOf(fact) });
}

function jsonOf(fact: RanFact): JsonObject {
  return JSON.parse(JSON.stringify(fact)) as JsonObject;
}

export interface SeenFact {
  readonly n: number;
  readonly step: string;
  readonly ue: string;
  readonly fact: RanFact['fact'];
  readonly data: JsonObject;
}

export function factsIn({ observations }: Pick<Seen, 'observations'>): readonly SeenFact[] {
  return observations.flatMap(({ n, step, kind, data }) =>
    kind === UE_FACT && isJsonObject(data)
      ? [{ n, step, data, ue: text(data['ue']), fact: text(data['fact']) as RanFact['fact'] }]
      : [],
  );
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** What is looked for: in a step, or of a UE. */
export interface Where {
  readonly step?: string;
  readonly ue?: string;
}

export function factOf(
  facts: readonly SeenFact[],
  name: RanFact['fact'],
  { step, ue }: Where = {},
): SeenFact | undefined {
  return facts.find(
    (each) => each.fact === name && (step ?? each.step) === each.step && (ue ?? each.ue) === each.ue,
  );
}

/** That has happened; `otherwise` says what it is when it has not. */
export function happened(
  facts: readonly SeenFact[],
  name: RanFact['fact'],
  { otherwise, ...where }: Where & { readonly otherwise: string },
): Found {
  const found = factOf(facts, name, where);
  if (found !== undefined) return holds(name, found.n);
  const last = facts.filter(({ step }) => (where.step ?? step) === step).at(-1);
  return broken(
    last === undefined ? otherwise : `${otherwise}; the last that happened to the UE: ${last.fact}`,
    ...(last === undefined ? [] : [last.n]),
  );
}

/** That has not happened. */
export function neverHappened(facts: readonly SeenFact[], name: RanFact['fact'], what: string): Found {
  const found = factOf(facts, name);
  return found === undefined ? holds(`not ${name}`) : broken(what, found.n);
}
