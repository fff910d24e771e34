import type { NextHop } from '../../interfaces/aka/key-chain.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { SetupIes } from '../../interfaces/ngap/transfers.ts';
import type { Ies, Outgoing } from '../../interfaces/ngap/types.ts';
import { guamiOf, nodeNameOf, valueOf, wireCapabilities, wireSlice } from '../../interfaces/ngap/values.ts';
import { decodePlmn } from '../../interfaces/nas/identity.ts';
import type { AmfCore, AmfUe, NodeLink } from './core.ts';

export type Wanted = Partial<Ies<'HandoverRequired'>>;
type Sessions = Ies<'HandoverRequired'>['PDUSessionResourceListHORqd'];
export type Cause = Ies<'HandoverPreparationFailure'>['Cause'];
export type Allocated = Ies<'HandoverRequestAcknowledge'>;
type Ids = Pick<Ies<'HandoverCancelAcknowledge'>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>;

const AMBR = { uEAggregateMaximumBitRateDL: 1e9, uEAggregateMaximumBitRateUL: 1e9 } as const;

/** The node that a source names, if it serves the tracking area that is named with it. */
export function targetIn({ TargetID }: Wanted, links: readonly NodeLink[]): NodeLink | undefined {
  if (TargetID === undefined || !('targetRANNodeID' in TargetID)) return undefined;
  const { globalRANNodeID, selectedTAI } = TargetID.targetRANNodeID;
  const [name, tac] = [nodeNameOf(globalRANNodeID), valueOf(selectedTAI.tAC)];
  const plmn = decodePlmn(selectedTAI.pLMNIdentity);
  return links.find(
    ({ node }) =>
      node?.name === name &&
      node.areas.some((area) => area.tac === tac && area.plmns.some((each) => each.plmn === plmn)),
  );
}

/** Sessions that the source wants handed over and that there are, each once; of others the target is not told. */
export function sessionsIn(
  ue: AmfUe,
  { PDUSessionResourceListHORqd: list = [] }: Wanted,
): Ies<'HandoverRequest'>['PDUSessionResourceSetupListHOReq'] {
  return [...new Set(list.map(({ pDUSessionID }) => pDUSessionID))].flatMap((pDUSessionID) => {
    const session = ue.nas.ue.sessions.get(pDUSessionID);
    const transfer = ue.transferOf(pDUSessionID, forwardingOf(list, pDUSessionID));
    return session === undefined || transfer === null
      ? []
      : [{ pDUSessionID, 's-NSSAI': wireSlice(session.slice), handoverRequestTransfer: transfer }];
  });
}

/** What the source can send on goes there by its own way: the UPF has none for it. @see TS 23.502 clause 4.9.1.3.2 */
function forwardingOf(list: Sessions, id: number): Partial<SetupIes> {
  return hasDirectPath(list, id)
    ? { DirectForwardingPathAvailability: 'direct-path-available' }
    : { DataForwardingNotPossible: 'data-forwarding-not-possible' };
}

function hasDirectPath(list: Sessions, id: number): boolean {
  const transfer = list.find(({ pDUSessionID }) => pDUSessionID === id)?.handoverRequiredTransfer;
  return (
    transfer !== undefined &&
    !(transfer instanceof Uint8Array) &&
    transfer.directForwardingPathAvailability === 'direct-path-available'
  );
}

export interface Asking {
  /** The value of the UE security capability, as the UE has told it. */
  readonly capability: Uint8Array;
  readonly amfUeId: number;
  readonly sessions: ReturnType<typeof sessionsIn>;
  readonly nextHop: NextHop;
  readonly container: Uint8Array;
  readonly cause: Cause;
}

