import { gtpTunnel } from '../../interfaces/ap/tunnel.ts';
import { bitsOf } from '../../interfaces/ap/values.ts';
import { readRrc, writeRrc } from '../../interfaces/rrc/messages.ts';
import { type F1Cell, nrcgiOf, servedCell } from '../../interfaces/f1ap/cells.ts';
import { outgoing, unwrapItems, wrapItems } from '../../interfaces/f1ap/codec.ts';
import { isAmong, type UeConnection } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/f1ap/resets.ts';
import type { AcceptedMessage, AnyAccepted, F1apShape, Ies, Outgoing } from '../../interfaces/f1ap/types.ts';
import { cellGroupConfig, handoverCellGroup } from '../../interfaces/rrc/cell-group.ts';
import type { STmsi } from '../../interfaces/rrc/s-tmsi.ts';
import { type RrcReaction, RrcUeSide, type UplinkRrc } from '../../interfaces/rrc/ue-side.ts';
import type { Result } from '../../../src/kernel/result.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { ApLink, type LinkWaiting } from '../ap/link.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { KGNB } from './tester-amf.ts';
import { testerCell } from './tester-cell.ts';
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
/** Between those of two UEs, and of two gNB-DUs. */
const [UE_TEIDS, DU_TEIDS] = [0x20, 0x1000] as const;

/** TEID of a tunnel to a UE, by the gNB-DU, the UE there and the bearer. */
export function duTeid({ id, duId, drb }: { id: number; duId: number; drb: number }): number {
  return DU_TEID + (id - 1) * DU_TEIDS + (duId - 1) * UE_TEIDS + drb;
}

