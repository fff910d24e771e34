import { both, hasStatus, isIdList, isPolicy, isStatusBody, listsIds } from '../../interfaces/a1/expect.ts';
import type { Json } from '../../../src/kernel/json.ts';
import type { Procedure } from '../procedure.ts';
import { answered, judgeStep, notReached, noteAt, responseTime, typeInUse } from './judging.ts';
import { RESPONSE_TIME } from './parameters.ts';
import { driveA1, UNKNOWN_TYPE, useType } from './steps.ts';

/** A1TS 6.2.3.1 to 6.2.3.6: list, read and status, of what exists and what does not. */
export const readPolicy: Procedure = {
  id: 'a1.policy.read',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: [
    'answered',
    'list-status',
    'list-none',
    'list-one',
    'list-many',
    'list-unknown-type',
    'read',
    'read-unknown',
    'status',
    'status-unknown',
  ],

  drive: (bench, { signal }) =>
    driveA1(bench, { signal }, async (driver) => {
      const { type, valid } = await useType(driver);
      const get = (step: string, resource: Parameters<typeof driver.send>[1]['resource']) =>
        driver.send(step, { method: 'GET', resource });
      const policies = [driver.newPolicy(type), driver.newPolicy(type)] as const;
      const [one, two] = policies;
      bench.observe('policies', 'note', policies);
      await get('list-none', { kind: 'policies', type });
      await driver.send('create-one', {
        method: 'PUT',
        resource: { kind: 'policy', type, policy: one },
        body: valid,
      });
      await get('list-one', { kind: 'policies', type });
      await driver.send('create-two', {
        method: 'PUT',
        resource: { kind: 'policy', type, policy: two },
        body: valid,
      });
      await get('list-many', { kind: 'policies', type });
      await get('list-unknown', { kind: 'policies', type: UNKNOWN_TYPE });
      await get('read', { kind: 'policy', type, policy: one });
      await get('status', { kind: 'status', type, policy: one });
      const nobody = `${one}-none`;
      await get('read-unknown', { kind: 'policy', type, policy: nobody });
      await get('status-unknown', { kind: 'status', type, policy: nobody });
    }),

  judge: (seen) => {
    const used = typeInUse(seen);
    const [one, two] = idsAt(noteAt(seen, 'policies'));
    if (used === null || one === undefined || two === undefined) return notReached(seen, readPolicy.clauses);
    const listed = (present: readonly string[], absent: readonly string[]) =>
      both(hasStatus(200), isIdList, listsIds({ present, absent }));
    return {
      clauses: [
        answered(seen),
        judgeStep(seen, 'list-status', { step: 'list-many', is: hasStatus(200) }),
        judgeStep(seen, 'list-none', { step: 'list-none', is: listed([], [one, two]) }),
        judgeStep(seen, 'list-one', { step: 'list-one', is: listed([one], [two]) }),
        judgeStep(seen, 'list-many', { step: 'list-many', is: listed([one, two], []) }),
        judgeStep(seen, 'list-unknown-type', { step: 'list-unknown', is: hasStatus(404) }),
        judgeStep(seen, 'read', {
          step: 'read',
          is: both(hasStatus(200), isPolicy(used.valid, used.policySchema)),
        }),
        judgeStep(seen, 'read-unknown', { step: 'read-unknown', is: hasStatus(404) }),
        judgeStep(seen, 'status', {
          step: 'status',
          is: both(hasStatus(200), isStatusBody(used.statusSchema)),
        }),
        judgeStep(seen, 'status-unknown', { step: 'status-unknown', is: hasStatus(404) }),
      ],
      measurements: responseTime(seen),
    };
  },
};

function idsAt(note: Json | undefined): readonly (string | undefined)[] {
  return Array.isArray(note) ? (note as string[]) : [];
}
