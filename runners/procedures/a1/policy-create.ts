import { both, hasStatus, idsOf, isPolicy, locates } from '../../interfaces/a1/expect.ts';
import { type A1Resource } from '../../interfaces/a1/types.ts';
import { clause, type JudgedClause, type Procedure, type Seen } from '../procedure.ts';
import {
  answered,
  exchangeAt,
  judgeStep,
  notReached,
  noteAt,
  responseTime,
  typeInUse,
  unseen,
} from './judging.ts';
import { RESPONSE_TIME } from './parameters.ts';
import { driveA1, UNKNOWN_TYPE, useType } from './steps.ts';

/** A1TS 6.2.2.1: a valid policy is created at the URI the consumer chose. */
export const createPolicy: Procedure = {
  id: 'a1.policy.create',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'status', 'location', 'body', 'readback'],

  drive: (bench, { signal }) =>
    driveA1(bench, { signal }, async (driver) => {
      const { type, valid } = await useType(driver);
      const resource = { kind: 'policy', type, policy: driver.newPolicy(type) } as const;
      bench.observe('resource', 'note', resource);
      await driver.send('create', { method: 'PUT', resource, body: valid });
      await driver.send('read-back', { method: 'GET', resource });
    }),

  judge: (seen) => {
    const used = typeInUse(seen);
    const resource = noteAt(seen, 'resource') as A1Resource | undefined;
    if (used === null || resource === undefined) return notReached(seen, createPolicy.clauses);
    const same = isPolicy(used.valid, used.policySchema);
    return {
      clauses: [
        answered(seen),
        judgeStep(seen, 'status', { step: 'create', is: hasStatus(201) }),
        judgeStep(seen, 'location', { step: 'create', is: locates(resource) }),
        judgeStep(seen, 'body', { step: 'create', is: same }),
        judgeStep(seen, 'readback', { step: 'read-back', is: both(hasStatus(200), same) }),
      ],
      measurements: responseTime(seen),
    };
  },
};

/** A1TS 6.2.2.2 and 6.2.2.3: a policy its schema refuses, and one of an unknown type, are not created. */
export const refusePolicy: Procedure = {
  id: 'a1.policy.create-refused',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'schema-error', 'unknown-type', 'nothing-created'],

  drive: (bench, { signal }) =>
    driveA1(bench, { signal }, async (driver) => {
      const { type, valid, invalid } = await useType(driver);
      const policy = driver.newPolicy(type);
      bench.observe('policy', 'note', policy);
      if (invalid !== null) {
        const resource = { kind: 'policy', type, policy } as const;
        await driver.send('create-bad', { method: 'PUT', resource, body: invalid });
        await driver.send('read-bad', { method: 'GET', resource });
        await driver.send('list-after', { method: 'GET', resource: { kind: 'policies', type } });
      }
      const unknown = { kind: 'policy', type: UNKNOWN_TYPE, policy } as const;
      await driver.send('create-unknown', { method: 'PUT', resource: unknown, body: valid });
    }),

  judge: (seen) => {
    const used = typeInUse(seen);
    if (used === null) return notReached(seen, refusePolicy.clauses);
    const why = 'IXIT a1.policies has no invalid body, and none follows from the schema';
    return {
      clauses: [
        answered(seen),
        used.invalid === null
          ? unseen('schema-error', why)
          : judgeStep(seen, 'schema-error', { step: 'create-bad', is: hasStatus(400) }),
        judgeStep(seen, 'unknown-type', { step: 'create-unknown', is: hasStatus(404) }),
        nothingCreated(seen),
      ],
      measurements: responseTime(seen),
    };
  },
};

function nothingCreated(seen: Seen): JudgedClause {
  const id = 'nothing-created';
  const policy = noteAt(seen, 'policy');
  const read = exchangeAt(seen, 'read-bad');
  const list = exchangeAt(seen, 'list-after');
  const listed = list?.exchange.response ?? null;
  const ids = listed === null ? null : idsOf(listed);
  if (typeof policy === 'string' && list !== undefined && ids?.includes(policy) === true)
    return clause(id, ['fail', 'the refused policy is in the list'], list.n);
  const status = read?.exchange.response?.status;
  if (read === undefined || status === undefined) return unseen(id, 'it was not looked');
  if (status === 404) return clause(id, ['pass', 'HTTP 404 for the refused policy'], read.n);
  if (status !== 200 && list !== undefined && ids !== null)
    return clause(id, ['pass', 'the refused policy is not in the list'], list.n);
  return clause(id, [status === 200 ? 'fail' : 'inconc', `HTTP ${status} for the refused policy`], read.n);
}
