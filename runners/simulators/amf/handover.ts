import { nextHopOf } from '../../interfaces/aka/keys.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import { tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { guamiOf, nodeNameOf, wireCapabilities, wireSlice } from '../../interfaces/ngap/values.ts';
import type { AmfCore, AmfUe, HandoverDesk, NodeLink } from './core.ts';

type Wanted = Partial<Ies<'HandoverRequired'>>;
type UeIds = Partial<Ies<'HandoverCancel'>>;

const AMBR = { uEAggregateMaximumBitRateDL: 1e9, uEAggregateMaximumBitRateUL: 1e9 } as const;

/** A handover that goes on. */
interface Going {
  readonly ue: AmfUe;
  readonly source: NodeLink;
  readonly target: NodeLink;
  /** At the target. */
  readonly amfUeId: number;
  ranUeId: number | null;
  admitted: NonNullable<Partial<Ies<'HandoverRequestAcknowledge'>>['PDUSessionResourceAdmittedList']>;
}

/** Handovers over N2, from one node to another. @see TS 38.413 clauses 8.4.1 to 8.4.3, 8.4.5 */
export class Handovers implements HandoverDesk {
  readonly #amf: AmfCore;
  readonly #going = new Set<Going>();

  constructor(amf: AmfCore) {
    this.#amf = amf;
  }

  required(source: NodeLink, ies: Wanted): void {
    const { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId, TargetID } = ies;
    if (amfUeId === undefined || ranUeId === undefined || TargetID === undefined) return;
    const ue = this.#amf.uesOf(source).find(({ connection }) => connection?.amfUeId === amfUeId);
    if (ue === undefined) return;
    const name = 'targetRANNodeID' in TargetID ? nodeNameOf(TargetID.targetRANNodeID.globalRANNodeID) : '';
    const target = this.#amf.links.find((link) => link !== source && link.node?.name === name);
    const fail = (cause: Ies<'HandoverPreparationFailure'>['Cause']): void =>
      source.post(
        outgoing('HandoverPreparationFailure', {
          ...{ 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId, Cause: cause },
        }),
      );
    if (target === undefined) {
      fail({ radioNetwork: 'unknown-targetID' });
      return;
    }
    const going: Going = {
      ...{ ue, source, target, amfUeId: this.#amf.newUeId(), ranUeId: null, admitted: [] },
    };
    this.#going.add(going);
    this.#ask(going, ies, (answer) => {
      if (answer !== null) return;
      this.#going.delete(going);
      fail({ radioNetwork: 'ho-failure-in-target-5GC-ngran-node-or-target-system' });
    });
  }

  #ask(going: Going, ies: Wanted, then: (answer: object | null) => void): void {
    const { ue, target, amfUeId } = going;
    const { settings, network } = this.#amf;
    const { context, kgnbCount, capability, sessions } = ue.nas.ue;
    const kamf = context?.parts.kamf;
    const container = ies['SourceToTarget-TransparentContainer'];
    if (kamf === undefined || context === null || container === undefined) {
      then(null);
      return;
    }
    const wanted = (ies.PDUSessionResourceListHORqd ?? []).flatMap(({ pDUSessionID }) => {
      const session = sessions.get(pDUSessionID);
      const transfer = ue.transferOf(pDUSessionID);
      return session === undefined || transfer === null
        ? []
        : [{ pDUSessionID, 's-NSSAI': wireSlice(session.slice), handoverRequestTransfer: transfer }];
    });
    const key = nextHopOf(kamf, context.kgnb(kgnbCount));
    target.ask(
      'HandoverRequest',
      {
        'AMF-UE-NGAP-ID': amfUeId,
        HandoverType: 'intra5gs',
        Cause: ies.Cause ?? { radioNetwork: 'handover-desirable-for-radio-reason' },
        UEAggregateMaximumBitRate: AMBR,
        UESecurityCapabilities: wireCapabilities(capability),
        SecurityContext: { nextHopChainingCount: 1, nextHopNH: { bits: key, length: 256 } },
        PDUSessionResourceSetupListHOReq: wanted,
        AllowedNSSAI: settings.slices.map((slice) => ({ 's-NSSAI': wireSlice(slice) })),
        'SourceToTarget-TransparentContainer': container,
        GUAMI: guamiOf(network.plmn, network.amfId),
      },
      (answer) => {
        then(answer);
        if (answer !== null) this.#command(going, answer);
      },
    );
  }

  #command(going: Going, answer: Ies<'HandoverRequestAcknowledge'>): void {
    const { ue, source } = going;
    const { connection } = ue;
    going.ranUeId = answer['RAN-UE-NGAP-ID'];
    going.admitted = answer.PDUSessionResourceAdmittedList;
    if (connection?.link !== source) return;
    source.post(
      outgoing('HandoverCommand', {
        ...{ 'AMF-UE-NGAP-ID': connection.amfUeId, 'RAN-UE-NGAP-ID': connection.ranUeId },
        HandoverType: 'intra5gs',
        PDUSessionResourceHandoverList: going.admitted.map(({ pDUSessionID }) => ({
          ...{ pDUSessionID, handoverCommandTransfer: {} },
        })),
        'TargetToSource-TransparentContainer': answer['TargetToSource-TransparentContainer'],
      }),
    );
  }

  /** The UE has arrived: from now on it is there, and the node that it came from forgets it. */
  notified(target: NodeLink, { 'AMF-UE-NGAP-ID': amfUeId }: UeIds): void {
    const going = [...this.#going].find((each) => each.target === target && each.amfUeId === amfUeId);
    if (going === undefined || going.ranUeId === null) return;
    this.#going.delete(going);
    const { ue, admitted, ranUeId } = going;
    ue.release({ radioNetwork: 'successful-handover' });
    ue.connection = { link: target, amfUeId: going.amfUeId, ranUeId, isSetUp: true };
    for (const { pDUSessionID, handoverRequestAcknowledgeTransfer: transfer } of admitted) {
      const user = ue.userPlanes.get(pDUSessionID);
      if (user === undefined || transfer instanceof Uint8Array) continue;
      user.down = tunnelEndIn(transfer['dL-NGU-UP-TNLInformation']);
    }
  }

  cancelled(source: NodeLink, { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId }: UeIds): void {
    if (amfUeId === undefined || ranUeId === undefined) return;
    const going = [...this.#going].find(
      (each) => each.source === source && each.ue.connection?.amfUeId === amfUeId,
    );
    if (going !== undefined) {
      this.#going.delete(going);
      if (going.ranUeId !== null)
        going.target.ask('UEContextReleaseCommand', {
          'UE-NGAP-IDs': {
            'uE-NGAP-ID-pair': { 'aMF-UE-NGAP-ID': going.amfUeId, 'rAN-UE-NGAP-ID': going.ranUeId },
          },
          Cause: { radioNetwork: 'handover-cancelled' },
        });
    }
    source.post(
      outgoing('HandoverCancelAcknowledge', { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId }),
    );
  }
}
