import { pause } from '../../../src/kernel/deadline.ts';
import { outgoing } from '../../interfaces/xnap/codec.ts';
import { acknowledgement, contextRelease, type UePair } from '../../interfaces/xnap/handover.ts';
import type { Ies } from '../../interfaces/xnap/types.ts';
import { broken, causeText, clausesOf, type Found, holds, shown, undecided, unseen } from '../ap/judging.ts';
import type { ParameterSpec, Procedure } from '../procedure.ts';
import { ngMessagesOf, openAmf, seenNgPdus } from './amf.ts';
import { driveXn, isNamed, type XnDriver, type XnLink } from './driver.ts';
import { begun, came, unknownUe } from './judging.ts';
import { TRIGGERED } from './parameters.ts';
import { messagesOf, seenPdus, type SeenMessage, type SeenPdu } from './seen-messages.ts';

const HANDOVER = 'handover';
const TARGET = 9_001;
const EXPIRES: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the timer of the source may run, with what it takes to act on it',
};

/** The product hands a UE over, and is answered or not. The pair is of the last HANDOVER REQUEST. */
async function begin(driver: XnDriver, link: XnLink): Promise<UePair | null> {
  const inWords = 'hand a UE over to the cell of the gNB that the tester plays';
  const from = await driver.order(link, { step: HANDOVER, order: { action: HANDOVER }, inWords });
  const withinMs = driver.bench.number('triggerWithinMs');
  const request = await link.waitFor(isNamed('HandoverRequest'), { signal: driver.signal, withinMs, from });
  const ies = request?.decoded.message?.ies as Partial<Ies<'HandoverRequest'>> | undefined;
  const source = ies?.['sourceNG-RANnodeUEXnAPID'];
  return source === undefined ? null : { source, target: TARGET };
}

/** The tester takes every UE, with all its sessions. */
function acknowledges(driver: XnDriver): void {
  driver.manners = (message) => {
    if (message.name !== 'HandoverRequest') return [];
    const { 'sourceNG-RANnodeUEXnAPID': source, UEContextInfoHORequest: info } = message.ies;
    const sessions = info['pduSessionResourcesToBeSetup-List'];
    return [outgoing('HandoverRequestAcknowledge', acknowledgement({ source, target: TARGET }, sessions))];
  };
}

/** O-RAN IOT 2.4.1.2: the product hands a UE over, tells the state of its bearers, and forgets it when it has arrived. */
export const givenAway: Procedure = {
  id: 'xn.gnb.handover-source',
  parameters: TRIGGERED,
  clauses: ['requested', 'syntax', 'target', 'status', 'forgotten'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      acknowledges(driver);
      const link = await driver.ready();
      const pair = await begin(driver, link);
      if (pair === null) return;
      const waiting = { signal, withinMs: bench.number('settleMs'), from: 0 };
      await link.waitFor(isNamed('SNStatusTransfer'), waiting);
      await link.send('arrived', outgoing('UEContextRelease', contextRelease(pair)));
      const from = link.next;
      await link.send('forgotten', outgoing('UEContextRelease', contextRelease(pair)));
      await link.waitFor(isNamed('ErrorIndication'), { ...waiting, from });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [request] = messagesOf(pdus, 'HandoverRequest', 'received');
    return {
      clauses: clausesOf({
        requested: begun(seen, pdus, { name: 'HandoverRequest', step: HANDOVER }),
        syntax: judgeSyntax(request),
        target: judgeTarget(pdus, request),
        status: judgeStatus(pdus, request),
        forgotten: request === undefined ? unseen('nothing was handed over') : unknownUe(pdus, 'forgotten'),
      }),
    };
  },
};

type Request = SeenMessage<'HandoverRequest'> | undefined;

function judgeSyntax(request: Request): Found {
  if (request === undefined) return unseen('no HANDOVER REQUEST came');
  const [finding] = request.comprehension.findings;
  return finding === undefined
    ? holds('all that must be there is there', request.n)
    : broken(`${finding.text}; octets: ${shown(request)}`, request.n);
}

