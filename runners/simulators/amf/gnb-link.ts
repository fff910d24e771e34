import { HarnessError } from '../../../src/kernel/errors.ts';
import type { ApPeer, EntryIn, OutcomeIn } from '../../interfaces/ap/peer.ts';
import type { IesIn, RequestIn, SuccessIn } from '../../interfaces/ap/types.ts';
import { errorIndication, failure, outgoing } from '../../interfaces/ngap/codec.ts';
import type { AnyAccepted, Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import type { AmfCore, AmfUe, NodeLink } from './core.ts';
import { areasIn, nodeIn, type NodeRecord, refusalOf, setupResponse } from './node-procedures.ts';
import { switchPath } from './path-switch.ts';

type Request = RequestIn<NgapShape>;
type UeIds = Partial<Pick<Ies<'UplinkNASTransport'>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>>;
type IdFault = 'unknown-local-UE-NGAP-ID' | 'inconsistent-remote-UE-NGAP-ID';

/** One association with a node of the RAN. */
export class GnbLink implements NodeLink {
  readonly peer: ApPeer<NgapShape>;
  readonly #amf: AmfCore;
  node: NodeRecord | null = null;

  constructor(amf: AmfCore, association: SctpAssociation) {
    this.#amf = amf;
    const { behaviour } = amf;
    this.peer = amf.openPeer(association, {
      ppid: behaviour.ppid,
      handle: (message, entry) => {
        this.#handle(message, entry);
        return [];
      },
      answerFaults: (entry, standard) => {
        const { message } = entry.decoded;
        const take = (): void => {
          if (message !== null) this.#handle(message as AnyAccepted, entry);
        };
        const answer = behaviour.faults(standard, { entry, take });
        if (answer !== null) this.post(answer);
        return null;
      },
      told: (entry) => amf.heard(this, entry),
    });
  }

  post(message: Outgoing): void {
    for (const each of this.#amf.behaviour.sends(message)) this.peer.send(each).catch(unlessEnded);
  }

  ask<Name extends Request>(
    name: Name,
    ies: IesIn<NgapShape, Name>,
    then: (
      answer: IesIn<NgapShape, SuccessIn<NgapShape, Name>> | null,
      outcome: OutcomeIn<NgapShape, Name>,
    ) => void = () => undefined,
  ): void {
    const [first] = this.#amf.behaviour.sends({ name, ies } as Outgoing);
    if (first === undefined) return;
    this.peer.request(name, first.ies as IesIn<NgapShape, Name>, this.#amf.waiting()).then((outcome) => {
      if (outcome.kind !== 'successful') this.#amf.say(`${name}: ${outcome.kind}`);
      const message = outcome.kind === 'successful' ? outcome.message.ies : null;
      then(message as IesIn<NgapShape, SuccessIn<NgapShape, Name>> | null, outcome);
    }, this.#amf.broke);
  }

  #handle(message: AnyAccepted, entry: EntryIn<NgapShape>): void {
    if (message.name === 'NGSetupRequest') {
      this.#setUp(message.ies);
      return;
    }
    if (message.name === 'ErrorIndication') return;
    if (this.node === null) {
      this.#refuseEarly(message, entry);
      return;
    }
    switch (message.name) {
      case 'RANConfigurationUpdate':
        this.#updated(message.ies);
        return;
      case 'NGReset':
        this.#reset(message.ies);
        return;
      case 'InitialUEMessage':
        this.#amf.arrived(this, message.ies);
        return;
      case 'UplinkNASTransport':
        this.#ueOf(message.ies)?.take(message.ies['NAS-PDU']);
        return;
      case 'UEContextReleaseRequest':
        if (!this.#amf.handovers.releaseAsked(this, message.ies))
          this.#ueOf(message.ies)?.release(message.ies.Cause ?? { nas: 'normal-release' });
        return;
      case 'UERadioCapabilityInfoIndication':
      case 'NASNonDeliveryIndication':
        this.#ueOf(message.ies);
        return;
      case 'PathSwitchRequest':
        switchPath(this.#amf, this, message.ies);
        return;
      default:
        this.#handover(message, entry);
    }
  }

  #handover(message: AnyAccepted, entry: EntryIn<NgapShape>): void {
    const { handovers } = this.#amf;
    switch (message.name) {
      case 'HandoverRequired':
        this.#forUe(message.ies, (ue) => handovers.required(ue, message.ies));
        return;
      case 'UplinkRANStatusTransfer':
        this.#forUe(message.ies, (ue) => handovers.statusTold(ue, message.ies));
        return;
      case 'HandoverCancel':
        this.#forUe(message.ies, (ue) => handovers.cancelled(ue));
        return;
      case 'HandoverNotify':
        if (!handovers.notified(this, message.ies)) this.#unknown(message.ies, 'unknown-local-UE-NGAP-ID');
        return;
      default:
        // What only an AMF sends.
        this.#refuseEarly(message, entry);
    }
  }

  #forUe(ids: UeIds, act: (ue: AmfUe) => void): void {
    const ue = this.#ueOf(ids);
    if (ue !== null) act(ue);
  }

  /** 8.7.1.2: whatever was known of the node is replaced, and its UEs are gone. */
  #setUp(ies: Partial<Ies<'NGSetupRequest'>>): void {
    const node = nodeIn(ies);
    const cause =
      node === null ? ({ protocol: 'semantic-error' } as const) : refusalOf(node.areas, this.#amf);
    if (node === null || cause !== null) {
      this.post(outgoing('NGSetupFailure', { Cause: cause ?? { misc: 'unspecified' }, TimeToWait: 'v1s' }));
      return;
    }
    if (!this.#amf.mayBe(node, this)) {
      this.peer.association.abort('that node is connected already');
      return;
    }
    this.#amf.forgetUesOf(this);
    this.#amf.handovers.targetGone(this);
    this.node = node;
    this.post(setupResponse(this.#amf.settings));
    this.#amf.nodeUp(this);
  }

  #updated({ SupportedTAList, GlobalRANNodeID }: Partial<Ies<'RANConfigurationUpdate'>>): void {
    const { node } = this;
    if (node === null) return;
    const areas = SupportedTAList === undefined ? node.areas : areasIn(SupportedTAList);
    const cause = refusalOf(areas, this.#amf);
    if (cause !== null) {
      this.post(outgoing('RANConfigurationUpdateFailure', { Cause: cause, TimeToWait: 'v1s' }));
      return;
    }
    this.node = { ...node, areas, ...(GlobalRANNodeID === undefined ? {} : { id: GlobalRANNodeID }) };
    this.post(outgoing('RANConfigurationUpdateAcknowledge', {}));
  }

  /** @see TS 38.413 clause 8.7.4.2.1 */
  #reset({ ResetType }: Partial<Ies<'NGReset'>>): void {
    if (ResetType === undefined) return;
    const list = 'partOfNG-Interface' in ResetType ? ResetType['partOfNG-Interface'] : null;
    const named = this.#amf
      .uesOf(this)
      .filter(
        ({ connection }) =>
          list === null ||
          list.some(
            (item) =>
              item['aMF-UE-NGAP-ID'] === connection?.amfUeId ||
              (item['aMF-UE-NGAP-ID'] === undefined && item['rAN-UE-NGAP-ID'] === connection?.ranUeId),
          ),
      );
    for (const ue of this.#amf.behaviour.resets(named)) this.#amf.forgetConnection(ue);
    if (list === null) this.#amf.handovers.targetGone(this);
    const acknowledged = list === null ? {} : { 'UE-associatedLogicalNG-connectionList': list };
    this.post(outgoing('NGResetAcknowledge', acknowledged));
  }

  /** The UE that a message is about; its sender hears when there is none of that name. @see TS 38.413 clause 10.6 */
  #ueOf(ids: UeIds): AmfUe | null {
    const { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId } = ids;
    const ue = this.#amf.uesOf(this).find(({ connection }) => connection?.amfUeId === amfUeId) ?? null;
    const isRight = ue?.connection?.ranUeId === ranUeId;
    if (ue !== null && (isRight || !this.#amf.behaviour.checksIds)) return ue;
    const why = ue === null ? 'unknown-local-UE-NGAP-ID' : 'inconsistent-remote-UE-NGAP-ID';
    if (ue !== null) this.#amf.forgetConnection(ue);
    this.#unknown(ids, why);
    return null;
  }

  #unknown({ 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId }: UeIds, why: IdFault): void {
    this.post(
      outgoing('ErrorIndication', {
        ...(amfUeId === undefined ? {} : { 'AMF-UE-NGAP-ID': amfUeId }),
        ...(ranUeId === undefined ? {} : { 'RAN-UE-NGAP-ID': ranUeId }),
        Cause: { radioNetwork: why },
      }),
    );
  }

  /** Nothing else goes before NG Setup. */
  #refuseEarly(message: AnyAccepted, entry: EntryIn<NgapShape>): void {
    const why = 'message-not-compatible-with-receiver-state';
    this.post(failure(message, { protocol: why }) ?? errorIndication(entry.decoded, why));
  }
}

function unlessEnded(error: unknown): void {
  if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
}
