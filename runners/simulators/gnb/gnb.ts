import { HarnessError } from '../../../src/kernel/errors.ts';
import { newMilenageKeys } from '../../interfaces/aka/subscriber-keys.ts';
import type { ApPeer, EntryIn, OutcomeIn, Waiting } from '../../interfaces/ap/peer.ts';
import { errorIndication, failure, outgoing } from '../../interfaces/ngap/codec.ts';
import type { RequestIn } from '../../interfaces/ap/types.ts';
import type { AnyAccepted, AnyMessage, Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import type { UeBehaviour, UeProfile } from '../ue/types.ts';
import { type GnbBehaviour, RIGHT_GNB } from './behaviour.ts';
import type { RanFact } from './core.ts';
import type { SourceGnb } from './handover-source.ts';
import { takeHandover, type TargetGnb } from './handover-target.ts';
import { locationOf, numberIn } from '../../interfaces/ngap/values.ts';
import { setupRequest } from './presentation.ts';
import { RanUe } from './ran-ue.ts';
import {
  type Known,
  modifySessions,
  releaseSessions,
  setUpContext,
  setUpSessions,
} from './session-procedures.ts';
import { cellOf, type GnbSettings } from './settings.ts';
import type { UserPlane } from './user-plane.ts';

export interface GnbDeps {
  readonly settings: GnbSettings;
  readonly behaviour?: GnbBehaviour;
  readonly userPlane: UserPlane;
  readonly told?: (ue: RanUe, fact: RanFact) => void;
}

type ReleaseCause = Ies<'UEContextReleaseRequest'>['Cause'];
type UeIds = Partial<Pick<Ies<'DownlinkNASTransport'>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>>;

/** A gNB with UEs in its cell: what the AMF says goes in by {@link handle}; what has to be said goes out on the peer that it has. */
export class Gnb implements SourceGnb, TargetGnb {
  readonly settings: GnbSettings;
  behaviour: GnbBehaviour;
  readonly userPlane: UserPlane;
  readonly ues: RanUe[] = [];
  readonly #deps: GnbDeps;
  /** The association with the AMF, as far as it is needed. */
  #peer: Pick<ApPeer<NgapShape>, 'send' | 'request'> | null = null;
  #lastUeId = 0;

  constructor(deps: GnbDeps) {
    this.#deps = deps;
    this.settings = deps.settings;
    this.behaviour = deps.behaviour ?? RIGHT_GNB;
    this.userPlane = deps.userPlane;
  }

  /** From now on that is the association; UEs of another are gone. */
  use(peer: Pick<ApPeer<NgapShape>, 'send' | 'request'>): void {
    this.lost();
    this.#peer = peer;
  }

  /** There is no association any more, and no UE is connected. */
  lost(): void {
    this.#peer = null;
    for (const ue of [...this.ues]) ue.released();
  }

  add(profile: UeProfile, behaviour: Partial<UeBehaviour> = {}): RanUe {
    const ue = new RanUe(this, profile, behaviour);
    this.ues.push(ue);
    return ue;
  }

  guest(): RanUe {
    const profile = { plmn: this.settings.plmn, msin: '', keys: newMilenageKeys() };
    const guest = new RanUe(this, profile, { isGuest: true });
    guest.ranUeId = this.newUeId();
    this.ues.push(guest);
    return guest;
  }

  replace(ready: RanUe, ue: RanUe): void {
    ue.arrivesAt(this, ready);
    this.ues.splice(this.ues.indexOf(ready), 1, ue);
  }

  remove(ue: RanUe): void {
    const at = this.ues.indexOf(ue);
    if (at >= 0) this.ues.splice(at, 1);
  }

  async ask<Name extends RequestIn<NgapShape>>(
    name: Name,
    ies: Ies<Name>,
    withinMs: number,
  ): Promise<OutcomeIn<NgapShape, Name>> {
    const [message] = this.behaviour.sends({ name, ies } as Outgoing);
    if (this.#peer === null) return { kind: 'ended', event: null, tookMs: 0 };
    if (message === undefined) return { kind: 'silent', tookMs: 0 };
    const waiting = { signal: new AbortController().signal, timeoutMs: withinMs };
    return this.#peer.request(name, message.ies as Ies<Name>, waiting);
  }

  /** @throws HarnessError SCTP_ENDED without an association */
  setUp(
    waiting: Waiting,
    change: Partial<Ies<'NGSetupRequest'>> = {},
  ): Promise<OutcomeIn<NgapShape, 'NGSetupRequest'>> {
    if (this.#peer === null) throw new HarnessError('SCTP_ENDED', 'the gNB has no association');
    const right = outgoing('NGSetupRequest', { ...setupRequest(this.settings), ...change });
    const [message = right] = this.behaviour.sends(right);
    return this.#peer.request('NGSetupRequest', message.ies as Ies<'NGSetupRequest'>, waiting);
  }

  post(message: Outgoing): void {
    for (const each of this.behaviour.sends(message))
      this.#peer?.send(each).catch((error: unknown) => {
        if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
      });
  }

  newUeId(): number {
    this.#lastUeId += 1;
    return this.#lastUeId;
  }

  told(ue: RanUe, fact: RanFact): void {
    if (ue.isGuest && fact.fact === 'released') this.remove(ue);
    this.#deps.told?.(ue, fact);
  }

  /** Has the AMF release the context of a UE, as when its radio link is lost. */
  askRelease(ue: RanUe, cause: ReleaseCause = { radioNetwork: 'radio-connection-with-ue-lost' }): void {
    const { ids } = ue;
    if (ids === null) return;
    const sessions = [...ue.sessions.keys()].map((pDUSessionID) => ({ pDUSessionID }));
    this.post(
      outgoing('UEContextReleaseRequest', {
        ...ids,
        ...(sessions.length === 0 ? {} : { PDUSessionResourceListCxtRelReq: sessions }),
        Cause: cause,
      }),
    );
  }

  /** For the peer: every message that the rules let through. Whatever has to be said is said at once. */
  readonly handle = (message: AnyAccepted, entry: EntryIn<NgapShape>): readonly Outgoing[] => {
    this.#handle(message, entry);
    return [];
  };

  /** For the peer: every message that breaks the rules. */
  readonly answerFaults = (entry: EntryIn<NgapShape>, standard: Outgoing | null): Outgoing | null => {
    const { message } = entry.decoded;
    const take = (): void => {
      if (message !== null) this.#handle(message, entry);
    };
    const answer = this.behaviour.faults(standard, { entry, take });
    if (answer !== null) this.post(answer);
    return null;
  };

  #handle(message: AnyMessage, entry: EntryIn<NgapShape>): void {
    switch (message.name) {
      case 'DownlinkNASTransport':
        this.#ueOf(message.ies)?.ue.takeNas(message.ies['NAS-PDU']);
        return;
      case 'InitialContextSetupRequest':
        setUpContext(this, this.#ueOf(message.ies), message.ies);
        return;
      case 'PDUSessionResourceSetupRequest':
        setUpSessions(this, this.#ueOf(message.ies), message.ies);
        return;
      case 'PDUSessionResourceReleaseCommand':
        releaseSessions(this, this.#ueOf(message.ies), message.ies);
        return;
      case 'PDUSessionResourceModifyRequest':
        modifySessions(this, this.#ueOf(message.ies), message.ies);
        return;
      case 'UEContextModificationRequest':
        this.#contextModified(message.ies);
        return;
      case 'UEContextReleaseCommand':
        this.#released(message.ies);
        return;
      case 'Paging':
        this.#paged(message.ies);
        return;
      case 'NGReset':
        this.#reset(message.ies);
        return;
      case 'AMFConfigurationUpdate':
        this.post(outgoing('AMFConfigurationUpdateAcknowledge', {}));
        return;
      case 'HandoverRequest':
        takeHandover(this, message.ies);
        return;
      case 'DownlinkRANStatusTransfer':
        this.#ueOf(message.ies);
        return;
      case 'ErrorIndication':
      case 'AMFStatusIndication':
      case 'OverloadStart':
      case 'OverloadStop':
        return;
      default:
        this.#refuse(message, entry);
    }
  }

  #refuse(message: AnyMessage, entry: EntryIn<NgapShape>): void {
    const why = 'message-not-compatible-with-receiver-state';
    this.post(failure(message, { protocol: why }) ?? errorIndication(entry.decoded, why));
  }

  /** The UE that a message is about; the AMF hears when there is none. @see TS 38.413 clause 10.6 */
  #ueOf({ 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId }: UeIds): Known | null {
    const ue = this.ues.find((each) => each.ranUeId !== null && each.ranUeId === ranUeId);
    if (
      ue !== undefined &&
      amfUeId !== undefined &&
      ranUeId !== undefined &&
      (ue.amfUeId ?? amfUeId) === amfUeId
    ) {
      ue.amfUeId = amfUeId;
      return { ue, ids: { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId } };
    }
    if (this.behaviour.checksIds)
      this.post(
        outgoing('ErrorIndication', {
          ...(amfUeId === undefined ? {} : { 'AMF-UE-NGAP-ID': amfUeId }),
          ...(ranUeId === undefined ? {} : { 'RAN-UE-NGAP-ID': ranUeId }),
          Cause: {
            radioNetwork: ue === undefined ? 'unknown-local-UE-NGAP-ID' : 'inconsistent-remote-UE-NGAP-ID',
          },
        }),
      );
    return null;
  }

  #contextModified(ies: Partial<Ies<'UEContextModificationRequest'>>): void {
    const known = this.#ueOf(ies);
    if (known !== null) this.post(outgoing('UEContextModificationResponse', known.ids));
  }

  #released({ 'UE-NGAP-IDs': named }: Partial<Ies<'UEContextReleaseCommand'>>): void {
    if (named === undefined || 'choice-Extensions' in named) return;
    const pair = 'uE-NGAP-ID-pair' in named ? named['uE-NGAP-ID-pair'] : null;
    const amfUeId = 'aMF-UE-NGAP-ID' in named ? named['aMF-UE-NGAP-ID'] : (pair?.['aMF-UE-NGAP-ID'] ?? 0);
    const ranUeId =
      pair?.['rAN-UE-NGAP-ID'] ?? this.ues.find((each) => each.amfUeId === amfUeId)?.ranUeId ?? undefined;
    const known = this.#ueOf({
      'AMF-UE-NGAP-ID': amfUeId,
      ...(ranUeId === undefined ? {} : { 'RAN-UE-NGAP-ID': ranUeId }),
    });
    if (known === null) return;
    const { ue, ids } = known;
    const sessions = [...ue.sessions.keys()].map((pDUSessionID) => ({ pDUSessionID }));
    if (!ue.isGuest || this.behaviour.forgetsGone) ue.released();
    this.post(
      outgoing('UEContextReleaseComplete', {
        ...ids,
        UserLocationInformation: locationOf(cellOf(this.settings)),
        ...(sessions.length === 0 ? {} : { PDUSessionResourceListCxtRelCpl: sessions }),
      }),
    );
  }

  #paged({ UEPagingIdentity }: Partial<Ies<'Paging'>>): void {
    if (UEPagingIdentity === undefined || !('fiveG-S-TMSI' in UEPagingIdentity)) return;
    const { aMFSetID, aMFPointer, 'fiveG-TMSI': tmsi } = UEPagingIdentity['fiveG-S-TMSI'];
    const isIt = ({ ue: { sTmsi } }: RanUe): boolean =>
      sTmsi !== null &&
      sTmsi.set === numberIn(aMFSetID) &&
      sTmsi.pointer === numberIn(aMFPointer) &&
      sTmsi.tmsi.every((octet, at) => octet === tmsi[at]);
    for (const each of this.ues.filter(isIt)) {
      if (!this.behaviour.pages) return;
      each.tell({ fact: 'paged' });
      each.run(each.ue.paged());
    }
  }

  #reset({ ResetType }: Partial<Ies<'NGReset'>>): void {
    if (ResetType === undefined) return;
    const list = 'partOfNG-Interface' in ResetType ? ResetType['partOfNG-Interface'] : null;
    const named = this.ues.filter(
      ({ ranUeId, amfUeId }) =>
        ranUeId !== null &&
        (list === null ||
          list.some(
            (item) =>
              (item['rAN-UE-NGAP-ID'] ?? ranUeId) === ranUeId &&
              (item['aMF-UE-NGAP-ID'] ?? amfUeId) === amfUeId,
          )),
    );
    for (const ue of this.behaviour.resets(named)) ue.released();
    this.post(
      outgoing('NGResetAcknowledge', list === null ? {} : { 'UE-associatedLogicalNG-connectionList': list }),
    );
  }
}
