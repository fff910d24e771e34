import type { OutcomeIn } from '../../interfaces/ap/peer.ts';
import { bitsOf, numberOfBits, plmnText } from '../../interfaces/ap/values.ts';
import { pathSwitchRequest } from '../../interfaces/ngap/path-switch.ts';
import type { Ies as NgIes } from '../../interfaces/ngap/types.ts';
import { withCellUpdate } from '../../interfaces/xnap/cell-updates.ts';
import { outgoing } from '../../interfaces/xnap/codec.ts';
import { contextRelease, statusTransfer } from '../../interfaces/xnap/handover.ts';
import { cgiOf, globalNodeId, servedCell, type NrCgi } from '../../interfaces/xnap/node.ts';
import { addressBits, handoverRequest } from '../../interfaces/xnap/ue-context.ts';
import type { XnapShape } from '../../interfaces/xnap/types.ts';
import type { OnXn, TheGnb } from './ports.ts';
import { pairOf, type TakenUe, type UeContext } from './ues.ts';

// What this node begins by itself. Each says why it cannot, or null when it has begun.

export function updateConfiguration({ node }: TheGnb, session: OnXn): string | null {
  const [cell] = node.cells;
  if (cell === undefined) return 'there is no cell';
  const modified = { 'old-NR-CGI': cgiOf(cell), 'served-cell-info-NR': servedCell(cell) };
  void session.ask('NGRANNodeConfigurationUpdate', {
    ConfigurationUpdateInitiatingNodeChoice: withCellUpdate({ 'served-Cells-ToModify-NR': [modified] }),
  });
  return null;
}

export function removeXn(gnb: TheGnb, session: OnXn): string | null {
  const removing = session.ask('XnRemovalRequest', { 'GlobalNG-RAN-node-ID': globalNodeId(gnb.node) });
  void removing.then(({ kind }) => {
    if (kind === 'successful') gnb.forget(session);
  });
  return null;
}

export function resetXn(gnb: TheGnb, session: OnXn): string | null {
  gnb.contexts.removeAllOf(session);
  void session.ask('ResetRequest', {
    ResetRequestTypeInfo: { fullReset: {} },
    Cause: { misc: 'o-and-M-intervention' },
  });
  return null;
}

/** @see 3GPP TS 38.423 clause 8.2.1.2 */
export function handOver(gnb: TheGnb, session: OnXn): string | null {
  const ue = gnb.contexts.free();
  const [target] = session.neighbour?.cells.values() ?? [];
  if (ue === undefined) return 'no UE is free to go';
  if (target === undefined) return 'the neighbour has no cell';
  const context = gnb.contexts.add({ session, side: 'source', theirs: null, own: ue });
  const request = handoverRequest({
    ...{ ue: ue.context, sourceId: context.ours, from: ue.cell },
    to: { plmn: plmnText(target['plmn-id']), id: numberOfBits(target['nr-CI']) },
  });
  void prepared(gnb, context, session.ask('HandoverRequest', request, preparationMs(gnb)));
  return null;
}

/** With the defect it waits, but not longer than the process lives. */
const FOR_EVER_MS = 2 ** 31 - 1;

function preparationMs({ settings, has }: TheGnb): number {
  return has('preparation-timer-missing') ? FOR_EVER_MS : settings.prepareWithinMs;
}

async function prepared(
  gnb: TheGnb,
  context: UeContext,
  asking: Promise<OutcomeIn<XnapShape, 'HandoverRequest'>>,
): Promise<void> {
  const { session, ours } = context;
  const outcome = await asking;
  if (!gnb.contexts.open.includes(context)) return;
  const theirs = outcome.kind === 'successful' ? outcome.message.ies['targetNG-RANnodeUEXnAPID'] : undefined;
  if (theirs === undefined) {
    gnb.contexts.remove(context);
    if (outcome.kind !== 'silent') return;
    const cause = { radioNetwork: 'tXnRELOCprep-expiry' } as const;
    session.say(outgoing('HandoverCancel', { 'sourceNG-RANnodeUEXnAPID': ours, Cause: cause }));
    return;
  }
  context.theirs = theirs;
  if (!gnb.has('status-transfer-missing'))
    session.say(outgoing('SNStatusTransfer', statusTransfer(pairOf(context))));
  if (!gnb.has('overall-timer-missing'))
    context.timer = setTimeout(() => tooLate(gnb, context), gnb.settings.overallWithinMs);
}

/** @see clause 8.2.1.2: the UE is not heard of any more, and the AMF has to know */
function tooLate(gnb: TheGnb, context: UeContext): void {
  gnb.contexts.remove(context);
  const { own } = context;
  if (own !== undefined) void gnb.amf?.askRelease({ amf: own.context.amfUeId, ran: own.ranUeId });
}

/** The UE that others handed over to us last is heard in our cell. */
export function arrive(gnb: TheGnb): string | null {
  const context = gnb.contexts.open.findLast(({ side, taken }) => side === 'target' && taken !== undefined);
  if (context?.taken === undefined) return 'no UE was handed over to us';
  if (gnb.amf?.isSetUp !== true) return 'there is no NG interface';
  void switchPath(gnb, context, context.taken);
  return null;
}

