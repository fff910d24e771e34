import { outgoing } from '../../interfaces/xnap/codec.ts';
import { statusTransfer } from '../../interfaces/xnap/handover.ts';
import { cellOfGnb } from '../../interfaces/xnap/node.ts';
import { broken, clausesOf, type Found, holds, shown, unseen, withCause } from '../ap/judging.ts';
import { answerTo, openingOf } from '../ap/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { ngMessagesOf, openAmf, seenNgPdus } from './amf.ts';
import { bitsText, CAPABILITIES } from './capabilities.ts';
import { driveXn, isNamed } from './driver.ts';
import { answered, came } from './judging.ts';
import { BASIC, TRIGGERED } from './parameters.ts';
import { messagesOf, seenPdus, type SeenPdu } from './seen-messages.ts';
import type { requestFor } from './takings.ts';
import { handOver, mustHandOver } from './takings.ts';

const PREPARE = 'prepare';
const ARRIVE = 'arrive';
const SOURCE = 4_001;

/** O-RAN IOT 2.4.1.2, 3GPP TS 33.511 4.2.2.1: a UE is handed over to the product, which tells the AMF and the source. */
export const takenOver: Procedure = {
  id: 'xn.gnb.handover-target',
  parameters: TRIGGERED,
  clauses: ['acknowledged', 'sessions', 'path-switch', 'capabilities', 'amf-ue', 'released', 'ids'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      await using amf = await openAmf(driver);
      const link = await driver.ready();
      const pair = await handOver(driver, link, { step: PREPARE, source: SOURCE });
      if (pair === null) return;
      await link.send('status', outgoing('SNStatusTransfer', statusTransfer(pair)));
      amf.link.enter(ARRIVE);
      const inWords = 'let the UE that was handed over arrive in its cell';
      const from = await driver.order(link, { step: ARRIVE, order: { action: ARRIVE }, inWords });
      await link.waitFor(isNamed('UEContextRelease'), {
        ...{ signal, from },
        withinMs: bench.number('triggerWithinMs'),
      });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = openingOf(pdus, PREPARE);
    const { asked, switching } = switchingIn(seen, request);
    const release = came(pdus, 'UEContextRelease', request);
    const acknowledged = answered(pdus, PREPARE, 'HandoverRequestAcknowledge');
    return {
      clauses: clausesOf({
        acknowledged,
        sessions: judgeSessions(pdus, request),
        'path-switch':
          acknowledged.verdict !== 'pass'
            ? unseen('the UE was not taken over')
            : switching === undefined
              ? broken('no PATH SWITCH REQUEST came', request?.n ?? 0)
              : holds('a PATH SWITCH REQUEST came', switching.n),
        capabilities: judgeCapabilities(asked, switching),
        'amf-ue': judgeAmfUe(asked, switching),
        released:
          switching === undefined
            ? unseen('the path was not switched')
            : release === undefined
              ? broken('no UE CONTEXT RELEASE came', switching.n)
              : holds('UE CONTEXT RELEASE', switching.n, release.n),
        ids: judgeIds(pdus, request, release),
      }),
    };
  },
};

type Asked = ReturnType<typeof requestFor>;

function switchingIn(seen: Seen, request: SeenPdu | undefined) {
  const ng = seenNgPdus(seen.observations);
  const switching = ngMessagesOf(ng, 'PathSwitchRequest', 'received').find(
    ({ n }) => request !== undefined && n > request.n,
  );
  return { asked: request?.decoded.message?.ies as Asked | undefined, switching };
}

type Switching = ReturnType<typeof switchingIn>['switching'];

function judgeSessions(pdus: readonly SeenPdu[], request: SeenPdu | undefined): Found {
  const answer = request && answerTo(pdus, request);
  const [ack] = messagesOf(pdus, 'HandoverRequestAcknowledge', 'received').filter(({ n }) => n === answer?.n);
  const asked = (request?.decoded.message?.ies as Asked | undefined)?.UEContextInfoHORequest;
  if (ack === undefined || asked === undefined) return unseen('the UE was not taken over');
  const wanted = asked['pduSessionResourcesToBeSetup-List'].map(({ pduSessionId }) => pduSessionId);
  const admitted = (ack.message.ies['PDUSessionResourcesAdmitted-List'] ?? []).map(
    ({ pduSessionId }) => pduSessionId,
  );
  const stranger = admitted.find((id) => !wanted.includes(id));
  if (stranger !== undefined) return broken(`PDU session ${stranger} was not asked for`, ack.n);
  const container = ack.message.ies['Target2SourceNG-RANnodeTranspContainer'];
  if (container === undefined || container.length === 0)
    return broken(`no container for the UE; octets: ${shown(ack)}`, ack.n);
  return holds(`PDU sessions ${admitted.join(', ')} of ${wanted.join(', ')}`, ack.n);
}

