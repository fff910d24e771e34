import { sourceToTargetIn } from '../../interfaces/ngap/containers.ts';
import { type Cell, nodeNameOf, gnbId, numberIn, valueOf } from '../../interfaces/ngap/values.ts';
import type { AmfUe } from '../../simulators/amf/core.ts';
import { answeredWith, broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { SETTLE } from '../ap/parameters.ts';
import { sentIn } from '../ap/seen-messages.ts';
import { begun, came, cameIn } from '../ng/judging.ts';
import { messagesOf, type SeenMessage, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { driveGnb, type GnbDriver } from './gnb-driver.ts';
import { testerDesk } from './handover-desk.ts';
import { TIMES } from './parameters.ts';

// A UE of the product goes to a node that there is none of: the tester says what an AMF would that has one.

const [HANDOVER, AFTER, RELEASE] = ['handover', 'after', 'release'] as const;
const SESSION = 1;
const OTHER = { id: 0x3f_00_01, bits: 24 } as const;
/** The first cell of that gNB. */
const OTHER_CELL = OTHER.id * 2 ** 12 + 1;

type Required = SeenMessage<'HandoverRequired'>;

/** Has the product hand the UE over; false when it does not begin in time. @throws Blocked */
async function begin(driver: GnbDriver, ue: AmfUe): Promise<boolean> {
  const [link] = driver.parts.core.links;
  if (link === undefined) return false;
  const from = link.next;
  const { tac } = driver.parts.ixit;
  const imsi = ue.imsi === null ? {} : { imsi: ue.imsi };
  const order = { action: 'handover', ...imsi, gnb: OTHER, tac, cell: OTHER_CELL };
  await driver.mustOrder(HANDOVER, order, `hand a UE over to cell ${OTHER_CELL} of gNB ${OTHER.id}`);
  const { triggerMs: withinMs } = driver;
  return (await driver.awaits(link, 'HandoverRequired', { from, withinMs })) !== null;
}

function required(seen: Seen, pdus: readonly SeenPdu[]): Found {
  return begun(seen, cameIn(pdus, HANDOVER, 'HandoverRequired'), 'HANDOVER REQUIRED');
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
        target: of((found) => targetRight(found, seen)),
        sessions: of(sessionsNamed),
        container: of(containerRight),
        status: of(() => statusTold(seen, pdus)),
        released: answeredWith(pdus, sentIn(pdus, RELEASE), ['UEContextReleaseComplete']),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

function targetRight({ n, message }: Required, { subjects }: Seen): Found {
  const { TargetID } = message.ies;
  if (TargetID === undefined || !('targetRANNodeID' in TargetID))
    return broken('the target is no NG-RAN node', n);
  const { globalRANNodeID, selectedTAI } = TargetID.targetRANNodeID;
  const { plmn, 'ng.tac': tac } = subjects[0]?.ixit ?? {};
  const wanted = nodeNameOf(gnbId(typeof plmn === 'string' ? plmn : '', OTHER));
  const [name, area] = [nodeNameOf(globalRANNodeID), valueOf(selectedTAI.tAC)];
  return name === wanted && area === tac
    ? holds(`${name}, tracking area ${area}`, n)
    : broken(`${name}, tracking area ${area}, instead of ${wanted}, tracking area ${Number(tac)}`, n);
}

function sessionsNamed({ n, message }: Required): Found {
  const list = (message.ies.PDUSessionResourceListHORqd ?? []).map(({ pDUSessionID }) => pDUSessionID);
  return list.includes(SESSION)
    ? holds(`session ${SESSION} is to be handed over`, n)
    : broken(`session ${SESSION} is not among those to be handed over: ${list.join(', ')}`, n);
}

function containerRight({ n, message }: Required): Found {
  const octets = message.ies['SourceToTarget-TransparentContainer'];
  const container = octets === undefined ? null : sourceToTargetIn(octets);
  if (container === null) return broken('the container of the source cannot be decoded', n);
  const cell = container['targetCell-ID'];
  const id: Cell['id'] | null = 'nR-CGI' in cell ? numberIn(cell['nR-CGI'].nRCellIdentity) : null;
  return id === OTHER_CELL
    ? holds('a container for the cell that was wanted', n)
    : broken(`a container for cell ${id ?? 'of another kind'}, not ${OTHER_CELL}`, n);
}

/** Only a product that keeps the state of bearers tells it. @see TS 38.413 clause 8.4.6 */
function statusTold({ subjects }: Seen, pdus: readonly SeenPdu[]): Found {
  const told = cameIn(pdus, HANDOVER, 'UplinkRANStatusTransfer');
  if (told !== undefined) return holds('UPLINK RAN STATUS TRANSFER', told.n);
  return subjects[0]?.ics['ng.statusTransfer'] === true
    ? broken('no UPLINK RAN STATUS TRANSFER came in time')
    : unseen('it does not claim to keep the state of bearers');
}

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
      await releaseSession(driver, ue);
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
      await releaseSession(driver, ue);
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

/** What only a gNB answers that still has the UE. */
async function releaseSession(driver: GnbDriver, ue: AmfUe): Promise<void> {
  const [link] = driver.parts.core.links;
  if (link === undefined) return;
  const from = link.next;
  driver.enter(AFTER);
  ue.perform(ue.nas.releaseSession(SESSION));
  await driver.awaits(link, 'PDUSessionResourceReleaseResponse', { from });
}

function stillServed(pdus: readonly SeenPdu[]): Found {
  const left = messagesOf(pdus, 'UEContextReleaseRequest', 'received')[0];
  if (left !== undefined) return broken('the gNB had the UE released', left.n);
  return cameIn(pdus, HANDOVER, 'HandoverRequired') === undefined
    ? unseen('nothing was asked for')
    : came(pdus, AFTER, 'PDUSessionResourceReleaseResponse');
}
