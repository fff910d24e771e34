import { DEFAULT_BASE_PATH } from '../../interfaces/a1/types.ts';
import type { HttpReceived } from '../../interfaces/http/types.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { clause, type JudgedClause, type Procedure, type Seen } from '../procedure.ts';
import { driveConsumer } from './consumer.ts';
import { noteAt, unseen } from './judging.ts';
import {
  bodyFits,
  hasMethod,
  hasUri,
  isAttempt,
  isJsonContent,
  type OperationName,
  OPERATIONS,
  TESTER_POLICY_TYPE,
  TESTER_TYPE,
  type Wanted,
} from './operations.ts';
import { SETTLE, TRIGGER_WITHIN } from './parameters.ts';

const NEEDS_POLICY: readonly OperationName[] = ['list', 'read', 'status', 'update', 'delete'];

/** A1TS 5.2.1 to 5.2.5: the consumer sends the request of one operation. */
export const CONSUMER_REQUESTS: readonly Procedure[] = (Object.keys(OPERATIONS) as OperationName[]).map(
  (name) => ({
    id: `a1.consumer.${name}`,
    parameters: { triggerWithinMs: TRIGGER_WITHIN, settleMs: SETTLE },
    clauses: ['requested', 'method', 'uri', 'content-type', 'body'],
    drive: (bench, { signal }) =>
      driveConsumer(bench, { signal }, async (driver) => {
        if (NEEDS_POLICY.includes(name)) driver.seed();
        await driver.trigger(name);
      }),
    judge: (seen) => ({ clauses: judgeRequest(seen, name) }),
  }),
);

/** The request that is judged: the right one, otherwise the first that was meant as it. */
export function requestOf(
  seen: Seen,
  name: OperationName,
): { n: number; data: HttpReceived; wanted: Wanted } | null {
  const note = noteAt(seen, 'wanted');
  const policy = isJsonObject(note) && typeof note['policy'] === 'string' ? note['policy'] : '';
  const wanted: Wanted = {
    operation: OPERATIONS[name],
    basePath: DEFAULT_BASE_PATH,
    type: TESTER_TYPE,
    policy,
  };
  const all = seen.observations
    .filter(({ kind, step }) => kind === 'http-received' && step === 'consumer')
    .map(({ n, data }) => ({ n, data: data as unknown as HttpReceived, wanted }));
  const right = all.find(({ data }) => hasMethod(data, wanted) && hasUri(data, wanted));
  return right ?? all.find(({ data }) => isAttempt(data, wanted)) ?? null;
}

function judgeRequest(seen: Seen, name: OperationName): readonly JudgedClause[] {
  const found = requestOf(seen, name);
  if (found === null)
    return [
      clause('requested', ['inconc', `no request came within ${seen.number('triggerWithinMs')} ms`]),
      ...['method', 'uri', 'content-type', 'body'].map((id) => unseen(id, 'no request came')),
    ];
  const { n, data, wanted } = found;
  const check = (id: string, ok: boolean, saw: string) => clause(id, [ok ? 'pass' : 'fail', saw], n);
  const isPut = wanted.operation.method === 'PUT';
  const content = isJsonContent(data);
  const body = bodyFits(data, TESTER_POLICY_TYPE.policySchema);
  return [
    clause('requested', ['pass', 'a request came'], n),
    check('method', hasMethod(data, wanted), data.method.slice(0, 20)),
    check('uri', hasUri(data, wanted), hasUri(data, wanted) ? 'the URI of the resource' : 'another URI'),
    isPut
      ? check('content-type', content.ok, content.saw)
      : unseen('content-type', 'the request has no body'),
    isPut ? check('body', body.ok, body.saw) : unseen('body', 'the request has no body'),
  ];
}
