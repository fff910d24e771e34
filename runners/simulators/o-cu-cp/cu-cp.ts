import { numberOfBits } from '../../interfaces/ap/values.ts';
import type { EntryIn } from '../../interfaces/ap/peer.ts';
import { isAmong, type UeConnection } from '../../interfaces/ap/resets.ts';
import { cellName } from '../../interfaces/f1ap/cells.ts';
import { outgoing as f1 } from '../../interfaces/f1ap/codec.ts';
import type {
  AcceptedMessage as F1Accepted,
  AnyAccepted as AnyF1,
  F1apShape,
  Outgoing as F1Outgoing,
} from '../../interfaces/f1ap/types.ts';
import { outgoing as ng } from '../../interfaces/ngap/codec.ts';
import type { AnyAccepted as AnyNg } from '../../interfaces/ngap/types.ts';
import { wireSTmsi } from '../../interfaces/ngap/values.ts';
import { readRrc, type RrcMessage } from '../../interfaces/rrc/messages.ts';
import { RrcNetworkSide } from '../../interfaces/rrc/network-side.ts';
import { sTmsiIn } from '../../interfaces/rrc/s-tmsi.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import type { CuCpSettings } from './config.ts';
import type { CuCpHas } from './defects.ts';
import { E1Server, type E1Session } from './e1.ts';
import { F1Server, type F1Session } from './f1.ts';
import { NgClient, tacOctets } from './ng.ts';
import { betterCell, Mobility } from './mobility.ts';
import { page } from './paging.ts';
import { reestablishing } from './reestablishing.ts';
import { CuUe, type UePlace } from './ue.ts';
import { type Procedures, UeProcedures } from './ue-procedures.ts';

export interface CuCpDeps {
  readonly settings: CuCpSettings;
  readonly has: CuCpHas;
  readonly transport: SctpTransport;
  readonly say: (text: string) => void;
}

const REJECT_FOR_S = 1;

export interface HandoverOrder {
  /** Number of the gNB-DU at which the UE is; absent: any. */
  readonly du: number | undefined;
  /** Its gNB-DU UE F1AP ID. */
  readonly ue: number;
  /** NR Cell Identity to which it goes. */
  readonly cell: number;
}
type ReleaseReason = 'radio-connection-with-ue-lost' | 'release-due-to-ngran-generated-reason';

/** A gNB-CU-CP: what comes on F1, E1 and NG, and the UEs between them. @see TS 38.401 clause 8 */
export class CuCp {
  readonly f1: F1Server;
  readonly e1: E1Server;
  readonly ng: NgClient;
  readonly #deps: CuCpDeps;
  readonly #ues = new Map<number, CuUe>();
  readonly #procedures: Procedures;
  readonly #mobility: Mobility;
  #nextId = 0;

