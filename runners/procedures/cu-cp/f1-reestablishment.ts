import { unwrapItems } from '../../interfaces/f1ap/codec.ts';
import { kgnbStarOf } from '../../interfaces/aka/keys.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { seenOn } from '../ap/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { keys } from './e1-cases.ts';
import { heardOf, toldTunnels } from './f1-ue.ts';
import { KGNB } from './tester-amf.ts';
import { testerCell } from './tester-cell.ts';
import { duTeid } from './tester-du.ts';
import { establish, exchangeNas, mustRegisterAs, openFlow, whoIs } from './ue-flow.ts';
import { BASIC, driveCuCp } from './world.ts';

const [f1, e1] = [seenOn(F1), seenOn(E1)];
const KEY = 'f1.prepare';
/** Of the UE when it comes back: it was the first. */
const NEW_DU_ID = 2;

/** TS 38.401 8.7, TS 38.331 5.3.7: a UE that lost its link has its connection back, with its session. */
export const f1Reestablishment: Procedure = {
  id: 'f1.cu.reestablishment',
  parameters: BASIC,
  clauses: ['re-established', 'old-context', 'bearers', 'tunnels', 'keys', 'ue', 'resumed', 'well-formed'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const flow = await openFlow(world);
      const attached = await mustRegisterAs('ue', world, flow);
      await establish(flow, attached, 'session');
      const from = flow.du.link.next;
      flow.up.link.enter('back');
      const ue = await flow.du.reestablish('back', attached.ue, { isGenuine: true });
      const withinMs = bench.number('triggerWithinMs');
      // SRB1 twice: the connection, and then the bearers.
      const first = await flow.du.link.waitFor(isDownlink, { signal, withinMs, from });
      if (first !== null) await flow.du.link.waitFor(isDownlink, { signal, withinMs, from: first.n + 1 });
      await exchangeNas(world, flow, { attached: { ...attached, ue }, step: 'resumed' });
      await flow.amf.release('release', attached.ids);
    }),
  judge: (seen) => {
    const pdus = f1.seenPdus(seen.observations);
    const start = pdus.find(({ step, direction }) => step === 'back' && direction === 'sent');
    const since = start?.n ?? Infinity;
    const teidOf = (drb: number): number => duTeid({ id: 1, duId: NEW_DU_ID, drb });
    const ifBack = (found: () => Found): Found =>
      start === undefined ? unseen('the UE had no connection to lose') : found();
    return {
      clauses: clausesOf({
        're-established': ifBack(() => reestablished(seen)),
        'old-context': ifBack(() => oldContext(seen)),
        bearers: ifBack(() => bearersAsked(seen, since)),
        tunnels: ifBack(() => toldTunnels(seen, teidOf, since)),
        keys: ifBack(() => newKeys(seen, since)),
        ue: ifBack(() => toldUe(seen, since)),
        resumed: ifBack(() => resumed(seen)),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

function isDownlink({
  decoded,
}: {
  readonly decoded: { readonly message: { name: string } | null };
}): boolean {
  return decoded.message?.name === 'DLRRCMessageTransfer';
}

/** The UE got an RRC REESTABLISHMENT whose MAC-I is by keys of the cell. */
function reestablished({ observations }: Seen): Found {
  const [told] = heardOf(observations, 'rrcReestablishment');
  if (told !== undefined) return holds('RRC REESTABLISHMENT under keys of the cell', told.n);
  const [setup] = heardOf(observations, 'rrcSetup').filter(({ data }) => data['ue'] === NEW_DU_ID);
  if (setup !== undefined) return broken('RRC SETUP: the UE has to begin anew', setup.n);
  return broken('the UE got no RRC REESTABLISHMENT that it could check');
}

/** The gNB-DU is told who has come back. */
function oldContext(seen: Seen): Found {
  const who = whoIs('ue', seen);
  const [told] = f1
    .messagesOf(f1.seenPdus(seen.observations), 'DLRRCMessageTransfer', 'received')
    .filter(({ message }) => message.ies['gNB-DU-UE-F1AP-ID'] === NEW_DU_ID);
  if (told === undefined) return broken('no DL RRC MESSAGE TRANSFER came for the UE');
  const old = told.message.ies['oldgNB-DU-UE-F1AP-ID'];
  return old === who?.du
    ? holds(`old gNB-DU UE F1AP ID ${old}`, told.n)
    : broken(`old gNB-DU UE F1AP ID ${old ?? 'missing'} instead of ${who?.du ?? 'none'}`, told.n);
}

/** The gNB-DU gets the bearers of the UE: with a modification of the context, or with its set-up. */
function bearersAsked({ observations }: Seen, since: number): Found {
  const pdus = f1.seenPdus(observations).filter(({ n }) => n > since);
  const asked = [
    ...f1.messagesOf(pdus, 'UEContextModificationRequest', 'received').flatMap(({ n, message: { ies } }) => [
      ...unwrapItems('DRBs-ToBeSetupMod-Item', ies['DRBs-ToBeSetupMod-List']).map((each) => ({
        n,
        ...each,
      })),
      ...unwrapItems('DRBs-ToBeModified-Item', ies['DRBs-ToBeModified-List']).map((each) => ({
        n,
        ...each,
      })),
    ]),
    ...f1
      .messagesOf(pdus, 'UEContextSetupRequest', 'received')
      .flatMap(({ n, message: { ies } }) =>
        unwrapItems('DRBs-ToBeSetup-Item', ies['DRBs-ToBeSetup-List']).map((each) => ({ n, ...each })),
      ),
  ];
  const [first] = asked;
  return first === undefined
    ? broken('the gNB-DU was asked for no bearer of the UE')
    : holds(`DRB ${asked.map(({ dRBID }) => dRBID).join(', ')}`, first.n);
}

/** Keys of the user plane follow from the K_gNB of the cell in which the UE came back. @see TS 33.501 clause A.11 */
function newKeys({ observations, subjects }: Seen, since: number): Found {
  const cell = testerCell(subjects[0] ?? { ixit: {} });
  const told = e1
    .messagesOf(e1.seenPdus(observations), 'BearerContextModificationRequest', 'received')
    .filter(({ n, message }) => n > since && message.ies.SecurityInformation !== undefined);
  return told.length === 0
    ? broken('the gNB-CU-UP was not told of new keys')
    : keys(told, kgnbStarOf(KGNB, cell), 'BearerContextModificationRequest');
}

/** The UE has its data radio bearer after a reconfiguration that followed. */
function toldUe({ observations }: Seen, since: number): Found {
  const told = heardOf(observations, 'rrcReconfiguration').find(({ n }) => n > since);
  if (told === undefined) return broken('no RRC RECONFIGURATION came to the UE that it could read');
  const { drbs } = told.data;
  return Array.isArray(drbs) && drbs.length > 0
    ? holds(`data radio bearer ${JSON.stringify(drbs)}`, told.n)
    : broken('the UE has no data radio bearer', told.n);
}

/** NAS goes both ways. */
function resumed({ observations }: Seen): Found {
  const up = f1
    .messagesOf(f1.seenPdus(observations), 'ULRRCMessageTransfer', 'sent')
    .find(({ step }) => step === 'resumed');
  if (up === undefined) return unseen('the case did not get there');
  const down = heardOf(observations, 'dlInformationTransfer').find(({ n }) => n > up.n);
  return down === undefined
    ? broken('NAS of the AMF did not come to the UE', up.n)
    : holds('NAS goes to the UE', up.n, down.n);
}

/** TS 38.331 5.3.7.1: whoever cannot prove that it is the UE of that connection begins anew. */
export const f1ReestablishmentRefused: Procedure = {
  id: 'f1.cu.reestablishment-refused',
  parameters: BASIC,
  clauses: ['refused', 'anew', 'well-formed'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const flow = await openFlow(world);
      const attached = await mustRegisterAs('ue', world, flow);
      const from = flow.du.link.next;
      const next = flow.amf.next;
      await flow.du.reestablish('back', attached.ue, { isGenuine: false });
      await flow.du.link.waitFor(isDownlink, { ...world.waiting, from });
      await flow.amf.awaits('InitialUEMessage', next, world.waiting.withinMs);
    }),
  judge: ({ observations }) => {
    const pdus = f1.seenPdus(observations);
    const start = pdus.find(({ step, direction }) => step === 'back' && direction === 'sent');
    const [told] = f1
      .messagesOf(pdus, 'DLRRCMessageTransfer', 'received')
      .filter(({ message }) => message.ies['gNB-DU-UE-F1AP-ID'] === NEW_DU_ID);
    const [setup] = heardOf(observations, 'rrcSetup').filter(({ data }) => data['ue'] === NEW_DU_ID);
    const ifBack = (found: () => Found): Found =>
      start === undefined ? unseen('the UE had no connection to lose') : found();
    return {
      clauses: clausesOf({
        refused: ifBack(() =>
          told !== undefined && Number(told.message.ies.SRBID) !== 0
            ? broken('the connection was given to somebody whose shortMAC-I is wrong', told.n)
            : holds('the connection was not given back', ...(told === undefined ? [] : [told.n])),
        ),
        anew: ifBack(() => (setup === undefined ? broken('no RRC SETUP came') : holds('RRC SETUP', setup.n))),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};