/** The UE security capabilities are those that the UE has told. @see TS 38.413 clause 9.2.3.4, TS 33.501 clauses 6.7.3.2, 6.9.2.3.3 */
export function handoverRequest(
  { settings, network }: Pick<AmfCore, 'settings' | 'network'>,
  { capability, amfUeId, sessions, nextHop, container, cause }: Asking,
): Ies<'HandoverRequest'> {
  return {
    'AMF-UE-NGAP-ID': amfUeId,
    HandoverType: 'intra5gs',
    Cause: cause,
    UEAggregateMaximumBitRate: AMBR,
    UESecurityCapabilities: wireCapabilities(capability),
    SecurityContext: {
      nextHopChainingCount: nextHop.ncc,
      nextHopNH: { bits: nextHop.key, length: 256 },
    },
    PDUSessionResourceSetupListHOReq: sessions,
    AllowedNSSAI: settings.slices.map((slice) => ({ 's-NSSAI': wireSlice(slice) })),
    'SourceToTarget-TransparentContainer': container,
    GUAMI: guamiOf(network.plmn, network.amfId),
  };
}

/** What was wanted and not admitted is to be released; what was admitted and not wanted is of no interest. @see TS 38.413 clause 9.2.3.2 */
export function handoverCommand(
  ids: Ids,
  { PDUSessionResourceListHORqd: wanted = [] }: Wanted,
  allocated: Allocated,
): Outgoing {
  const admitted = allocated.PDUSessionResourceAdmittedList.map(({ pDUSessionID }) => pDUSessionID);
  const kept = wanted.filter(({ pDUSessionID }) => admitted.includes(pDUSessionID));
  const released = wanted.filter(({ pDUSessionID }) => !admitted.includes(pDUSessionID));
  const cause = { radioNetwork: 'ho-failure-in-target-5GC-ngran-node-or-target-system' } as const;
  return outgoing('HandoverCommand', {
    ...ids,
    HandoverType: 'intra5gs',
    ...(kept.length === 0
      ? {}
      : {
          PDUSessionResourceHandoverList: kept.map(({ pDUSessionID }) => ({
            ...{ pDUSessionID, handoverCommandTransfer: forwardingTo(wanted, allocated, pDUSessionID) },
          })),
        }),
    ...(released.length === 0
      ? {}
      : {
          PDUSessionResourceToReleaseListHOCmd: released.map(({ pDUSessionID }) => ({
            ...{ pDUSessionID, handoverPreparationUnsuccessfulTransfer: { cause } },
          })),
        }),
    'TargetToSource-TransparentContainer': allocated['TargetToSource-TransparentContainer'],
  });
}

/** Where the source sends what still comes down, as the target has said. @see TS 38.413 clauses 9.3.4.10, 9.3.4.11 */
function forwardingTo(wanted: Sessions, { PDUSessionResourceAdmittedList: list }: Allocated, id: number) {
  const transfer = list.find(({ pDUSessionID }) => pDUSessionID === id)?.handoverRequestAcknowledgeTransfer;
  if (transfer === undefined || transfer instanceof Uint8Array || !hasDirectPath(wanted, id)) return {};
  const { 'dLForwardingUP-TNLInformation': end, dataForwardingResponseDRBList: bearers } = transfer;
  const flows = transfer.qosFlowSetupResponseList.filter(
    ({ dataForwardingAccepted }) => dataForwardingAccepted !== undefined,
  );
  return {
    ...(end === undefined ? {} : { 'dLForwardingUP-TNLInformation': end }),
    ...(flows.length === 0
      ? {}
      : { qosFlowToBeForwardedList: flows.map(({ qosFlowIdentifier }) => ({ qosFlowIdentifier })) }),
    ...(bearers === undefined ? {} : { dataForwardingResponseDRBList: bearers }),
  };
}

/** Names of the failure of a target what the source can use. */
export function preparationFailure(
  ids: Ids,
  cause: Cause,
  { 'TargettoSource-Failure-TransparentContainer': container }: Partial<Ies<'HandoverFailure'>> = {},
): Outgoing {
  return outgoing('HandoverPreparationFailure', {
    ...ids,
    Cause: cause,
    ...(container === undefined ? {} : { 'TargettoSource-Failure-TransparentContainer': container }),
  });
}
