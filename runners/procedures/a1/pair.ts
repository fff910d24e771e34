import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import {
  both,
  type Check,
  hasStatus,
  isEmpty,
  isIdList,
  isPolicy,
  isPolicyType,
  isPolicyStatus,
  isStatusBody,
  listsIds,
  locates,
  type Matcher,
  policyTypeOf,
} from '../../interfaces/a1/expect.ts';
import type { A1Resource } from '../../interfaces/a1/types.ts';
import { parseA1Path, sameResource } from '../../interfaces/a1/uri.ts';
import { jsonOf, mediaType } from '../../interfaces/http/body.ts';
import type { HttpExchange } from '../../interfaces/http/types.ts';
import { clause, type JudgedClause, type Procedure, type Seen } from '../procedure.ts';
import { answered, exchanges, noteAt, responseTime, type SeenExchange, unseen } from './judging.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import { drivePair, LIFE } from './pair-drive.ts';
import { RESPONSE_TIME, SETTLE } from './parameters.ts';

const CONSUMER = 0;
const PRODUCER = 1;

interface Life {
  readonly root: string;
  readonly type: string;
  readonly policy: string;
  readonly valid: Json;
  readonly update: Json;
}

/** A clause and, when it is not passed, whose doing that is. */
interface Finding {
  readonly clause: JudgedClause;
  readonly side?: number;
}

/** A1TS 7.2: consumer and producer of two vendors go through the whole life of a policy; the runner stands between them. */
export const policyLife: Procedure = {
  id: 'a1.pair.policy-life',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['answered', ...LIFE, 'notify', 'order', 'no-server-error'],
  drive: drivePair,

  judge: (seen) => {
    const note = noteAt(seen, 'life');
    if (!isJsonObject(note))
      return { clauses: policyLife.clauses.map((id) => unseen(id, 'the case did not get there')) };
    const life = note as unknown as Life;
    const findings = [
      judgeAnswered(seen),
      ...LIFE.map((name) => judgeOperation(seen, name, life)),
      judgeNotification(seen, life),
      judgeOrder(seen, life),
      judgeServerErrors(seen),
    ];
    const guilty = findings.find((one) => one.clause.verdict === 'fail')?.side;
    return {
      clauses: findings.map((one) => one.clause),
      measurements: responseTime(seen),
      ...(guilty === undefined ? {} : { attributedTo: guilty }),
    };
  },
};

/** Who had to answer: the producer requests, the consumer notifications. */
const answerer = ({ step }: { step: string }): number => (step === 'notification' ? CONSUMER : PRODUCER);

function judgeAnswered(seen: Seen): Finding {
  const silent = exchanges(seen).find(({ exchange }) => exchange.response === null);
  return { clause: answered(seen), ...(silent === undefined ? {} : { side: answerer(silent) }) };
}

function resourceOf({ request }: HttpExchange, root: string): A1Resource | null {
  return parseA1Path(new URL(request.url).pathname, root);
}

function matches(
  { exchange, step }: SeenExchange,
  name: OperationName,
  { root, type, policy }: Life,
): boolean {
  const found = step === 'exchange' ? resourceOf(exchange, root) : null;
  const { method, resource } = OPERATIONS[name];
  return exchange.request.method === method && found !== null && sameResource(found, resource(type, policy));
}

/** Creation and update look alike on the wire: the first and the second PUT. */
function exchangeOf(seen: Seen, name: OperationName, life: Life): SeenExchange | undefined {
  const all = exchanges(seen).filter((one) => matches(one, name, life));
  return name === 'update' ? all[1] : all[0];
}

function judgeOperation(seen: Seen, name: OperationName, life: Life): Finding {
  const found = exchangeOf(seen, name, life);
  if (NEEDS_POLICY.includes(name) && !created(seen, life))
    return { clause: unseen(name, 'no policy was created') };
  if (found === undefined) return missingRequest(seen, name);
  const { n, exchange } = found;
  const body = name === 'create' ? life.valid : life.update;
  const request = OPERATIONS[name].method === 'PUT' ? rightPut(exchange, body) : { ok: true, saw: '' };
  if (!request.ok) return { clause: clause(name, ['fail', `request: ${request.saw}`], n), side: CONSUMER };
  if (exchange.response === null) return { clause: unseen(name, 'the request was not answered') };
  const { ok, saw } = responseFor(seen, name, life)(exchange.response, exchange);
  return { clause: clause(name, [ok ? 'pass' : 'fail', saw], n), side: PRODUCER };
}

/** Triggered and not sent as the standard writes it; when nothing at all was sent, nothing is proven. */
function missingRequest(seen: Seen, name: OperationName): Finding {
  const [from, to] = span(seen, name);
  const other = seen.observations.find(
    ({ kind, step, n }) => kind === 'http-exchange' && step === 'exchange' && n > from && n < to,
  );
  if (other === undefined)
    return {
      clause: clause(name, [
        'inconc',
        `${OPERATIONS[name].method} for ${OPERATIONS[name].inWords} never came`,
      ]),
    };
  const { request } = other.data as unknown as HttpExchange;
  const saw = `${request.method.slice(0, 20)} at another place than the standard's`;
  return { clause: clause(name, ['fail', saw], other.n), side: CONSUMER };
}

