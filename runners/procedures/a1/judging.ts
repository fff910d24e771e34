import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import type { Measurement } from '../../../src/domain/case-record.ts';
import type { Matcher } from '../../interfaces/a1/expect.ts';
import type { HttpExchange } from '../../interfaces/http/types.ts';
import { clause, type Judged, type JudgedClause, type Seen } from '../procedure.ts';
import type { TypeInUse } from './steps.ts';

export interface SeenExchange {
  readonly n: number;
  readonly step: string;
  readonly exchange: HttpExchange;
}

/** The exchanges of a case with the product, without what only tidied up. */
export function exchanges({ observations }: Seen): readonly SeenExchange[] {
  return observations
    .filter(({ kind, step }) => kind === 'http-exchange' && step !== 'clean-up')
    .map(({ n, step, data }) => ({ n, step, exchange: data as unknown as HttpExchange }));
}

export function exchangeAt(seen: Seen, step: string): SeenExchange | undefined {
  return exchanges(seen).find((one) => one.step === step);
}

/** The first note of that step; undefined when the case did not get there. */
export function noteAt(seen: Seen, step: string): Json | undefined {
  return seen.observations.find((one) => one.step === step && one.kind === 'note')?.data;
}

export function typeInUse(seen: Seen): TypeInUse | null {
  const note = noteAt(seen, 'type-in-use');
  return isJsonObject(note) ? (note as unknown as TypeInUse) : null;
}

/** Every request that was sent was answered in time by an HTTP response. */
export function answered(seen: Seen): JudgedClause {
  const all = exchanges(seen);
  const silent = all.find(({ exchange }) => exchange.response === null);
  if (silent !== undefined) {
    const { request, failure } = silent.exchange;
    const saw = `${request.method} in step ${silent.step}: ${failure?.kind ?? 'nothing'}, ${failure?.detail ?? ''}`;
    return clause('answered', ['fail', saw], silent.n);
  }
  if (all.length === 0) return clause('answered', ['none', 'no request was sent']);
  return clause('answered', ['pass', `${all.length} request(s) answered`], ...all.map(({ n }) => n));
}

/** Judges the response of one step; `none` when the case did not get there or nothing came back. */
export function judgeStep(seen: Seen, id: string, expected: { step: string; is: Matcher }): JudgedClause {
  const found = exchangeAt(seen, expected.step);
  const response = found?.exchange.response ?? null;
  if (found === undefined || response === null) return unseen(id, `step ${expected.step} was not seen`);
  const { ok, saw } = expected.is(response, found.exchange);
  return clause(id, [ok ? 'pass' : 'fail', saw], found.n);
}

export function unseen(id: string, why: string): JudgedClause {
  return clause(id, ['none', why]);
}

/** Clauses of one behaviour seen in several steps: the worst of them. */
export function judgeSteps(
  seen: Seen,
  id: string,
  expected: readonly { step: string; is: Matcher }[],
): JudgedClause {
  const parts = expected.map((one) => judgeStep(seen, id, one));
  const order: readonly Verdict[] = ['fail', 'none', 'pass'];
  const worst = order.find((verdict) => parts.some((part) => part.verdict === verdict)) ?? 'none';
  const showing = parts.filter((part) => part.verdict === worst);
  return {
    id,
    verdict: worst,
    saw: showing[0]?.saw ?? 'nothing',
    shownBy: showing.flatMap(({ shownBy }) => shownBy),
  };
}

/** The longest time from connection request to the end of a response. */
export function responseTime(seen: Seen): Measurement[] {
  const times = exchanges(seen)
    .filter(({ exchange }) => exchange.response !== null)
    .map(({ exchange }) => exchange.times.endMs);
  if (times.length === 0) return [];
  return [
    { name: 'responseTime', value: Math.max(...times), unit: 'ms', max: seen.number('responseTimeMs') },
  ];
}

/** The case broke off before it had a policy: only `answered` says something. */
export function notReached(seen: Seen, clauses: readonly string[]): Judged {
  const rest = clauses.filter((id) => id !== 'answered');
  return {
    clauses: [answered(seen), ...rest.map((id) => unseen(id, 'the case did not get there'))],
    measurements: responseTime(seen),
  };
}