/** The cell is one that the neighbour has shown. */
function judgeTarget(pdus: readonly SeenPdu[], request: Request): Found {
  const [setup] = messagesOf(pdus, 'XnSetupRequest', 'sent');
  const target = request?.message.ies.targetCellGlobalID;
  if (request === undefined || target === undefined) return unseen('no HANDOVER REQUEST came');
  const cells = setup?.message.ies['List-of-served-cells-NR'] ?? [];
  const key = (cgi: { readonly 'nr-CI': { readonly bits: Uint8Array } }): string =>
    Buffer.from(cgi['nr-CI'].bits).toString('hex');
  const isOurs =
    'nr' in target && cells.some((each) => key(each['served-cell-info-NR'].cellID) === key(target.nr));
  return isOurs
    ? holds('it names a cell of its neighbour', request.n)
    : broken(`it names a cell that its neighbour has not shown; octets: ${shown(request)}`, request.n);
}

function judgeStatus(pdus: readonly SeenPdu[], request: Request): Found {
  const [ack] = messagesOf(pdus, 'HandoverRequestAcknowledge', 'sent');
  if (request === undefined || ack === undefined) return unseen('nothing was handed over');
  const status = came(pdus, 'SNStatusTransfer', ack);
  if (status === undefined) return broken('no SN STATUS TRANSFER came', ack.n);
  const { 'sourceNG-RANnodeUEXnAPID': source, 'targetNG-RANnodeUEXnAPID': target } = status.message.ies;
  return source === request.message.ies['sourceNG-RANnodeUEXnAPID'] && target === TARGET
    ? holds('SN STATUS TRANSFER', ack.n, status.n)
    : broken(`SN STATUS TRANSFER names UE ${String(source)}, ${String(target)}`, status.n);
}

/** TXnRELOCprep: a HANDOVER REQUEST that nobody answers is cancelled. */
export const preparationTimer: Procedure = {
  id: 'xn.gnb.preparation-timer',
  parameters: { ...TRIGGERED, expiresWithinMs: EXPIRES },
  clauses: ['cancelled', 'cause'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      if ((await begin(driver, link)) === null) return;
      const withinMs = bench.number('expiresWithinMs');
      await link.waitFor(isNamed('HandoverCancel'), { signal, withinMs, from: 0 });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [request] = messagesOf(pdus, 'HandoverRequest', 'received');
    const cancel = came(pdus, 'HandoverCancel', request);
    const cause = causeText(cancel?.message.ies.Cause);
    const within = seen.number('expiresWithinMs');
    return {
      clauses: clausesOf({
        cancelled:
          request === undefined
            ? undecided('no HANDOVER REQUEST came')
            : cancel === undefined
              ? broken(`no HANDOVER CANCEL came within ${within} ms`, request.n)
              : holds('HANDOVER CANCEL', request.n, cancel.n),
        cause:
          cancel === undefined
            ? unseen('nothing was cancelled')
            : cause === 'radioNetwork tXnRELOCprep-expiry'
              ? holds(cause, cancel.n)
              : broken(`cause ${cause}; octets: ${shown(cancel)}`, cancel.n),
      }),
    };
  },
};

/** TXnRELOCoverall: a UE that nobody hears of any more is given up, and the AMF is told. */
export const overallTimer: Procedure = {
  id: 'xn.gnb.overall-timer',
  parameters: { ...TRIGGERED, expiresWithinMs: EXPIRES },
  clauses: ['released', 'cause'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      await using amf = await openAmf(driver);
      acknowledges(driver);
      const link = await driver.ready();
      if ((await begin(driver, link)) === null) return;
      amf.link.enter('expiry');
      const withinMs = bench.number('expiresWithinMs');
      await amf.link.waitFor(({ decoded }) => decoded.message?.name === 'UEContextReleaseRequest', {
        ...{ signal, withinMs, from: 0 },
      });
      await pause(bench.number('settleMs'), { signal });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [ack] = messagesOf(pdus, 'HandoverRequestAcknowledge', 'sent');
    const [release] = ngMessagesOf(seenNgPdus(seen.observations), 'UEContextReleaseRequest', 'received');
    const cause = causeText(release?.message.ies.Cause);
    return {
      clauses: clausesOf({
        released:
          ack === undefined
            ? undecided('no HANDOVER REQUEST came')
            : release === undefined
              ? broken(`the AMF was not told within ${seen.number('expiresWithinMs')} ms`, ack.n)
              : holds('UE CONTEXT RELEASE REQUEST', ack.n, release.n),
        cause:
          release === undefined
            ? unseen('the AMF was not told')
            : cause === 'radioNetwork txnrelocoverall-expiry'
              ? holds(cause, release.n)
              : broken(`cause ${cause}; octets: ${shown(release)}`, release.n),
      }),
    };
  },
};
