import type { Verdict } from '../../../src/domain/verdict.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import type { HttpExchange } from '../../interfaces/http/types.ts';
import { clause, type JudgedClause } from '../procedure.ts';

/** An exchange of the case, with the number of its observation. */
export interface SeenExchange {
  readonly n: number;
  readonly step: string;
  readonly exchange: HttpExchange;
}

/** Requests without TLS to a port that may well keep silent about them: no manners are owed there. */
export const CLEARTEXT_STEP = 'cleartext-';

/** The exchanges of a case by step, in their order. Each step is observed once. */
export function exchangesIn(observations: readonly Observation[]): ReadonlyMap<string, SeenExchange> {
  const found = observations.filter(({ kind }) => kind === 'http-exchange');
  return new Map(
    // The observation was made from an HttpExchange by this room, and comes back as it was stored.
    found.map(({ n, step, data }) => [step, { n, step, exchange: data as unknown as HttpExchange }]),
  );
}

/** `HTTP 404`, or why there was no answer. */
export function describe({ response, failure }: HttpExchange): string {
  if (response !== null) return `HTTP ${response.status}`;
  return failure === null ? 'no answer' : `${failure.kind} (${failure.detail})`;
}

export function statusOf(seen: SeenExchange | undefined): number | null {
  return seen?.exchange.response?.status ?? null;
}

/** Delivered, and neither answered nor closed in time. */
export function isUnanswered({ exchange: { delivered, failure } }: SeenExchange): boolean {
  return delivered && failure?.kind === 'timeout';
}

/**
 * The clause `answered`: every request that reached the product was answered or refused in time, and the welcome
 * client got an answer.
 */
export function judgeAnswered(seen: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const all = [...seen.values()].filter(({ step }) => !step.startsWith(CLEARTEXT_STEP));
  const silent = all.filter(isUnanswered);
  const names = silent.map(({ step }) => step).join(', ');
  if (silent.length > 0)
    return clause('answered', ['fail', `no answer in time: ${names}`], ...numbers(silent));
  const first = seen.get('welcome');
  if (first === undefined) return clause('answered', ['none', 'nothing was sent']);
  const saw = describe(first.exchange);
  return first.exchange.response === null
    ? clause('answered', ['fail', saw], first.n)
    : clause('answered', ['pass', `${all.length} requests; the first: ${saw}`], first.n);
}

/** Judges one exchange by whether `isRight` says so; `none` with `absent` when it was never made. */
export function judgeExchange(
  id: string,
  seen: SeenExchange | undefined,
  { isRight, absent = 'not reached' }: { isRight: (exchange: HttpExchange) => boolean; absent?: string },
): JudgedClause {
  if (seen === undefined) return clause(id, ['none', absent]);
  const verdict: Verdict = isRight(seen.exchange) ? 'pass' : isUndelivered(seen) ? 'inconc' : 'fail';
  return clause(id, [verdict, describe(seen.exchange)], seen.n);
}

/** Nothing reached the product, so its silence proves nothing. */
export function isUndelivered({ exchange: { delivered, failure } }: SeenExchange): boolean {
  return !delivered && (failure?.kind === 'refused' || failure?.kind === 'connect-timeout');
}

export function hasStatus(...wanted: readonly number[]): (exchange: HttpExchange) => boolean {
  return ({ response }) => response !== null && wanted.includes(response.status);
}

/** Refused without any HTTP answer: by an alert, or by closing. @see RFC 8446 §4.4.2.4, §6.2 */
export function isTlsRefusal({ response, failure }: HttpExchange): boolean {
  return response === null && (failure?.kind === 'tls-failed' || failure?.kind === 'reset');
}

export function numbers(seen: readonly SeenExchange[]): readonly number[] {
  return seen.map(({ n }) => n);
}
