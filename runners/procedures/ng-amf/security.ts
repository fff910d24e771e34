import type { Ies } from '../../interfaces/ngap/types.ts';
import { isSameCapabilities, locationOf, wireCapabilities } from '../../interfaces/ngap/values.ts';
import { transportInformation } from '../../interfaces/ngap/transfers.ts';
import { cellOf } from '../../simulators/gnb/settings.ts';
import { answeredWith, broken, clausesOf, type Found, holds, unseen } from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { openingOf, receivedAfter } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import { factOf, factsIn, happened } from '../ng/ue-facts.ts';
import { Blocked, type Procedure } from '../procedure.ts';
import { type AmfDriver, driveAmf } from './amf-driver.ts';
import type { TesterGnb } from './tester-gnb.ts';
import type { TesterUe } from './tester-ue.ts';

const MAC_OCTET = 2;

/** TS 24.501 4.4.3.2, 4.4.4.3: what was said before, and what was changed on the way, has no effect. */
export const nasProtection: Procedure = {
  id: 'ng.amf.nas-protection',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['replay', 'altered', 'served'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ue = await driver.registered(gnb);
      if (!(await ue.establish('session'))) throw Blocked.precondition('the UE was given no session');
      await untilQuiet(driver, gnb);
      const asked = ue.ran.sent.at(-1);
      if (asked !== undefined) await replay({ gnb, ue }, 'replay', asked);
      await driver.settle(bench.number('settleMs'));
      await alterAndServe(driver, gnb, ue);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const otherwise = 'the right message had no effect either';
    return {
      clauses: clausesOf({
        replay: withoutEffect(pdus, 'replay'),
        altered: withoutEffect(pdus, 'altered'),
        served:
          openingOf(pdus, 'right') === undefined
            ? unseen('the right message was not sent')
            : happened(factsIn(seen), 'released', { step: 'right', otherwise }),
      }),
    };
  },
};

/** What a product still has to say of its own, such as the name of the network, is not what comes of the next message. */
async function untilQuiet(driver: AmfDriver, gnb: TesterGnb): Promise<void> {
  gnb.enter('quiet');
  await driver.settle(driver.bench.number('settleMs'));
}

/** A replay that was taken may have cost the UE its context: then another one goes on. */
async function alterAndServe(driver: AmfDriver, gnb: TesterGnb, first: TesterUe): Promise<void> {
  const ue = first.ran.ids === null ? await driver.ue(gnb) : first;
  if (ue !== first && !(await ue.register('registration-2'))) return;
  await untilQuiet(driver, gnb);
  const next = deregistrationOf(ue);
  await replay({ gnb, ue }, 'altered', altered(next));
  await driver.settle(driver.bench.number('settleMs'));
  await replay({ gnb, ue }, 'right', next);
  await ue.until('right', ['released']);
}

interface Speaking {
  readonly gnb: TesterGnb;
  readonly ue: TesterUe;
}

async function replay({ gnb, ue }: Speaking, step: string, nas: Uint8Array): Promise<void> {
  const { ids } = ue.ran;
  if (ids === null) return;
  gnb.enter(step);
  await gnb.link.send(step, gnb.uplink(ids, nas));
}

/** What the UE would say when it leaves; it is not sent here. */
function deregistrationOf({ ran }: TesterUe): Uint8Array {
  const [action] = ran.ue.deregister();
  return action?.do === 'send' ? action.nas : new Uint8Array();
}

function altered(nas: Uint8Array): Uint8Array {
  return nas.map((octet, at) => (at === MAC_OCTET ? octet ^ 0x01 : octet));
}

/** Nothing came that a network says when it has taken a message. An ERROR INDICATION says that it has not. */
function withoutEffect(pdus: readonly SeenPdu[], step: string): Found {
  const stimulus = openingOf(pdus, step);
  if (stimulus === undefined) return unseen('the message was not sent');
  const effect = receivedAfter(pdus, stimulus).find(
    (pdu) => pdu.step === step && pdu.decoded.message?.name !== 'ErrorIndication',
  );
  return effect === undefined
    ? holds('it had no effect', stimulus.n)
    : broken(`${effect.decoded.message?.name ?? 'a message'} came of it`, stimulus.n, effect.n);
}

type SwitchRequest = Ies<'PathSwitchRequest'>;

/**
 * TS 33.501 6.7.3.1, TS 33.511 4.2.2.1.14: after a handover over Xn the new node tells of other security capabilities than the UE has.
 */
export const pathSwitch: Procedure = {
  id: 'ng.amf.path-switch',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'capabilities'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const source = await driver.ready();
      const target = await driver.ready('setup-2', 2);
      const ue = await driver.registered(source);
      if (!(await ue.establish('session'))) throw Blocked.precondition('the UE was given no session');
      const request = switchRequest(ue, target);
      if (request === null) throw Blocked.precondition('the UE has no session in its node');
      await target.link.request('switch', { name: 'PathSwitchRequest', ies: request }, target.waiting);
      // The AMF tells the old node to forget the UE, or leaves that to the new one.
      ue.ran.released();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = messagesOf(pdus, 'PathSwitchRequest', 'sent')[0];
    const [answer] = messagesOf(pdus, 'PathSwitchRequestAcknowledge', 'received');
    const up = factOf(factsIn(seen), 'session-up');
    return {
      clauses: clausesOf({
        answered:
          up === undefined
            ? unseen('there is no session')
            : answeredWith(pdus, request, ['PathSwitchRequestAcknowledge', 'PathSwitchRequestFailure']),
        capabilities: corrected(answer?.message.ies, answer?.n, pdus),
      }),
    };
  },
};

/** A node that was bid down: the UE has nothing but the null algorithms, it says. */
const BID_DOWN = Uint8Array.of(0x80, 0x80);
const RAN_UE_ID = 99;

function switchRequest({ ran }: TesterUe, { settings, gnb }: TesterGnb): SwitchRequest | null {
  const [session] = ran.sessions.values();
  if (session === undefined || ran.amfUeId === null) return null;
  const { down, flows, id } = session;
  return {
    'RAN-UE-NGAP-ID': RAN_UE_ID,
    'SourceAMF-UE-NGAP-ID': ran.amfUeId,
    UserLocationInformation: locationOf(cellOf(settings)),
    UESecurityCapabilities: wireCapabilities(BID_DOWN),
    PDUSessionResourceToBeSwitchedDLList: [
      {
        pDUSessionID: id,
        pathSwitchRequestTransfer: {
          'dL-NGU-UP-TNLInformation': transportInformation({ ...down, host: gnb.userPlane.host }),
          qosFlowAcceptedList: flows.map((qosFlowIdentifier) => ({ qosFlowIdentifier })),
        },
      },
    ],
  };
}

/** The right ones are sent back, or the path is not switched at all. */
function corrected(
  ies: Partial<Ies<'PathSwitchRequestAcknowledge'>> | undefined,
  n: number | undefined,
  pdus: readonly SeenPdu[],
): Found {
  if (ies === undefined || n === undefined) {
    const [failure] = messagesOf(pdus, 'PathSwitchRequestFailure', 'received');
    return failure === undefined
      ? unseen('there is no answer')
      : holds('the path is not switched', failure.n);
  }
  const { UESecurityCapabilities: sent } = ies;
  return sent !== undefined && !isSameCapabilities(sent, wireCapabilities(BID_DOWN))
    ? holds('the capabilities of the UE are sent back', n)
    : broken('the path is switched with the capabilities that were bid down', n);
}
