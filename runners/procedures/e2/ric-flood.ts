import { encodeMessage } from '../../interfaces/e2/codec.ts';
import type { Procedure } from '../procedure.ts';
import { floodSize, limitKept, sendForged, sendGarbage, sendWrongPpids, wereForged } from '../ap/flood.ts';
import { clausesOf, unseen } from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { anUpdate } from './ric-errors.ts';
import { driveRic, type RicDriver, type TesterNode } from './ric-driver.ts';
import { alive } from './ric-judging.ts';
import { seenPdus } from './seen-messages.ts';

const FLOOD = 'flood';

/** WG11 6.11.5, 6.11.6: more associations than are allowed, and what no peer sends; a node that is there notices nothing. */
export const associationFlood: Procedure = {
  id: 'e2.ric.association-flood',
  parameters: {
    responseTimeMs: RESPONSE_TIME,
    settleMs: SETTLE,
    excess: { type: 'number', unit: 'count', about: 'associations beyond those that are allowed' },
  },
  clauses: ['limit', 'flood-survived', 'wrong-ppid', 'packets', 'garbage'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.ready();
      await flood(driver, floodSize(bench, 'e2'));
      await node.settle(bench.number('settleMs'));
      await node.probe('after-flood');
      await sendWrongPpids(node.link, updates(node));
      await node.probe('after-wrong-ppid');
      if (await sendForged(driver)) await node.probe('after-packets');
      await sendGarbage(node.link, encodeMessage('E2nodeConfigurationUpdate', anUpdate(node.transactionId)));
      await node.settle(50);
      await node.probe('after-garbage');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        limit: limitKept(seen, 'e2'),
        'flood-survived': alive(pdus, 'after-flood'),
        'wrong-ppid': alive(pdus, 'after-wrong-ppid'),
        packets: wereForged(seen)
          ? alive(pdus, 'after-packets')
          : unseen('packets can only be forged where SCTP travels in UDP'),
        garbage: alive(pdus, 'after-garbage'),
      }),
    };
  },
};

/** As many nodes as fit beside the one that is there, and some more. They say nothing. */
async function flood(driver: RicDriver, count: number): Promise<void> {
  for (let number = 2; number <= count; number += 1)
    await driver.tryConnect(FLOOD, 100 + number, `flood-${number}`);
}

function updates({ transactionId: first }: TesterNode): readonly Uint8Array[] {
  return [0, 1, 2].map((more) => encodeMessage('E2nodeConfigurationUpdate', anUpdate((first + more) % 256)));
}
