import type { Equipment } from '../../../src/domain/equipment.ts';
import { gtpTunnel } from '../../interfaces/ap/tunnel.ts';
import { type F1Cell, nrcgiOf, servedCell } from '../../interfaces/f1ap/cells.ts';
import { outgoing, unwrapItems, wrapItems } from '../../interfaces/f1ap/codec.ts';
import { isAmong, type UeConnection } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/f1ap/resets.ts';
import type { AcceptedMessage, AnyAccepted, F1apShape, Ies, Outgoing } from '../../interfaces/f1ap/types.ts';
import { cellGroupConfig } from '../../interfaces/rrc/cell-group.ts';
import { type RrcReaction, RrcUeSide, type UplinkRrc } from '../../interfaces/rrc/ue-side.ts';
import type { Result } from '../../../src/kernel/result.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { ApLink, type LinkWaiting } from '../ap/link.ts';
import type { Bench } from '../procedure.ts';
import { KGNB, plmnOf, tacOf } from './tester-amf.ts';
import type { TesterParts } from './tester-cu-up.ts';

/** Kind of an observation of what a UE of the tester made of RRC. */
export const RRC = 'rrc';

export interface TesterDuOptions {
  readonly id: number;
  readonly cells: readonly F1Cell[];
}

/** Of the tester's gNB-DU: nobody sends packets there. */
export const DU_HOST = '127.0.0.1';
export const DU_TEID = 0x9000;

export function testerCell(product: Pick<Equipment, 'ixit'>, number = 1): F1Cell {
  const [plmn, tac] = [plmnOf(product), tacOf(product)];
  return { plmn, tac, identity: 0x1000 + number, pci: number, arfcn: 633_334, band: 78 };
}

/** A UE of the tester, which is in a cell of its gNB-DU. */
export interface TesterUe {
  readonly duId: number;
  readonly rrc: RrcUeSide;
  cuId: number | null;
  /** What NAS of the UE was given. */
  readonly nas: Uint8Array[];
}

/** The gNB-DU that the tester plays, with UEs that answer RRC. */
export class TesterDu {
  readonly link: ApLink<F1apShape>;
  readonly options: TesterDuOptions;
  readonly #bench: Bench;
  readonly #ues = new Map<number, TesterUe>();
  #nextUe = 0;
  #step: string;

  constructor({ bench, product, association, name, step }: TesterParts, options: Partial<TesterDuOptions>) {
    this.#bench = bench;
    this.#step = step;
    this.options = { id: 1, cells: [testerCell(product)], ...options };
    this.link = new ApLink(F1, {
      ...{ bench, association, step },
      parties: { association: name, tester: 'o-du', product: product.role },
      handle: (message) => this.#answer(message),
    });
  }

  enter(step: string): void {
    this.#step = step;
    this.link.enter(step);
  }

  /** Whether it was accepted. */
  async setUp(step: string, waiting: LinkWaiting): Promise<boolean> {
    const { id, cells } = this.options;
    const ies: Ies<'F1SetupRequest'> = {
      TransactionID: this.link.peer.newTransactionId(),
      'gNB-DU-ID': id,
      'gNB-DU-Name': 'tester',
      'gNB-DU-Served-Cells-List': wrapItems('GNB-DU-Served-Cells-Item', cells.map(servedCell)),
      'GNB-DU-RRC-Version': { 'latest-RRC-Version': { bits: Uint8Array.of(0), length: 3 } },
    };
    const outcome = await this.link.request(step, { name: 'F1SetupRequest', ies }, waiting);
    return outcome.kind === 'successful';
  }

  /** A UE asks for a connection, with what NAS has to say. */
  async attach(step: string, nas: Uint8Array): Promise<TesterUe> {
    this.#nextUe += 1;
    const duId = this.#nextUe;
    const rrc = new RrcUeSide({ kgnb: () => KGNB, randomValue: BigInt(duId), acceptsNullIntegrity: true });
    const ue: TesterUe = { duId, rrc, cuId: null, nas: [] };
    this.#ues.set(duId, ue);
    const { octets } = rrc.connect({ cause: 'mo-Signalling', sTmsi: null, nas });
    const [cell] = this.options.cells;
    this.enter(step);
    await this.link.send(
      step,
      outgoing('InitialULRRCMessageTransfer', {
        'gNB-DU-UE-F1AP-ID': duId,
        NRCGI: nrcgiOf(cell ?? { plmn: '00101', identity: 0 }),
        'C-RNTI': 17_000 + duId,
        RRCContainer: octets,
        DUtoCURRCContainer: cellGroupConfig([{ srb: 1 }]),
        TransactionID: this.link.peer.newTransactionId(),
      }),
    );
    return ue;
  }

  sendNas(step: string, ue: TesterUe, nas: Uint8Array): Promise<void> {
    const [message] = this.#carried(ue, [ue.rrc.nas(nas)]);
    return message === undefined ? Promise.resolve() : this.link.send(step, message);
  }

