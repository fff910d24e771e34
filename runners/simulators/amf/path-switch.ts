import { outgoing } from '../../interfaces/ngap/codec.ts';
import { tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { isSameCapabilities, wireCapabilities, wireSlice } from '../../interfaces/ngap/values.ts';
import type { AmfCore, AmfUe, NodeLink } from './core.ts';

type PathSwitch = Partial<Ies<'PathSwitchRequest'>>;

/**
 * After a handover over Xn: the UE is at the new node from now on. Other security capabilities than those that are known are not taken; the
 * new node is told the right ones.
 * @see TS 38.413 clause 8.4.4, TS 33.501 clause 6.7.3.1
 */
export function switchPath(amf: AmfCore, link: NodeLink, ies: PathSwitch): void {
  const { 'SourceAMF-UE-NGAP-ID': source, 'RAN-UE-NGAP-ID': ranUeId } = ies;
  if (source === undefined || ranUeId === undefined) return;
  const ue = amf.ues.find(({ connection }) => connection?.amfUeId === source);
  const nextHop = ue?.nextHop() ?? null;
  if (ue === undefined || nextHop === null) {
    refuse(link, ies);
    return;
  }
  ue.moved({ link, ranUeId, amfUeId: source, isSetUp: true });
  const switched = switchTunnels(amf, ue, ies);
  const known = wireCapabilities(ue.nas.ue.capability);
  const said = ies.UESecurityCapabilities;
  const isOther = said === undefined || !isSameCapabilities(said, known);
  link.post(
    outgoing('PathSwitchRequestAcknowledge', {
      ...{ 'AMF-UE-NGAP-ID': source, 'RAN-UE-NGAP-ID': ranUeId },
      ...(isOther && amf.behaviour.checksCapabilities ? { UESecurityCapabilities: known } : {}),
      SecurityContext: {
        nextHopChainingCount: nextHop.ncc,
        nextHopNH: { bits: nextHop.key, length: 256 },
      },
      PDUSessionResourceSwitchedList: switched.map((pDUSessionID) => ({
        ...{ pDUSessionID, pathSwitchRequestAcknowledgeTransfer: {} },
      })),
      AllowedNSSAI: amf.settings.slices.map((slice) => ({ 's-NSSAI': wireSlice(slice) })),
    }),
  );
}

function switchTunnels(
  { upf }: AmfCore,
  ue: AmfUe,
  { PDUSessionResourceToBeSwitchedDLList: list = [] }: PathSwitch,
): number[] {
  return list.flatMap(({ pDUSessionID, pathSwitchRequestTransfer: transfer }) => {
    const user = ue.userPlanes.get(pDUSessionID);
    if (user === undefined || transfer instanceof Uint8Array) return [];
    upf.switchPath(user, tunnelEndIn(transfer['dL-NGU-UP-TNLInformation']));
    return [pDUSessionID];
  });
}

function refuse(link: NodeLink, ies: PathSwitch): void {
  const list = ies.PDUSessionResourceToBeSwitchedDLList ?? [];
  const cause = { radioNetwork: 'unknown-local-UE-NGAP-ID' } as const;
  link.post(
    outgoing('PathSwitchRequestFailure', {
      'AMF-UE-NGAP-ID': ies['SourceAMF-UE-NGAP-ID'] ?? 0,
      'RAN-UE-NGAP-ID': ies['RAN-UE-NGAP-ID'] ?? 0,
      PDUSessionResourceReleasedListPSFail: list.map(({ pDUSessionID }) => ({
        ...{ pDUSessionID, pathSwitchRequestUnsuccessfulTransfer: { cause } },
      })),
    }),
  );
}
