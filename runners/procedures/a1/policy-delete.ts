import { both, hasStatus, isEmpty, listsIds } from '../../interfaces/a1/expect.ts';
import type { Procedure } from '../procedure.ts';
import { answered, judgeStep, notReached, noteAt, responseTime } from './judging.ts';
import { RESPONSE_TIME } from './parameters.ts';
import { driveA1, useType } from './steps.ts';

/** A1TS 6.2.5.1 and 6.2.5.2: a policy is deleted, and a second time there is nothing to delete. */
export const deletePolicy: Procedure = {
  id: 'a1.policy.delete',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'status', 'empty-body', 'gone', 'unlisted', 'again'],

  drive: (bench, { signal }) =>
    driveA1(bench, { signal }, async (driver) => {
      const { type, valid } = await useType(driver);
      const policy = driver.newPolicy(type);
      const resource = { kind: 'policy', type, policy } as const;
      bench.observe('policy', 'note', policy);
      await driver.send('create', { method: 'PUT', resource, body: valid });
      await driver.send('delete', { method: 'DELETE', resource });
      await driver.send('read-after', { method: 'GET', resource });
      await driver.send('list-after', { method: 'GET', resource: { kind: 'policies', type } });
      await driver.send('delete-again', { method: 'DELETE', resource });
    }),

  judge: (seen) => {
    const policy = noteAt(seen, 'policy');
    if (typeof policy !== 'string') return notReached(seen, deletePolicy.clauses);
    return {
      clauses: [
        answered(seen),
        judgeStep(seen, 'status', { step: 'delete', is: hasStatus(204) }),
        judgeStep(seen, 'empty-body', { step: 'delete', is: isEmpty }),
        judgeStep(seen, 'gone', { step: 'read-after', is: hasStatus(404) }),
        judgeStep(seen, 'unlisted', {
          step: 'list-after',
          is: both(hasStatus(200), listsIds({ absent: [policy] })),
        }),
        judgeStep(seen, 'again', { step: 'delete-again', is: hasStatus(404) }),
      ],
      measurements: responseTime(seen),
    };
  },
};
