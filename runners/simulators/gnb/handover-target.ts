import { outgoing } from '../../interfaces/ngap/codec.ts';
import { sourceToTargetIn, targetToSource } from '../../interfaces/ngap/containers.ts';
import { setupIesIn, transportInformation, type TunnelEnd } from '../../interfaces/ngap/transfers.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { isSameSlice, locationOf, numberIn, sliceIn } from '../../interfaces/ngap/values.ts';
import { handoverCommand } from '../../interfaces/rrc/handover-messages.ts';
import type { GnbCore } from './core.ts';
import type { RanUe } from './ran-ue.ts';
import { cellOf } from './settings.ts';
import type { RanSession } from './user-plane.ts';

// A UE comes from a cell of another node, over the AMF. What the other node does stands in `handover-source.ts`.

type Request = Partial<Ies<'HandoverRequest'>>;
type Item = Ies<'HandoverRequest'>['PDUSessionResourceSetupListHOReq'][number];
type Cause = Ies<'HandoverFailure'>['Cause'];
type Acknowledge = Ies<'HandoverRequestAcknowledge'>;
type AdmittedItem = Acknowledge['PDUSessionResourceAdmittedList'][number];
interface Failed {
  readonly id: number;
  readonly cause: Cause;
}

/** The gNB, with what becomes of those that come. */
export interface TargetGnb extends GnbCore {
  readonly ues: readonly RanUe[];
  guest(): RanUe;
  /** Takes a UE that was elsewhere in the place of what was ready for it. */
  replace(ready: RanUe, ue: RanUe): void;
}

const ACCEPTED = { dataForwardingAccepted: 'data-forwarding-accepted' } as const;
/** What is kept for UEs that have not arrived is bounded. */
const MOST_COMING = 64;
const NO_ALGORITHM = 'encryption-and-or-integrity-protection-algorithms-not-supported';

/** Allocates what a UE will need that comes. @see TS 38.413 clause 8.4.2 */
export function takeHandover(gnb: TargetGnb, ies: Request): void {
  const { 'AMF-UE-NGAP-ID': amfUeId } = ies;
  const { behaviour } = gnb;
  if (amfUeId === undefined || behaviour.handedOver === 'silent') return;
  const refusal = refusalOf(gnb, ies);
  const fail = (cause: Cause): void =>
    gnb.post(outgoing('HandoverFailure', { 'AMF-UE-NGAP-ID': amfUeId, Cause: cause }));
  if (refusal !== null) {
    fail(refusal);
    return;
  }
  const ready = gnb.guest();
  const { done, failed } = allocate(gnb, ready, ies.PDUSessionResourceSetupListHOReq ?? []);
  if (done.length === 0) {
    ready.released();
    fail(failed[0]?.cause ?? { radioNetwork: 'unspecified' });
    return;
  }
  ready.amfUeId = amfUeId;
  const { nextHopChainingCount: ncc = 0, nextHopNH } = ies.SecurityContext ?? {};
  ready.comesWith = { ncc, key: nextHopNH?.bits ?? new Uint8Array() };
  const ids = { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ready.ranUeId ?? 0 };
  const forwarding = forwardingFor(gnb, done, ies);
  gnb.post(
    outgoing('HandoverRequestAcknowledge', { ...ids, ...acknowledged({ done, failed, forwarding }, ncc) }),
  );
}

function refusalOf({ behaviour, settings, ues }: TargetGnb, ies: Request): Cause | null {
  const coming = ues.filter(({ comesWith }) => comesWith !== null).length;
  if (behaviour.handedOver === 'refuses' || coming >= MOST_COMING)
    return { radioNetwork: 'no-radio-resources-available-in-target-cell' };
  const integrity = ies.UESecurityCapabilities?.nRintegrityProtectionAlgorithms;
  if (behaviour.checksAlgorithms && (integrity === undefined || numberIn(integrity) === 0))
    return { radioNetwork: NO_ALGORITHM };
  const container = sourceToTargetIn(ies['SourceToTarget-TransparentContainer'] ?? new Uint8Array());
  if (container === null) return { protocol: 'transfer-syntax-error' };
  const cell = container['targetCell-ID'];
  const isOurs = 'nR-CGI' in cell && numberIn(cell['nR-CGI'].nRCellIdentity) === cellOf(settings).id;
  return isOurs || !behaviour.checksCell ? null : { radioNetwork: 'cell-not-available' };
}

