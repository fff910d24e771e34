import { isJsonObject } from '../../../src/kernel/json.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { driveRic } from './ric-driver.ts';
import { needsTrigger, preparationOf } from './ric-hook.ts';
import { askHook } from '../hook.ts';
import { alive, answered, begun, reportOn, requested, sameTransaction } from './ric-judging.ts';
import { sentIn } from '../ap/seen-messages.ts';
import { seenPdus } from './seen-messages.ts';
import { testerNodeName } from './tester-node.ts';

/** E2TS 5.2.1.2.1; that subscriptions are gone afterwards is our addition, and seen where the product reports what it has. */
export const resetByNode: Procedure = {
  id: 'e2.ric.reset-by-node',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['answered', 'transaction', 'forgotten', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.ready();
      const preparation = preparationOf(driver.product);
      if (preparation.kind === 'hook') {
        const from = await driver.trigger(node, {
          step: 'subscribe',
          action: 'subscribe',
          inWords: 'subscribe',
        });
        await node.awaits('RICsubscriptionRequest', { from, withinMs: bench.number('triggerWithinMs') });
      }
      await node.probe('reset');
      if (preparation.kind === 'hook')
        await askHook({ bench, url: preparation.url, step: 'report' }, { action: 'report' }, { signal });
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = sentIn(pdus, 'reset');
    return {
      clauses: clausesOf({
        answered: answered(pdus, request, ['ResetResponse']),
        transaction: sameTransaction(pdus, request, ['ResetResponse']),
        forgotten: forgotten(seen),
        alive: alive(pdus),
      }),
    };
  },
};

function forgotten(seen: Seen): Found {
  const pdus = seenPdus(seen.observations);
  if (begun(pdus, 'RICsubscriptionRequest', ['subscribe']).length === 0)
    return unseen('there was no subscription');
  const [product] = seen.subjects;
  const report = product === undefined ? undefined : reportOn(seen, 'report', testerNodeName(product, 1));
  if (report === undefined) return unseen('the product does not report what it has');
  const { subscriptions } = report.node;
  const left = Array.isArray(subscriptions) ? subscriptions.filter(isJsonObject).length : 0;
  return left === 0
    ? holds('no subscription is left', report.n)
    : broken(`${left} subscription(s) are left after the reset`, report.n);
}

/** E2TS 5.2.1.2.2 */
export const resetByRic: Procedure = {
  id: 'e2.ric.reset-by-ric',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'well-formed', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'reset');
      const node = await driver.ready();
      const from = await driver.trigger(node, {
        ...{ step: 'trigger', action: 'reset' },
        inWords: 'send a RESET REQUEST to the E2 node',
      });
      await node.awaits('ResetRequest', { from, withinMs: bench.number('triggerWithinMs') });
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        requested: requested({ seen, pdus }, 'ResetRequest', ['trigger']),
        'well-formed': wellFormed(begun(pdus, 'ResetRequest', ['trigger'])),
        alive: alive(pdus),
      }),
    };
  },
};
