import { type Json, sameJson } from '../../../src/kernel/json.ts';
import { both, hasStatus, isPolicy, type Matcher } from '../../interfaces/a1/expect.ts';
import { jsonOf } from '../../interfaces/http/body.ts';
import type { JudgedClause, Procedure, Seen } from '../procedure.ts';
import { answered, exchangeAt, judgeStep, notReached, responseTime, typeInUse, unseen } from './judging.ts';
import { RESPONSE_TIME } from './parameters.ts';
import { driveA1, useType } from './steps.ts';

/** A1TS 6.2.4.1 and 6.2.4.2: an update takes effect; one that the schema refuses leaves the policy as it was. */
export const updatePolicy: Procedure = {
  id: 'a1.policy.update',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'status', 'body', 'readback', 'refused', 'kept'],

  drive: (bench, { signal }) =>
    driveA1(bench, { signal }, async (driver) => {
      const { type, valid, update, invalid } = await useType(driver);
      const resource = { kind: 'policy', type, policy: driver.newPolicy(type) } as const;
      await driver.send('create', { method: 'PUT', resource, body: valid });
      await driver.send('update', { method: 'PUT', resource, body: update });
      await driver.send('read-back', { method: 'GET', resource });
      if (invalid === null) return;
      await driver.send('update-bad', { method: 'PUT', resource, body: invalid });
      await driver.send('read-kept', { method: 'GET', resource });
    }),

  judge: (seen) => {
    const used = typeInUse(seen);
    if (used === null) return notReached(seen, updatePolicy.clauses);
    const { valid, update, invalid, policySchema } = used;
    const updated = isPolicy(update, policySchema);
    const why = 'IXIT a1.policies has no invalid body, and none follows from the schema';
    return {
      clauses: [
        answered(seen),
        judgeStep(seen, 'status', { step: 'update', is: hasStatus(200) }),
        judgeStep(seen, 'body', { step: 'update', is: updated }),
        sameJson(valid, update)
          ? unseen('readback', 'no second valid body: IXIT a1.policies has no "update", and none follows')
          : judgeStep(seen, 'readback', { step: 'read-back', is: both(hasStatus(200), updated) }),
        invalid === null
          ? unseen('refused', why)
          : judgeStep(seen, 'refused', { step: 'update-bad', is: hasStatus(400) }),
        invalid === null ? unseen('kept', why) : kept(seen),
      ],
      measurements: responseTime(seen),
    };
  },
};

/** What a read before the refused update gave is what a read after it gives, whether or not that was right. */
function kept(seen: Seen): JudgedClause {
  const before = exchangeAt(seen, 'read-back')?.exchange.response ?? null;
  const earlier = before === null ? undefined : jsonOf(before.body);
  if (earlier === undefined) return unseen('kept', 'the policy before the refused update was not readable');
  return judgeStep(seen, 'kept', { step: 'read-kept', is: both(hasStatus(200), isSame(earlier)) });
}

const isSame =
  (earlier: Json): Matcher =>
  ({ body }) => {
    const ok = sameJson(jsonOf(body), earlier);
    return { ok, saw: ok ? 'the policy as before' : 'not the policy as before' };
  };
