import { outgoing } from '../../interfaces/xnap/codec.ts';
import { acknowledgement, idError, type IdFault } from '../../interfaces/xnap/handover.ts';
import { cgiOf, cgiText, type NrCell } from '../../interfaces/xnap/node.ts';
import type { AcceptedIes, AcceptedMessage, Outgoing } from '../../interfaces/xnap/types.ts';
import { guamiOf, retrievedContext } from '../../interfaces/xnap/ue-context.ts';
import { numberOfBits } from '../../interfaces/ap/values.ts';
import type { OnXn, TheGnb } from './ports.ts';
import { pairOf, type OwnUe, type UeContext } from './ues.ts';

// What this node does because others move UEs to it or take them from it. What it begins by itself is in `orders.ts`.

/** Another node wants to hand a UE over to us. @see 3GPP TS 38.423 clause 8.2.1 */
export function taken(gnb: TheGnb, session: OnXn, request: AcceptedIes<'HandoverRequest'>): Outgoing {
  const { 'sourceNG-RANnodeUEXnAPID': theirs, targetCellGlobalID: target } = request;
  const info = request.UEContextInfoHORequest;
  const cell = ownCell(gnb, target);
  if (cell === undefined)
    return outgoing('HandoverPreparationFailure', {
      'sourceNG-RANnodeUEXnAPID': theirs,
      Cause: { radioNetwork: 'cell-not-available' },
      requestedTargetCellGlobalID: target,
    });
  // The same identifier again: what was there is gone at the source.
  const former = gnb.contexts.open.find((each) => each.session === session && each.theirs === theirs);
  if (former?.side === 'target') gnb.contexts.remove(former);
  const sessions = info['pduSessionResourcesToBeSetup-List'];
  const context = gnb.contexts.add({
    ...{ session, theirs, side: 'target' },
    taken: {
      ...{ cell, sessions, ranUeId: gnb.contexts.newRanUeId() },
      amfUeId: info['ng-c-UE-reference'],
      capabilities: info.ueSecurityCapabilities,
    },
  });
  const { source, target: ours } = pairOf(context);
  const named = gnb.has('wrong-ue-id') ? source ^ 1 : source;
  return outgoing('HandoverRequestAcknowledge', acknowledgement({ source: named, target: ours }, sessions));
}

function ownCell(
  gnb: TheGnb,
  target: AcceptedIes<'HandoverRequest'>['targetCellGlobalID'],
): NrCell | undefined {
  const { cells } = gnb.node;
  const wanted = 'nr' in target ? cgiText(target.nr) : undefined;
  const found = cells.find((cell) => cgiText(cgiOf(cell)) === wanted);
  return found ?? (gnb.has('unknown-cell-accepted') ? cells[0] : undefined);
}

/** @see clause 8.2.2 */
export function statusTold(
  gnb: TheGnb,
  session: OnXn,
  message: AcceptedMessage<'SNStatusTransfer'>,
): readonly Outgoing[] {
  const { 'targetNG-RANnodeUEXnAPID': ours, 'sourceNG-RANnodeUEXnAPID': theirs } = message.ies;
  const found = known(gnb, session, { ours, theirs });
  return typeof found === 'string' ? errorOf(gnb, message, found) : [];
}

/** @see clause 8.2.3 */
export function cancelled(
  gnb: TheGnb,
  session: OnXn,
  { ies }: AcceptedMessage<'HandoverCancel'>,
): readonly Outgoing[] {
  const theirs = ies['sourceNG-RANnodeUEXnAPID'];
  const found = gnb.contexts.open.find(
    (each) => each.session === session && each.side === 'target' && each.theirs === theirs,
  );
  if (found !== undefined && !gnb.has('cancel-ignored')) gnb.contexts.remove(found);
  // What was never prepared, or is not there any more, can be cancelled.
  return [];
}