function allocate(
  gnb: TargetGnb,
  ready: RanUe,
  items: readonly Item[],
): { readonly done: readonly RanSession[]; readonly failed: readonly Failed[] } {
  const refused = new Map<number, Cause>();
  for (const item of items) {
    const cause = refusalOfSession(gnb, item, items);
    if (cause !== null) refused.set(item.pDUSessionID, cause);
  }
  const { done, failed } = ready.setUpSessions(
    items
      .filter(({ pDUSessionID }) => !refused.has(pDUSessionID))
      .map(({ pDUSessionID, handoverRequestTransfer }) => ({
        ...{ pDUSessionID, pDUSessionResourceSetupRequestTransfer: handoverRequestTransfer },
      })),
  );
  return { done, failed: [...[...refused].map(([id, cause]) => ({ id, cause })), ...failed] };
}

/** @see TS 38.413 clauses 8.4.2.2, 8.4.2.4 */
function refusalOfSession(
  { behaviour, settings }: TargetGnb,
  { pDUSessionID, 's-NSSAI': wire }: Item,
  items: readonly Item[],
): Cause | null {
  const slice = sliceIn(wire);
  if (behaviour.checksSlices && !settings.slices.some((each) => isSameSlice(each, slice)))
    return { radioNetwork: 'slice-not-supported' };
  const isRepeated = items.filter((each) => each.pDUSessionID === pDUSessionID).length > 1;
  return isRepeated && behaviour.refusesDuplicates
    ? { radioNetwork: 'multiple-PDU-session-ID-instances' }
    : null;
}

/** A tunnel for what the source would send on, where it has proposed that and can. @see TS 38.413 clause 8.4.2.2 */
function forwardingFor(
  { userPlane }: TargetGnb,
  done: readonly RanSession[],
  ies: Request,
): ReadonlyMap<number, TunnelEnd> {
  const container = sourceToTargetIn(ies['SourceToTarget-TransparentContainer'] ?? new Uint8Array());
  const proposed = (container?.pDUSessionResourceInformationList ?? []).filter(({ qosFlowInformationList }) =>
    qosFlowInformationList.some(({ dLForwarding }) => dLForwarding !== undefined),
  );
  const possible = (ies.PDUSessionResourceSetupListHOReq ?? []).filter(
    ({ handoverRequestTransfer }) =>
      setupIesIn(handoverRequestTransfer).DataForwardingNotPossible === undefined,
  );
  const isWanted = ({ id }: RanSession): boolean =>
    [proposed, possible].every((list) => list.some(({ pDUSessionID }) => pDUSessionID === id));
  return new Map(done.filter(isWanted).map((session) => [session.id, userPlane.takeForwarded(session)]));
}

interface Allocated {
  readonly done: readonly RanSession[];
  readonly failed: readonly Failed[];
  readonly forwarding: ReadonlyMap<number, TunnelEnd>;
}

function acknowledged(
  { done, failed, forwarding }: Allocated,
  ncc: number,
): Omit<Acknowledge, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'> {
  return {
    PDUSessionResourceAdmittedList: done.map((session) => ({
      pDUSessionID: session.id,
      handoverRequestAcknowledgeTransfer: transferOf(session, forwarding.get(session.id)),
    })),
    ...(failed.length === 0
      ? {}
      : {
          PDUSessionResourceFailedToSetupListHOAck: failed.map(({ id, cause }) => ({
            ...{ pDUSessionID: id, handoverResourceAllocationUnsuccessfulTransfer: { cause } },
          })),
        }),
    'TargetToSource-TransparentContainer': targetToSource(handoverCommand(ncc)),
  };
}

function transferOf(
  { down, flows }: RanSession,
  forwarding: TunnelEnd | undefined,
): Exclude<AdmittedItem['handoverRequestAcknowledgeTransfer'], Uint8Array> {
  const accepted = forwarding === undefined ? {} : ACCEPTED;
  return {
    'dL-NGU-UP-TNLInformation': transportInformation(down),
    ...(forwarding === undefined
      ? {}
      : { 'dLForwardingUP-TNLInformation': transportInformation(forwarding) }),
    qosFlowSetupResponseList: flows.map((qosFlowIdentifier) => ({ qosFlowIdentifier, ...accepted })),
  };
}

/**
 * The UE for which something is ready is found in the cell, or the last one of those. False when nobody is expected.
 * @param ue one that this process has; absent: it is somebody else's
 * @see TS 38.413 clause 8.4.3
 */
export function arrive(gnb: TargetGnb, ue?: RanUe): boolean {
  const ready = gnb.ues.findLast(({ comesWith }) => comesWith !== null);
  const ids = ready?.ids ?? null;
  if (ready === undefined || ids === null) return false;
  if (ue === undefined) {
    ready.comesWith = null;
    ready.attend(gnb.behaviour.servesArrived);
  } else gnb.replace(ready, ue);
  gnb.post(outgoing('HandoverNotify', { ...ids, UserLocationInformation: locationOf(cellOf(gnb.settings)) }));
  return true;
}
