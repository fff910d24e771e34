import type { Procedure } from '../procedure.ts';
import { clausesOf, wellFormed } from '../ap/judging.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { driveRic } from './ric-driver.ts';
import { needsTrigger } from './ric-hook.ts';
import { answered, begun, requested, sameTransaction } from './ric-judging.ts';
import { sentIn } from '../ap/seen-messages.ts';
import { seenPdus } from './seen-messages.ts';

/** E2TS 5.2.1.7.1; that the node may come back is our addition. */
export const removalByNode: Procedure = {
  id: 'e2.ric.removal-by-node',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'transaction', 'again'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.ready();
      const ies = { TransactionID: node.transactionId };
      await node.link.request('removal', { name: 'E2RemovalRequest', ies }, node.waiting);
      await node.link.close();
      const back = await driver.connect('again', 1, 'e2-node-again');
      await back.setUp('again');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = sentIn(pdus, 'removal');
    return {
      clauses: clausesOf({
        answered: answered(pdus, request, ['E2RemovalResponse']),
        transaction: sameTransaction(pdus, request, ['E2RemovalResponse']),
        again: answered(pdus, sentIn(pdus, 'again'), ['E2setupResponse']),
      }),
    };
  },
};

/** E2TS 5.2.1.7.2 */
export const removalByRic: Procedure = {
  id: 'e2.ric.removal-by-ric',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'well-formed', 'again'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsTrigger(driver.product, 'remove');
      const node = await driver.ready();
      const from = await driver.trigger(node, {
        ...{ step: 'trigger', action: 'remove' },
        inWords: 'send an E2 REMOVAL REQUEST to the E2 node',
      });
      await node.awaits('E2RemovalRequest', { from, withinMs: bench.number('triggerWithinMs') });
      await node.link.close();
      const back = await driver.connect('again', 1, 'e2-node-again');
      await back.setUp('again');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        requested: requested({ seen, pdus }, 'E2RemovalRequest', ['trigger']),
        'well-formed': wellFormed(begun(pdus, 'E2RemovalRequest', ['trigger'])),
        again: answered(pdus, sentIn(pdus, 'again'), ['E2setupResponse']),
      }),
    };
  },
};