/** A UE has arrived where we handed it over to. @see clause 8.2.7 */
export function released(
  gnb: TheGnb,
  session: OnXn,
  message: AcceptedMessage<'UEContextRelease'>,
): readonly Outgoing[] {
  const { 'sourceNG-RANnodeUEXnAPID': ours, 'targetNG-RANnodeUEXnAPID': theirs } = message.ies;
  const found = known(gnb, session, { ours, theirs });
  if (typeof found === 'string') return errorOf(gnb, message, found);
  clearTimeout(found.timer);
  if (gnb.has('keeps-source-context')) return [];
  gnb.contexts.remove(found);
  if (found.own !== undefined) gnb.contexts.leave(found.own);
  return [];
}

/** A UE of ours has come back elsewhere. @see clause 8.2.4 */
export function retrieved(
  gnb: TheGnb,
  session: OnXn,
  request: AcceptedIes<'RetrieveUEContextRequest'>,
): Outgoing {
  const { 'newNG-RANnodeUEXnAPID': theirs } = request;
  const ue = gnb.contexts.ues.find((each) => isMeant(gnb, each, request));
  if (ue === undefined)
    return outgoing('RetrieveUEContextFailure', {
      'newNG-RANnodeUEXnAPID': theirs,
      Cause: { radioNetwork: 'ue-context-id-not-known' },
    });
  const { ours } = gnb.contexts.add({ session, side: 'source', theirs, own: ue });
  return outgoing('RetrieveUEContextResponse', {
    'newNG-RANnodeUEXnAPID': theirs,
    'oldNG-RANnodeUEXnAPID': ours,
    GUAMI: guamiOf(ue.context.amf),
    UEContextInfoRetrUECtxtResp: retrievedContext(ue.context),
  });
}

function isMeant(
  gnb: TheGnb,
  { isInactive, iRnti, mac }: OwnUe,
  { UEContextID: id, 'MAC-I': shown }: AcceptedIes<'RetrieveUEContextRequest'>,
): boolean {
  if (!isInactive || !('rRCResume' in id)) return false;
  const rnti = id.rRCResume['i-rnti'];
  if (!('i-RNTI-full' in rnti) || numberOfBits(rnti['i-RNTI-full']) !== iRnti) return false;
  return numberOfBits(shown) === mac || gnb.has('context-for-any-mac');
}

/** @see clause 8.4.4 */
export function reset(gnb: TheGnb, session: OnXn, request: AcceptedIes<'ResetRequest'>): Outgoing {
  const kind = request.ResetRequestTypeInfo;
  if (!('partialReset' in kind)) {
    if (!gnb.has('reset-half-done')) gnb.contexts.removeAllOf(session);
    return outgoing('ResetResponse', { ResetResponseTypeInfo: { fullReset: {} } });
  }
  const items = kind.partialReset['ue-contexts-ToBeReleasedList'];
  const meant = items.flatMap(
    ({ 'ng-ran-node1UEXnAPID': theirs, 'ng-ran-node2UEXnAPID': ours }) =>
      gnb.contexts.open.find(
        (each) =>
          each.session === session && (ours === undefined ? each.theirs === theirs : each.ours === ours),
      ) ?? [],
  );
  if (gnb.has('partial-reset-releases-all')) gnb.contexts.removeAllOf(session);
  for (const context of meant) gnb.contexts.remove(context);
  return outgoing('ResetResponse', {
    ResetResponseTypeInfo: { partialReset: { 'ue-contexts-AdmittedToBeReleasedList': items } },
  });
}

/** @see clause 10.6 */
function known(
  gnb: TheGnb,
  session: OnXn,
  { ours, theirs }: { readonly ours: number; readonly theirs: number },
): UeContext | IdFault {
  const found = gnb.contexts.find(session, ours);
  if (found === undefined) return 'unknown-local-NG-RAN-node-UE-XnAP-ID';
  return found.theirs === theirs ? found : 'inconsistent-remote-NG-RAN-node-UE-XnAP-ID';
}

function errorOf(gnb: TheGnb, message: Parameters<typeof idError>[0], fault: IdFault): readonly Outgoing[] {
  return gnb.has('unknown-ids-ignored') ? [] : [idError(message, fault)];
}
