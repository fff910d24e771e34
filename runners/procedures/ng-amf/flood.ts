import { encodeMessage } from '../../interfaces/ngap/codec.ts';
import { floodSize, limitKept, sendForged, sendGarbage, sendWrongPpids, wereForged } from '../ap/flood.ts';
import { clausesOf, unseen } from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { seenPdus } from '../ng/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { driveAmf } from './amf-driver.ts';
import { alive } from '../ng/judging.ts';
import { wholeReset } from '../ng/resets.ts';

const FLOOD = 'flood';
const FIRST_OF_FLOOD = 100;

/** WG11 6.11.5, 6.11.6: more associations than are allowed, and what no peer sends; a node that is there notices nothing. */
export const associationFlood: Procedure = {
  id: 'ng.amf.association-flood',
  parameters: {
    responseTimeMs: RESPONSE_TIME,
    settleMs: SETTLE,
    excess: { type: 'number', unit: 'count', about: 'associations beyond those that are allowed' },
  },
  clauses: ['limit', 'flood-survived', 'wrong-ppid', 'packets', 'garbage'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const most = floodSize(bench, 'ng');
      const gnb = await driver.ready();
      for (let number = 2; number <= most; number += 1)
        await driver.tryConnect(FLOOD, FIRST_OF_FLOOD + number, `flood-${number}`);
      await driver.settle(bench.number('settleMs'));
      await gnb.probe('after-flood');
      const reset = encodeMessage('NGReset', wholeReset().ies);
      await sendWrongPpids(gnb.link, [reset, reset, reset]);
      await gnb.probe('after-wrong-ppid');
      if (await sendForged(driver)) await gnb.probe('after-packets');
      await sendGarbage(gnb.link, reset);
      await driver.settle(bench.number('settleMs'));
      await gnb.probe('after-garbage');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        limit: limitKept(seen, 'ng'),
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