  constructor(deps: CuCpDeps) {
    const { settings, has, say, transport } = deps;
    const { plmn, needsNg, maxAssociations, answerWithinMs } = settings;
    const about = { has, say, plmn, maxAssociations, answerWithinMs };
    this.#deps = deps;
    this.f1 = new F1Server({
      ...about,
      isServing: () => !needsNg || this.ng.isSetUp,
      ue: (session, message, entry) => this.#fromDu(session, message, entry),
      lost: (session, connections) => this.#lost(session, connections),
    });
    this.e1 = new E1Server({
      ...about,
      lost: (session, connections) => this.#bearersLost(session, connections),
    });
    this.ng = new NgClient({
      ...{ settings, transport, say },
      take: (message) => this.#fromAmf(message),
      lost: () => {
        for (const ue of this.ues) this.#release(ue);
      },
    });
    this.#procedures = new UeProcedures({
      settings,
      has,
      ng: this.ng,
      e1: this.e1,
      forget: (ue) => this.#ues.delete(ue.id),
    });
    this.#mobility = new Mobility({ settings, has });
  }

  get ues(): readonly CuUe[] {
    return [...this.#ues.values()];
  }

  #release(ue: CuUe): void {
    ue.inTurn(() => this.#procedures.release(ue, { tellAmf: false }));
  }

  /** The gNB-DU has no such UEs any more: the core network has to let go of them. */
  #lost(session: F1Session, connections?: readonly UeConnection[]): void {
    for (const ue of this.ues) {
      if (ue.du !== session || !isAmong(connections, { upper: ue.id, lower: ue.duId })) continue;
      ue.isInDu = false;
      this.#askForRelease(ue, 'radio-connection-with-ue-lost');
    }
  }

  /** Without its bearers a UE has nothing to be connected for. */
  #bearersLost(session: E1Session, connections?: readonly UeConnection[]): void {
    for (const ue of this.ues) {
      const { bearers, id } = ue;
      if (bearers?.session !== session || !isAmong(connections, { upper: id, lower: bearers.cuUpId }))
        continue;
      ue.bearers = null;
      this.#askForRelease(ue, 'release-due-to-ngran-generated-reason');
    }
  }

  #askForRelease(ue: CuUe, cause: ReleaseReason): void {
    if (ue.amfId === null || !this.ng.isSetUp) {
      this.#release(ue);
      return;
    }
    const ids = { 'AMF-UE-NGAP-ID': ue.amfId, 'RAN-UE-NGAP-ID': ue.id };
    void this.ng.send(ng('UEContextReleaseRequest', { ...ids, Cause: { radioNetwork: cause } }));
  }

  #fromDu(session: F1Session, message: AnyF1, entry: EntryIn<F1apShape>): readonly F1Outgoing[] {
    switch (message.name) {
      case 'InitialULRRCMessageTransfer':
        return this.#initial(session, message);
      case 'ULRRCMessageTransfer':
        return this.#uplink(session, message, entry);
      case 'UEContextReleaseRequest': {
        const ue = this.#ueOf(session, message.ies['gNB-CU-UE-F1AP-ID']);
        if (ue !== null) this.#askForRelease(ue, 'radio-connection-with-ue-lost');
        return [];
      }
      default:
        return [];
    }
  }

  #ueOf(session: F1Session, id: number): CuUe | null {
    const ue = this.#ues.get(id);
    return ue?.du === session || ue?.arriving?.du === session ? ue : null;
  }

  /** Has a UE of a gNB-DU, by its number there, go to a cell; null when there is no such UE, or no such cell elsewhere. */
  handOver({ du, ue: duId, cell }: HandoverOrder): Promise<boolean> | null {
    const ue = this.ues.find((each) => each.duId === duId && (du === undefined || each.du.known?.id === du));
    const target = this.f1.sessions.known
      .filter((each) => each !== ue?.du)
      .flatMap((each) => [...each.known.cells.values()].map((one) => ({ du: each, cell: one })))
      .find((each) => numberOfBits(each.cell.nrcgi.nRCellIdentity) === cell);
    if (ue === undefined || target === undefined) return null;
    return new Promise((resolve) => {
      ue.inTurn(async () => resolve(await this.#mobility.handOver(ue, target)));
    });
  }

  #initial(session: F1Session, message: F1Accepted<'InitialULRRCMessageTransfer'>): readonly F1Outgoing[] {
    const {
      NRCGI,
      RRCContainer,
      DUtoCURRCContainer,
      'gNB-DU-UE-F1AP-ID': duId,
      'C-RNTI': rnti,
    } = message.ies;
    const cell = session.known?.cells.get(cellName(NRCGI));
    const request = readRrc('ulCcch', RRCContainer);
    const place = cell && { du: session, duId, cell, rnti: Number(rnti) };
    const isWanted = request.ok && request.value.name !== 'rrcResumeRequest' && this.ng.isSetUp;
    if (place === undefined || DUtoCURRCContainer === undefined || !isWanted) {
      const ids = { 'gNB-CU-UE-F1AP-ID': this.#newId(), 'gNB-DU-UE-F1AP-ID': duId };
      const RRCContainer = RrcNetworkSide.reject(REJECT_FOR_S);
      return [f1('DLRRCMessageTransfer', { ...ids, SRBID: 0, RRCContainer })];
    }
    if (request.value.name === 'rrcReestablishmentRequest') {
      const known = reestablishing(this.ues, { place, request: request.value, has: this.#deps.has });
      if (known !== null) return [this.#comesBack(known, place)];
    }
    const ue = new CuUe(this.#newId(), place);
    if (request.value.name === 'rrcSetupRequest') {
      const { establishmentCause: cause } = request.value.contents;
      ue.requestedAs = request.value.contents['ue-Identity'];
      if (cause === 'mo-Data' || cause === 'mt-Access') ue.cause = cause;
    }
    this.#ues.set(ue.id, ue);
    const container = ue.rrc.setup(DUtoCURRCContainer);
    return [f1('DLRRCMessageTransfer', { ...ue.ids, SRBID: 0, RRCContainer: container })];
  }

  #newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** @see TS 38.401 clause 8.7, TS 38.473 clause 8.4.2 */
  #comesBack(ue: CuUe, place: UePlace): F1Outgoing {
    const { has, settings } = this.#deps;
    const { duId: old } = ue;
    ue.place = place;
    const keyed = { pci: place.cell.pci, arfcn: place.cell.arfcn ?? 0 };
    const RRCContainer = has('reestablishes-under-old-keys')
      ? ue.rrc.reestablishmentUnderOldKeys()
      : ue.rrc.reestablishment(keyed);
    const complete = ue.awaits(['rrcReestablishmentComplete'], settings.answerWithinMs);
    ue.inTurn(async () => {
      if ((await complete) !== null && !has('bearers-not-reestablished')) await this.#mobility.resume(ue);
    });
    return f1('DLRRCMessageTransfer', {
      ...{ ...ue.ids, SRBID: 1, RRCContainer },
      ...(has('old-du-id-omitted') ? {} : { 'oldgNB-DU-UE-F1AP-ID': old }),
    });
  }

  #uplink(
    session: F1Session,
    message: F1Accepted<'ULRRCMessageTransfer'>,
    entry: EntryIn<F1apShape>,
  ): readonly F1Outgoing[] {
    const ue = this.#ueOf(session, message.ies['gNB-CU-UE-F1AP-ID']);
    if (ue === null) {
      const { 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du } = message.ies;
      const { criticality, code } = entry.decoded.envelope ?? { criticality: 'ignore', code: 13 };
      return [
        f1('ErrorIndication', {
          ...{ TransactionID: 0, 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du },
          Cause: { radioNetwork: 'unknown-or-already-allocated-gnb-cu-ue-f1ap-id' },
          CriticalityDiagnostics: { procedureCode: code, procedureCriticality: criticality },
        }),
      ];
    }
    const read = ue.rrc.receive(Number(message.ies.SRBID), message.ies.RRCContainer);
    if (read.ok) this.#fromUe(ue, read.value);
    else this.#deps.say(`UE ${ue.id}: ${read.error}`);
    return [];
  }

  #fromUe(ue: CuUe, message: RrcMessage<'ulDcch'>): void {
    if (ue.arrived(message)) return;
    if (message.name === 'measurementReport') {
      const target = betterCell(ue, message.contents.measResults, this.f1.sessions.known);
      if (target !== null)
        ue.inTurn(async () => {
          await this.#mobility.handOver(ue, target);
        });
      return;
    }
    if (message.name === 'rrcSetupComplete') {
      const { has } = this.#deps;
      const sTmsi = sTmsiIn(ue.requestedAs, message.contents['ng-5G-S-TMSI-Value']);
      void this.ng.send(
        ng('InitialUEMessage', {
          'RAN-UE-NGAP-ID': ue.id,
          'NAS-PDU': message.contents['dedicatedNAS-Message'],
          UserLocationInformation: this.#locationOf(ue),
          RRCEstablishmentCause: ue.cause,
          ...(sTmsi === null || has('s-tmsi-kept-back') ? {} : { 'FiveG-S-TMSI': wireSTmsi(sTmsi) }),
          UEContextRequest: 'requested',
        }),
      );
    }
    const nas =
      message.name === 'ulInformationTransfer' ? message.contents['dedicatedNAS-Message'] : undefined;
    if (nas === undefined || ue.amfId === null) return;
    void this.ng.send(
      ng('UplinkNASTransport', {
        ...{ 'AMF-UE-NGAP-ID': ue.amfId, 'RAN-UE-NGAP-ID': ue.id, 'NAS-PDU': nas },
        UserLocationInformation: this.#locationOf(ue),
      }),
    );
  }

  #locationOf({ place: { cell } }: CuUe) {
    const { nrcgi } = cell;
    const pLMNIdentity = nrcgi['pLMN-Identity'];
    return {
      userLocationInformationNR: {
        'nR-CGI': { pLMNIdentity, nRCellIdentity: nrcgi.nRCellIdentity },
        tAI: { pLMNIdentity, tAC: tacOctets(cell.tac ?? this.#deps.settings.tac) },
      },
    };
  }

  #fromAmf(message: AnyNg): void {
    if (message.name === 'Paging') {
      if (!this.#deps.has('paging-lost')) page(message, this.f1.sessions.known);
      return;
    }
    if (message.name === 'UEContextReleaseCommand') {
      const ids = message.ies['UE-NGAP-IDs'];
      const ue = this.ues.find((each) =>
        'uE-NGAP-ID-pair' in ids ? each.id === ids['uE-NGAP-ID-pair']['rAN-UE-NGAP-ID'] : false,
      );
      ue?.inTurn(() => this.#procedures.release(ue, { tellAmf: true }));
      return;
    }
    const { 'RAN-UE-NGAP-ID': id, 'AMF-UE-NGAP-ID': amfId } = message.ies as {
      readonly 'RAN-UE-NGAP-ID'?: number;
      readonly 'AMF-UE-NGAP-ID'?: number;
    };
    const ue = id === undefined ? undefined : this.#ues.get(id);
    if (ue === undefined) return;
    ue.amfId = amfId ?? ue.amfId;
    switch (message.name) {
      case 'DownlinkNASTransport':
        ue.inTurn(() => this.#procedures.downlinkNas(ue, message.ies['NAS-PDU']));
        return;
      case 'InitialContextSetupRequest':
        ue.inTurn(() => this.#procedures.setUpContext(ue, message));
        return;
      case 'PDUSessionResourceSetupRequest':
        ue.inTurn(() => this.#procedures.setUpSessions(ue, message));
        return;
      case 'PDUSessionResourceReleaseCommand':
        ue.inTurn(() => this.#procedures.releaseSessions(ue, message));
        return;
      default:
    }
  }
}