/** What the source said that the UE can, the AMF is told: else somebody on the way could weaken its protection. */
function judgeCapabilities(asked: Asked | undefined, switching: Switching): Found {
  const told = switching?.message.ies.UESecurityCapabilities;
  const known = asked?.UEContextInfoHORequest.ueSecurityCapabilities;
  if (switching === undefined || known === undefined) return unseen('the path was not switched');
  if (told === undefined) return broken('the AMF is not told what the UE can', switching.n);
  const changed = CAPABILITIES.filter(([xn, ng]) => bitsText(known[xn]) !== bitsText(told[ng]));
  const saw = CAPABILITIES.map(([, ng]) => bitsText(told[ng])).join(' ');
  const was = CAPABILITIES.map(([xn]) => bitsText(known[xn])).join(' ');
  return changed.length === 0
    ? holds(saw, switching.n)
    : broken(`the AMF is told ${saw}, the source had said ${was}`, switching.n);
}

function judgeAmfUe(asked: Asked | undefined, switching: Switching): Found {
  if (switching === undefined || asked === undefined) return unseen('the path was not switched');
  const { 'SourceAMF-UE-NGAP-ID': told } = switching.message.ies;
  const known = asked.UEContextInfoHORequest['ng-c-UE-reference'];
  return told === known
    ? holds(`AMF UE NGAP ID ${told}`, switching.n)
    : broken(`AMF UE NGAP ID ${told} instead of ${known}`, switching.n);
}

/** Everything about the UE names it as both know it. */
function judgeIds(
  pdus: readonly SeenPdu[],
  request: SeenPdu | undefined,
  release: ReturnType<typeof came<'UEContextRelease'>>,
): Found {
  const ack = came(pdus, 'HandoverRequestAcknowledge', request);
  if (ack === undefined) return unseen('the UE was not taken over');
  const { 'sourceNG-RANnodeUEXnAPID': source, 'targetNG-RANnodeUEXnAPID': target } = ack.message.ies;
  if (source !== SOURCE)
    return broken(`HANDOVER REQUEST ACKNOWLEDGE names UE ${String(source)} instead of ${SOURCE}`, ack.n);
  if (release === undefined) return holds(`UE ${SOURCE}, ${String(target)}`, ack.n);
  const { 'sourceNG-RANnodeUEXnAPID': old, 'targetNG-RANnodeUEXnAPID': taken } = release.message.ies;
  return old === SOURCE && taken === target
    ? holds(`UE ${SOURCE}, ${String(target)}`, ack.n, release.n)
    : broken(
        `UE CONTEXT RELEASE names ${String(old)}, ${String(taken)} instead of ${SOURCE}, ${String(target)}`,
        release.n,
      );
}

/** The AMF does not switch the path: then the source keeps the UE. */
export const notSwitched: Procedure = {
  id: 'xn.gnb.path-switch-failure',
  parameters: TRIGGERED,
  clauses: ['requested', 'kept'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      await using amf = await openAmf(driver);
      amf.switches = false;
      const link = await driver.ready();
      await mustHandOver(driver, link, { step: PREPARE, source: SOURCE });
      amf.link.enter(ARRIVE);
      const inWords = 'let the UE that was handed over arrive in its cell';
      const from = await driver.order(link, { step: ARRIVE, order: { action: ARRIVE }, inWords });
      const withinMs = bench.number('settleMs');
      await link.waitFor(isNamed('UEContextRelease'), { signal, withinMs, from });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = openingOf(pdus, PREPARE);
    const { switching } = switchingIn(seen, request);
    const release = came(pdus, 'UEContextRelease', request);
    return {
      clauses: clausesOf({
        requested:
          switching === undefined
            ? broken('no PATH SWITCH REQUEST came', request?.n ?? 0)
            : holds('a PATH SWITCH REQUEST came', switching.n),
        kept:
          switching === undefined
            ? unseen('nothing was refused')
            : release === undefined
              ? holds('no UE CONTEXT RELEASE came', switching.n)
              : broken('UE CONTEXT RELEASE although the path was not switched', release.n),
      }),
    };
  },
};

/** TS 38.423 8.2.1.3: a handover to a cell that is not there fails, with a reason. */
export const unknownCell: Procedure = {
  id: 'xn.gnb.handover-unknown-cell',
  parameters: BASIC,
  clauses: ['refused', 'cause'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      // A cell of the tester: it is none of the product.
      const { plmn, id } = driver.gnb;
      const cell = cellOfGnb({ plmn, id, tac: 1 }, 15);
      await handOver(driver, link, { step: PREPARE, source: SOURCE, cell });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const request = openingOf(pdus, PREPARE);
    const answer = request && answerTo(pdus, request);
    const [failed] = messagesOf(pdus, 'HandoverPreparationFailure', 'received').filter(
      ({ n }) => n === answer?.n,
    );
    return {
      clauses: clausesOf({
        refused: answered(pdus, PREPARE, 'HandoverPreparationFailure'),
        cause:
          failed === undefined
            ? unseen('there is no failure')
            : withCause(failed, failed.message.ies.Cause, []),
      }),
    };
  },
};