const FIRST_RNTI = 17_000;
/** C-RNTI of a UE. */
function rntiOf(duId: number): number {
  return FIRST_RNTI + duId;
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
  /** Where its UEs go when they are sent away. */
  neighbour: TesterDu | null = null;
  /** A UE that was announced and has not come yet. */
  #announced: { readonly duId: number; readonly cuId: number } | null = null;
  /** The last UE that came from the neighbour. */
  arrived: TesterUe | null = null;

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

  /** A UE asks for a connection, with what NAS has to say. @param sTmsi what the core network calls it */
  async attach(step: string, nas: Uint8Array, sTmsi: STmsi | null = null): Promise<TesterUe> {
    this.#nextUe += 1;
    const duId = this.#nextUe;
    const rrc = new RrcUeSide({ kgnb: () => KGNB, randomValue: BigInt(duId), acceptsNullIntegrity: true });
    const ue: TesterUe = { duId, rrc, cuId: null, nas: [] };
    this.#ues.set(duId, ue);
    const { octets } = rrc.connect({ cause: 'mo-Signalling', sTmsi, nas });
    await this.#comes(step, duId, octets);
    return ue;
  }

  /**
   * The UE lost its link, and asks for its connection back: to the gNB-DU that is a new UE.
   * @param isGenuine whether its shortMAC-I is right
   */
  async reestablish(step: string, lost: TesterUe, { isGenuine }: { isGenuine: boolean }): Promise<TesterUe> {
    this.#nextUe += 1;
    const ue: TesterUe = { ...lost, duId: this.#nextUe, cuId: null };
    this.#ues.set(ue.duId, ue);
    const { pci, arfcn, identity } = this.#cell;
    const rnti = rntiOf(lost.duId);
    const about = { pci, rnti: isGenuine ? rnti : rnti + 1, cellIdentity: bitsOf(identity, 36) };
    const asked = lost.rrc.reestablish(about, { pci, arfcn });
    if (asked === null)
      throw Blocked.precondition('the UE had no security that a connection comes back with');
    // Somebody else's shortMAC-I, with the right names: made for another C-RNTI.
    const octets = isGenuine ? asked.octets : withRnti(asked.octets, rnti);
    await this.#comes(step, ue.duId, octets);
    return ue;
  }

  get #cell(): F1Cell {
    const [cell] = this.options.cells;
    if (cell === undefined) throw new TypeError('the gNB-DU has no cell');
    return cell;
  }

  async #comes(step: string, duId: number, RRCContainer: Uint8Array): Promise<void> {
    this.enter(step);
    await this.link.send(
      step,
      outgoing('InitialULRRCMessageTransfer', {
        ...{ 'gNB-DU-UE-F1AP-ID': duId, NRCGI: nrcgiOf(this.#cell), 'C-RNTI': rntiOf(duId), RRCContainer },
        DUtoCURRCContainer: cellGroupConfig([{ srb: 1 }]),
        TransactionID: this.link.peer.newTransactionId(),
      }),
    );
  }

  /** The UE says how well it hears its own cell, and another one. */
  report(step: string, ue: TesterUe, near: Pick<F1Cell, 'pci'>): Promise<void> {
    const [own, other] = [measured(this.#cell.pci, 40), measured(near.pci, 60)];
    const measResults = {
      ...{ measId: 1, measResultServingMOList: [{ servCellId: 0, measResultServingCell: own }] },
      measResultNeighCells: { measResultListNR: [other] },
    };
    const [message] = this.#carried(ue, [ue.rrc.measured(measResults)]);
    return message === undefined ? Promise.resolve() : this.link.send(step, message);
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
    const old = ies['oldgNB-DU-UE-F1AP-ID'];
    if (old !== undefined) this.#ues.delete(old);
    const srb = Number(ies.SRBID);
    const container = ies.RRCContainer;
    return this.#reaction(ue, srb === 0 ? ue.rrc.receiveCommon(container) : ue.rrc.receive(srb, container));
  }

  #setUpContext({ ies }: AcceptedMessage<'UEContextSetupRequest'>): readonly Outgoing[] {
    if (ies['gNB-DU-UE-F1AP-ID'] === undefined) return [this.#announce(ies)];
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

  /** A UE will come from another gNB-DU. @see TS 38.401 clause 8.2.1.1 */
  #announce(ies: AcceptedMessage<'UEContextSetupRequest'>['ies']): Outgoing {
    this.#nextUe += 1;
    const [duId, cuId] = [this.#nextUe, ies['gNB-CU-UE-F1AP-ID']];
    this.#announced = { duId, cuId };
    const drbs = unwrapItems('DRBs-ToBeSetup-Item', ies['DRBs-ToBeSetup-List']);
    const bearers = [{ srb: 1 }, { srb: 2 }, ...drbs.map(({ dRBID }) => ({ drb: Number(dRBID) }))];
    const rnti = rntiOf(duId);
    const cellGroup = handoverCellGroup(bearers, { pci: this.#cell.pci, rnti });
    const tunnels = this.#tunnels({ duId }, drbs);
    return outgoing('UEContextSetupResponse', {
      ...{ 'gNB-CU-UE-F1AP-ID': cuId, 'gNB-DU-UE-F1AP-ID': duId, 'C-RNTI': rnti },
      DUtoCURRCInformation: { cellGroupConfig: cellGroup },
      ...(tunnels.length === 0 ? {} : { 'DRBs-Setup-List': wrapItems('DRBs-Setup-Item', tunnels) }),
    });
  }

  get expectsUe(): boolean {
    return this.#announced !== null;
  }

  /** The UE that was announced is there, and says what it has to say. */
  arrive({ rrc, nas }: TesterUe, answers: readonly UplinkRrc[]): void {
    if (this.#announced === null) return;
    const ue: TesterUe = { ...this.#announced, rrc, nas };
    this.#announced = null;
    this.arrived = ue;
    this.#ues.set(ue.duId, ue);
    for (const message of this.#carried(ue, answers)) void this.link.send(this.#step, message);
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
    const changed = unwrapItems('DRBs-ToBeModified-Item', ies['DRBs-ToBeModified-List']);
    const [added, modified] = [this.#tunnels(ue, drbs), this.#tunnels(ue, changed)];
    const bearers = drbs.map(({ dRBID }) => ({ drb: Number(dRBID) }));
    const response = outgoing('UEContextModificationResponse', {
      ...ids,
      DUtoCURRCInformation: { cellGroupConfig: cellGroupConfig(bearers) },
      ...(added.length === 0 ? {} : { 'DRBs-SetupMod-List': wrapItems('DRBs-SetupMod-Item', added) }),
      ...(modified.length === 0 ? {} : { 'DRBs-Modified-List': wrapItems('DRBs-Modified-Item', modified) }),
    });
    const container = ies.RRCContainer;
    return container === undefined
      ? [response]
      : [response, ...this.#reaction(ue, ue.rrc.receive(1, container))];
  }

  #tunnels({ duId }: Pick<TesterUe, 'duId'>, drbs: readonly { readonly dRBID: number | bigint }[]) {
    return drbs.map(({ dRBID }) => {
      const teid = duTeid({ id: this.options.id, duId, drb: Number(dRBID) });
      const tunnel = { gTPTunnel: gtpTunnel({ host: DU_HOST, teid }) };
      return { dRBID, 'dLUPTNLInformation-ToBeSetup-List': [{ dLUPTNLInformation: tunnel }] };
    });
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
    if (message !== 'rrcReconfiguration' || this.neighbour?.expectsUe !== true)
      return this.#carried(ue, answers);
    this.neighbour.arrive(ue, answers);
    return [];
  }

  #carried(ue: TesterUe, answers: readonly UplinkRrc[]): readonly Outgoing[] {
    const ids = { 'gNB-CU-UE-F1AP-ID': ue.cuId ?? 0, 'gNB-DU-UE-F1AP-ID': ue.duId };
    return answers.map(({ srb, octets }) =>
      outgoing('ULRRCMessageTransfer', { ...ids, SRBID: srb, RRCContainer: octets }),
    );
  }
}

/** The same request under another C-RNTI: its shortMAC-I is then that of somebody else. */
function withRnti(octets: Uint8Array, rnti: number): Uint8Array {
  const read = readRrc('ulCcch', octets);
  if (!read.ok || read.value.name !== 'rrcReestablishmentRequest') return octets;
  const { contents } = read.value;
  const identity = { ...contents['ue-Identity'], 'c-RNTI': rnti };
  return writeRrc('ulCcch', 'rrcReestablishmentRequest', {
    contents: { ...contents, 'ue-Identity': identity },
  });
}

/** @param rsrp in dB above -156 dBm */
function measured(physCellId: number, rsrp: number) {
  return { physCellId, measResult: { cellResults: { 'resultsSSB-Cell': { rsrp } } } };
}
