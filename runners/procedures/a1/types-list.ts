import { hasStatus, isIdList, listsExactly, listsIds, idsOf } from '../../interfaces/a1/expect.ts';
import type { Procedure } from '../procedure.ts';
import { giveOrder, hookUrl } from '../hook.ts';
import { answered, exchangeAt, judgeStep, judgeSteps, responseTime, unseen } from './judging.ts';
import { RESPONSE_TIME } from './parameters.ts';
import { claimedTypes } from './product.ts';
import { type A1Driver, driveA1 } from './steps.ts';

const LIST = { method: 'GET', resource: { kind: 'types' } } as const;
const STEPS = ['list-as-found', 'list-none', 'list-one', 'list-all'] as const;

/** A1TS 6.2.1.1: the ids of all policy types, with none, one, and two or more of them. */
export const listTypes: Procedure = {
  id: 'a1.types.list',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'status', 'shape', 'none', 'one', 'all'],

  drive: (bench, { signal }) =>
    driveA1(bench, { signal }, async (driver) => {
      const { response } = await driver.send('list-as-found', LIST);
      const url = hookUrl(driver.product, 'a1.prepare');
      if (url === null) return;
      const claimed = claimedTypes(driver.product);
      const found = response === null ? null : idsOf(response);
      try {
        await listWith(driver, url, { step: 'list-none', types: [] });
        await listWith(driver, url, { step: 'list-one', types: claimed.slice(0, 1) });
        if (claimed.length > 1) await listWith(driver, url, { step: 'list-all', types: claimed });
      } finally {
        const policyTypes = [...new Set([...claimed, ...(found ?? [])])];
        if (!signal.aborted)
          await giveOrder(
            { bench, url, step: 'restore' },
            { action: 'setPolicyTypes', policyTypes },
            { signal },
          );
      }
    }),

  judge: (seen) => {
    const claimed = claimedTypes(seen.subjects[0] ?? { ics: {}, ixit: {} });
    const seenSteps = STEPS.filter((step) => exchangeAt(seen, step) !== undefined);
    const each = (is: typeof isIdList) => seenSteps.map((step) => ({ step, is }));
    const arranged = (id: string, step: string, is: typeof isIdList) =>
      exchangeAt(seen, step) === undefined
        ? unseen(id, 'this set of policy types could not be arranged (ixit a1.prepare)')
        : judgeStep(seen, id, { step, is });
    const all = exchangeAt(seen, 'list-all') === undefined ? 'list-as-found' : 'list-all';
    return {
      clauses: [
        answered(seen),
        judgeSteps(seen, 'status', each(hasStatus(200))),
        judgeSteps(seen, 'shape', each(isIdList)),
        arranged('none', 'list-none', listsExactly([])),
        arranged('one', 'list-one', listsExactly(claimed.slice(0, 1))),
        claimed.length === 0
          ? unseen('all', 'the product claims no policy type')
          : judgeStep(seen, 'all', { step: all, is: listsIds({ present: claimed }) }),
      ],
      measurements: responseTime(seen),
    };
  },
};

/** Where the hook cannot arrange this set of types, the step is left out. */
async function listWith(
  driver: A1Driver,
  url: string,
  { step, types }: { step: string; types: readonly string[] },
): Promise<void> {
  const { bench, signal } = driver;
  const order = { action: 'setPolicyTypes', policyTypes: types };
  if (await giveOrder({ bench, url, step: `prepare-${step}` }, order, { signal }))
    await driver.send(step, LIST);
}