/** @see 3GPP TS 38.413 clause 8.4.4, and 38.423 clause 8.2.7 */
async function switchPath(gnb: TheGnb, context: UeContext, ue: TakenUe): Promise<void> {
  const { settings, amf, has } = gnb;
  const request = pathSwitchRequest({
    ...{ ranUeId: ue.ranUeId, amfUeId: ue.amfUeId, plmn: settings.plmn },
    ...{ cell: ue.cell.id, tac: ue.cell.tac, address: addressBits(settings.host) },
    capabilities: capabilitiesFor(ue, has('path-switch-changes-capabilities')),
    sessions: ue.sessions.map((session) => ({
      id: session.pduSessionId,
      teid: context.ours,
      qfis: session['qosFlowsToBeSetup-List'].map(({ qfi }) => Number(qfi)),
    })),
  });
  const outcome = await amf?.switchPath(request);
  if (!gnb.contexts.open.includes(context)) return;
  gnb.contexts.remove(context);
  if (outcome?.kind !== 'successful' || has('source-not-released')) return;
  context.session.say(outgoing('UEContextRelease', contextRelease(pairOf(context))));
}

/** XnAP and NGAP have the same bits under other names. */
function capabilitiesFor(
  { capabilities }: TakenUe,
  isWrong: boolean,
): NgIes<'PathSwitchRequest'>['UESecurityCapabilities'] {
  const none = bitsOf(0, 16);
  return {
    nRencryptionAlgorithms: isWrong ? none : capabilities['nr-EncyptionAlgorithms'],
    nRintegrityProtectionAlgorithms: isWrong ? none : capabilities['nr-IntegrityProtectionAlgorithms'],
    eUTRAencryptionAlgorithms: capabilities['e-utra-EncyptionAlgorithms'],
    eUTRAintegrityProtectionAlgorithms: capabilities['e-utra-IntegrityProtectionAlgorithms'],
  };
}

/** A UE of the neighbour has come back in our cell. @see 3GPP TS 38.423 clause 8.2.4 */
export function resume(
  gnb: TheGnb,
  session: OnXn,
  { iRnti, mac }: { readonly iRnti: number; readonly mac: number },
): string | null {
  const [cell] = gnb.node.cells;
  if (cell === undefined) return 'there is no cell';
  const context = gnb.contexts.add({ session, side: 'target', theirs: null });
  const asking = session.ask('RetrieveUEContextRequest', {
    'newNG-RANnodeUEXnAPID': context.ours,
    UEContextID: {
      rRCResume: {
        'i-rnti': { 'i-RNTI-full': bitsOf(iRnti, 40) },
        'allocated-c-rnti': bitsOf(context.ours % 0x1_0000, 16),
        accessPCI: { nr: cell.pci },
      },
    },
    'MAC-I': bitsOf(mac, 16),
    'new-NG-RAN-Cell-Identity': { nr: cgiOf(cell)['nr-CI'] },
  });
  void asking.then((outcome) => {
    if (!gnb.contexts.open.includes(context)) return;
    const { 'oldNG-RANnodeUEXnAPID': theirs, UEContextInfoRetrUECtxtResp: info } =
      outcome.kind === 'successful' ? outcome.message.ies : {};
    gnb.contexts.remove(context);
    if (theirs === undefined || info === undefined || gnb.amf?.isSetUp !== true) return;
    const taken: TakenUe = {
      ...{ cell, ranUeId: gnb.contexts.newRanUeId(), amfUeId: info['ng-c-UE-signalling-ref'] },
      ...{ capabilities: info.ueSecurityCapabilities, sessions: info['pduSessionResourcesToBeSetup-List'] },
    };
    const known = gnb.contexts.restore({ ...context, theirs, taken });
    void switchPath(gnb, known, taken);
  });
  return null;
}

/** Data has come for a UE that is inactive: it is somewhere near. @see clause 8.2.5 */
export function page(gnb: TheGnb): string | null {
  const ue = gnb.contexts.ues.find(({ isInactive }) => isInactive);
  if (ue === undefined) return 'no UE is inactive';
  if (gnb.has('paging-lost')) return null;
  for (const session of gnb.sessions) {
    const cells = [...(session.neighbour?.cells.values() ?? [])];
    if (cells.length === 0) continue;
    session.say(
      outgoing('RANPaging', {
        UEIdentityIndexValue: { indexLength10: bitsOf(ue.iRnti % 1_024, 10) },
        UERANPagingIdentity: { 'i-RNTI-full': bitsOf(ue.iRnti, 40) },
        PagingDRX: 'v128',
        RANPagingArea: pagingArea(cells),
      }),
    );
  }
  return null;
}

function pagingArea(cells: readonly NrCgi[]) {
  const [first] = cells;
  if (first === undefined) throw new TypeError('a paging area has a cell');
  return {
    'pLMN-Identity': first['plmn-id'],
    rANPagingAreaChoice: { 'cell-List': cells.map((cell) => ({ nr: cell['nr-CI'] })) },
  };
}