  /** What a reset means for its UEs: all of them, or those of these connections. */
  forget(connections?: readonly UeConnection[]): void {
    for (const { duId, cuId } of this.#ues.values())
      if (isAmong(connections, { upper: cuId, lower: duId })) this.#ues.delete(duId);
  }

  #answer(message: AnyAccepted): readonly Outgoing[] {
    switch (message.name) {
      case 'DLRRCMessageTransfer':
        return this.#downlink(message);
      case 'UEContextSetupRequest':
        return this.#setUpContext(message);
      case 'UEContextModificationRequest':
        return this.#modify(message);
      case 'UEContextReleaseCommand':
        return this.#release(message);
      case 'Reset':
        this.forget(RESETS.connectionsIn(message.ies.ResetType));
        return [outgoing('ResetAcknowledge', RESETS.acknowledge(message.ies))];
      case 'GNBCUConfigurationUpdate': {
        const { TransactionID } = message.ies;
        return [outgoing('GNBCUConfigurationUpdateAcknowledge', { TransactionID })];
      }
      default:
        return [];
    }
  }

  #ueOf(ies: {
    readonly 'gNB-DU-UE-F1AP-ID'?: number | undefined;
    readonly 'gNB-CU-UE-F1AP-ID': number;
  }): TesterUe | undefined {
    const ue = this.#ues.get(ies['gNB-DU-UE-F1AP-ID'] ?? -1);
    if (ue !== undefined) ue.cuId = ies['gNB-CU-UE-F1AP-ID'];
    return ue;
  }

  #downlink({ ies }: AcceptedMessage<'DLRRCMessageTransfer'>): readonly Outgoing[] {
    const ue = this.#ueOf(ies);
    if (ue === undefined) return [];
    const srb = Number(ies.SRBID);
    const container = ies.RRCContainer;
    return this.#reaction(ue, srb === 0 ? ue.rrc.receiveCommon(container) : ue.rrc.receive(srb, container));
  }

  #setUpContext({ ies }: AcceptedMessage<'UEContextSetupRequest'>): readonly Outgoing[] {
    const ue = this.#ueOf(ies);
    const ids = { 'gNB-CU-UE-F1AP-ID': ies['gNB-CU-UE-F1AP-ID'], 'gNB-DU-UE-F1AP-ID': ue?.duId ?? 0 };
    if (ue === undefined)
      return [outgoing('UEContextSetupFailure', { ...ids, Cause: { radioNetwork: 'unspecified' } })];
    const response = outgoing('UEContextSetupResponse', {
      ...ids,
      DUtoCURRCInformation: { cellGroupConfig: cellGroupConfig([{ srb: 2 }]) },
    });
    const container = ies.RRCContainer;
    return container === undefined
      ? [response]
      : [response, ...this.#reaction(ue, ue.rrc.receive(1, container))];
  }

  #modify({ ies }: AcceptedMessage<'UEContextModificationRequest'>): readonly Outgoing[] {
    const ue = this.#ueOf(ies);
    const ids = {
      'gNB-CU-UE-F1AP-ID': ies['gNB-CU-UE-F1AP-ID'],
      'gNB-DU-UE-F1AP-ID': ies['gNB-DU-UE-F1AP-ID'],
    };
    if (ue === undefined)
      return [outgoing('UEContextModificationFailure', { ...ids, Cause: { radioNetwork: 'unspecified' } })];
    const drbs = unwrapItems('DRBs-ToBeSetupMod-Item', ies['DRBs-ToBeSetupMod-List']);
    const done = drbs.map(({ dRBID }) => ({
      dRBID,
      'dLUPTNLInformation-ToBeSetup-List': [
        { dLUPTNLInformation: { gTPTunnel: gtpTunnel({ host: DU_HOST, teid: DU_TEID + Number(dRBID) }) } },
      ],
    }));
    const bearers = drbs.map(({ dRBID }) => ({ drb: Number(dRBID) }));
    const response = outgoing('UEContextModificationResponse', {
      ...ids,
      DUtoCURRCInformation: { cellGroupConfig: cellGroupConfig(bearers) },
      ...(done.length === 0 ? {} : { 'DRBs-SetupMod-List': wrapItems('DRBs-SetupMod-Item', done) }),
    });
    return [response];
  }

  #release({ ies }: AcceptedMessage<'UEContextReleaseCommand'>): readonly Outgoing[] {
    const ue = this.#ueOf(ies);
    const container = ies.RRCContainer;
    if (ue !== undefined && container !== undefined) this.#reaction(ue, ue.rrc.receive(1, container));
    this.#ues.delete(ies['gNB-DU-UE-F1AP-ID']);
    const { 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du } = ies;
    return [outgoing('UEContextReleaseComplete', { 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du })];
  }

  #reaction(ue: TesterUe, reaction: Result<RrcReaction, string>): readonly Outgoing[] {
    if (!reaction.ok) {
      this.#bench.observe(this.#step, RRC, { ue: ue.duId, fault: reaction.error });
      return [];
    }
    const { message, answers, nas } = reaction.value;
    ue.nas.push(...nas);
    this.#bench.observe(this.#step, RRC, {
      ...{ ue: ue.duId, message, nas: nas.length, isSecured: ue.rrc.isSecured },
      ...{ integrity: ue.rrc.integrity, drbs: [...ue.rrc.drbs.keys()] },
    });
    return this.#carried(ue, answers);
  }

  #carried(ue: TesterUe, answers: readonly UplinkRrc[]): readonly Outgoing[] {
    const ids = { 'gNB-CU-UE-F1AP-ID': ue.cuId ?? 0, 'gNB-DU-UE-F1AP-ID': ue.duId };
    return answers.map(({ srb, octets }) =>
      outgoing('ULRRCMessageTransfer', { ...ids, SRBID: srb, RRCContainer: octets }),
    );
  }
}