/** Between which observations the request of this operation came: the order is observed when the hook has answered. */
function span(seen: Seen, name: OperationName): readonly [number, number] {
  const own = seen.observations.find(({ step }) => step === `trigger-${name}`)?.n ?? 0;
  const before = seen.observations.findLast(({ kind, n }) => kind === 'hook' && n < own)?.n ?? -1;
  return [before, own];
}

function rightPut({ request }: HttpExchange, body: Json): Check {
  const type = mediaType(request.headers);
  if (type !== 'application/json') return { ok: false, saw: `Content-Type ${type ?? 'absent'}` };
  const sent = jsonOf(request.body);
  const same = sent !== undefined && JSON.stringify(sorted(sent)) === JSON.stringify(sorted(body));
  return { ok: same, saw: same ? 'the policy ordered' : 'another body than the policy ordered' };
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}

const NEEDS_POLICY: readonly OperationName[] = ['list', 'read', 'status', 'update', 'delete'];

/** Without a policy, what follows says nothing about anybody. */
function created(seen: Seen, life: Life): boolean {
  const status = exchangeOf(seen, 'create', life)?.exchange.response?.status ?? 0;
  return status >= 200 && status < 300;
}

function responseFor(seen: Seen, name: OperationName, life: Life): Matcher {
  const { type, policy, valid, update } = life;
  const shown = exchangeOf(seen, 'query-type', life)?.exchange.response ?? null;
  const statusSchema = shown === null ? null : (policyTypeOf(shown)?.statusSchema ?? null);
  const matchers: Record<OperationName, Matcher> = {
    'query-types': both(hasStatus(200), isIdList, listsIds({ present: [type] })),
    'query-type': both(hasStatus(200), isPolicyType),
    create: both(hasStatus(201), locates({ kind: 'policy', type, policy }), isPolicy(valid, null)),
    list: both(hasStatus(200), isIdList, listsIds({ present: [policy] })),
    read: both(hasStatus(200), isPolicy(valid, null)),
    status: both(hasStatus(200), isStatusBody(statusSchema)),
    update: both(hasStatus(200), isPolicy(update, null)),
    delete: both(hasStatus(204), isEmpty),
  };
  return matchers[name];
}

function judgeNotification(seen: Seen, life: Life): Finding {
  if (!created(seen, life)) return { clause: unseen('notify', 'no policy was created') };
  const found = exchanges(seen).find(({ step }) => step === 'notification');
  if (found === undefined) return noNotification(seen);
  const { n, exchange } = found;
  const form =
    exchange.request.method === 'POST'
      ? isPolicyStatus(jsonOf(exchange.request.body), null)
      : { ok: false, saw: `${exchange.request.method} instead of POST` };
  if (!form.ok) return { clause: clause('notify', ['fail', form.saw], n), side: PRODUCER };
  if (exchange.response === null) return { clause: unseen('notify', 'the notification was not answered') };
  const { status } = exchange.response;
  const verdict = status === 204 ? 'pass' : 'fail';
  return { clause: clause('notify', [verdict, `answered by HTTP ${status}`], n), side: CONSUMER };
}

function noNotification(seen: Seen): Finding {
  const asked = exchanges(seen).some(
    ({ exchange, step }) =>
      step === 'exchange' && new URL(exchange.request.url).searchParams.has('notificationDestination'),
  );
  if (!asked) return { clause: unseen('notify', 'the consumer asked for no notification') };
  const provoked = seen.observations.find(({ step }) => step === 'provoke')?.data;
  const changed =
    isJsonObject(provoked) && typeof provoked['status'] === 'number' && provoked['status'] < 300;
  const due = changed || seen.subjects[1]?.ixit['a1.notifiesOnCreate'] === true;
  return due
    ? { clause: clause('notify', ['fail', 'no notification after a change of status']), side: PRODUCER }
    : { clause: clause('notify', ['inconc', 'no notification, and no way to provoke one']) };
}

/** What was seen came in the order it was triggered in. */
function judgeOrder(seen: Seen, life: Life): Finding {
  const places = LIFE.map((name) => exchangeOf(seen, name, life)?.n).filter((n) => n !== undefined);
  if (places.length < 2) return { clause: unseen('order', 'too little was seen') };
  const ok = places.every((n, index) => index === 0 || n > (places[index - 1] ?? -1));
  return {
    clause: clause(
      'order',
      [ok ? 'pass' : 'fail', `${places.length} of ${LIFE.length} operations`],
      ...places,
    ),
    side: CONSUMER,
  };
}

function judgeServerErrors(seen: Seen): Finding {
  const all = exchanges(seen).filter(({ exchange }) => exchange.response !== null);
  const broken = all.find(({ exchange }) => (exchange.response?.status ?? 0) >= 500);
  const id = 'no-server-error';
  if (broken !== undefined)
    return {
      clause: clause(id, ['fail', `HTTP ${broken.exchange.response?.status ?? 0}`], broken.n),
      side: answerer(broken),
    };
  return { clause: all.length === 0 ? unseen(id, 'nothing was seen') : clause(id, ['pass', 'no 5xx']) };
}
