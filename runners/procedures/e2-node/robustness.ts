import { pause } from '../../../src/kernel/deadline.ts';
import { decodePdu } from '../../interfaces/e2/codec.ts';
import type { Ies } from '../../interfaces/e2/types.ts';
import { broken, clausesOf, type Found, holds, unseen } from '../ap/judging.ts';
import { openingOf, seenEvents } from '../ap/seen-messages.ts';
import { seenPdus } from '../e2/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { alive } from './alive.ts';
import { driveNode, mustSetUp } from './node.ts';
import { BASIC, GARBAGE, MAX_ASSOCIATIONS, SETTLE } from './parameters.ts';

/** The near-RT RIC answers a setup twice: the second answer changes nothing. */
export const answeredTwice: Procedure = {
  id: 'e2.node.answered-twice',
  parameters: BASIC,
  clauses: ['alive'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const { ric } = driver;
      let again: Ies<'E2setupRequest'> | undefined;
      ric.answerSetup = (request) => {
        again = request;
        return [ric.acceptance(request)];
      };
      const { link } = await mustSetUp(driver);
      if (again !== undefined) await link.send('again', ric.acceptance(again));
      await alive.drive(driver, link, 'alive');
    }),
  judge: (seen) => ({ clauses: clausesOf({ alive: alive.judge(seenPdus(seen.observations), 'alive') }) }),
};

/** SEC-SCTP-001 towards an E2 node: it keeps to few associations, and what is no E2AP does it no harm. */
export const sctpSecurity: Procedure = {
  id: 'e2.node.sctp-security',
  parameters: {
    ...BASIC,
    settleMs: SETTLE,
    maxAssociationsCount: MAX_ASSOCIATIONS,
    garbageCount: GARBAGE,
  },
  clauses: ['associations', 'alive'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const { link } = await mustSetUp(driver);
      await pause(bench.number('settleMs'), { signal });
      for (let count = 0; count < bench.number('garbageCount'); count += 1)
        await link.sendBytes('garbage', garbage(count));
      await pause(bench.number('settleMs'), { signal });
      await alive.drive(driver, link, 'alive');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        associations: judgeAssociations(seen),
        alive:
          openingOf(pdus, 'garbage') === undefined
            ? unseen('the case did not get there')
            : alive.judge(pdus, 'alive'),
      }),
    };
  },
};

/** Octets of many lengths that are no E2AP; the same in every run. */
export function garbage(seed: number): Uint8Array {
  let state = seed + 1;
  const octets = new Uint8Array(1 + ((seed * 37) % 400)).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
  return decodePdu(octets).faults.length > 0 ? octets : Uint8Array.of(0xff, ...octets);
}

function judgeAssociations(seen: Seen): Found {
  const arrivals = seenEvents(seen.observations).filter(({ type }) => type === 'arrived');
  const most = seen.number('maxAssociationsCount');
  if (arrivals.length === 0) return unseen('the product did not connect');
  const saw = `${arrivals.length} association(s)`;
  const shownBy = arrivals.map(({ n }) => n);
  return arrivals.length <= most
    ? holds(saw, ...shownBy)
    : broken(`${saw} instead of at most ${most}`, ...shownBy);
}
