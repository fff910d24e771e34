import type { AmfUe } from '../../simulators/amf/core.ts';
import { answeredWith, clausesOf, type Found, unseen, wellFormed } from '../ap/judging.ts';
import { SETTLE } from '../ap/parameters.ts';
import { came, cameIn } from '../ng/judging.ts';
import { messagesOf, seenPdus } from '../ng/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { driveGnb, type GnbDriver } from './gnb-driver.ts';
import { testerDesk } from './handover-desk.ts';
import {
  beginHandover,
  containerRight,
  HANDOVER,
  type HandoverTo,
  releaseSession,
  required,
  type Required,
  sessionsNamed,
  statusTold,
  stillServed,
  targetRight,
} from './handover-required.ts';
import { TIMES } from './parameters.ts';

// A UE of the product goes to a node that there is none of: the tester says what an AMF would that has one.

const RELEASE = 'release';
const OTHER = { id: 0x3f_00_01, bits: 24 } as const;
/** The first cell of that gNB. */
const OTHER_CELL = OTHER.id * 2 ** 12 + 1;

const TO = { gnb: OTHER, cell: OTHER_CELL } as const;

/** Has the product hand the UE over; false when it does not begin in time. @throws Blocked */
async function begin(driver: GnbDriver, ue: AmfUe): Promise<boolean> {
  const [link] = driver.parts.core.links;
  if (link === undefined) return false;
  return beginHandover({ driver, link, ue }, { ...TO, tac: driver.parts.ixit.tac });
}

/** TS 38.413 8.4.1, 8.4.6, 8.3.3: a UE leaves for another gNB. */
export const handoverAway: Procedure = {
  id: 'ng.gnb.handover-source',
  parameters: TIMES,
  clauses: ['required', 'target', 'sessions', 'container', 'status', 'released', 'well-formed'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal, handovers: () => testerDesk('command') }, async (driver) => {
      const link = await driver.ready();
      const ue = await driver.withSession();
      const from = link.next;
      if (!(await begin(driver, ue))) return;
      await driver.awaits(link, 'UplinkRANStatusTransfer', { from });
      driver.enter(RELEASE);
      ue.release({ radioNetwork: 'successful-handover' });
      await driver.awaits(link, 'UEContextReleaseComplete', { from });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [message] = messagesOf(pdus, 'HandoverRequired', 'received');
    const of = (judge: (message: Required) => Found): Found =>
      message === undefined ? unseen('there is no HANDOVER REQUIRED') : judge(message);
    return {
      clauses: clausesOf({
        required: required(seen, pdus),
        target: of((found) => targetRight(found, wantedIn(seen))),
        sessions: of(sessionsNamed),
        container: of((found) => containerRight(found, OTHER_CELL)),
        status: of(() => statusTold(seen.subjects[0], pdus)),
        // After TNGRELOCoverall the product may have asked for it itself.
        released: answeredWith(pdus, messagesOf(pdus, 'UEContextReleaseCommand', 'sent')[0], [
          'UEContextReleaseComplete',
        ]),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

/** TS 38.413 8.4.1.3: the target has no room. */
export const handoverAwayRefused: Procedure = {
  id: 'ng.gnb.handover-source-refused',
  parameters: { ...TIMES, settleMs: SETTLE },
  clauses: ['required', 'kept'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal, handovers: () => testerDesk('refuse') }, async (driver) => {
      await driver.ready();
      const ue = await driver.withSession();
      if (!(await begin(driver, ue))) return;
      await driver.settle(bench.number('settleMs'));
      await releaseAtSource(driver, ue);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return { clauses: clausesOf({ required: required(seen, pdus), kept: stillServed(pdus) }) };
  },
};

/** TS 38.413 8.4.1.2, 8.4.5: nothing comes of the handover in time. */
export const handoverAwayCancelled: Procedure = {
  id: 'ng.gnb.handover-source-cancel',
  parameters: { ...TIMES, settleMs: SETTLE },
  clauses: ['required', 'cancelled', 'kept'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal, handovers: () => testerDesk('nothing') }, async (driver) => {
      const link = await driver.ready();
      const ue = await driver.withSession();
      const from = link.next;
      if (!(await begin(driver, ue))) return;
      await driver.awaits(link, 'HandoverCancel', { from, withinMs: driver.triggerMs });
      await driver.settle(bench.number('settleMs'));
      await releaseAtSource(driver, ue);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const isAsked = cameIn(pdus, HANDOVER, 'HandoverRequired') !== undefined;
    return {
      clauses: clausesOf({
        required: required(seen, pdus),
        cancelled: isAsked ? came(pdus, HANDOVER, 'HandoverCancel') : unseen('nothing was asked for'),
        kept: stillServed(pdus),
      }),
    };
  },
};

async function releaseAtSource(driver: GnbDriver, ue: AmfUe): Promise<void> {
  const [link] = driver.parts.core.links;
  if (link !== undefined) await releaseSession({ driver, link, ue });
}

function wantedIn({ subjects }: Seen): HandoverTo {
  const { plmn, 'ng.tac': tac } = subjects[0]?.ixit ?? {};
  return { ...TO, plmn: typeof plmn === 'string' ? plmn : '', tac: typeof tac === 'number' ? tac : -1 };
}
