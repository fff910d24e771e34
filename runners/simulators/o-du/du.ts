import { HarnessError } from '../../../src/kernel/errors.ts';
import type { ApPeer, EntryIn } from '../../interfaces/ap/peer.ts';
import { gtpTunnel, tunnelOf } from '../../interfaces/ap/tunnel.ts';
import { type F1Cell, nrcgiOf } from '../../interfaces/f1ap/cells.ts';
import { outgoing, unwrapItems, wrapItems } from '../../interfaces/f1ap/codec.ts';
import { isAmong } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/f1ap/resets.ts';
import type { AcceptedMessage, AnyAccepted, F1apShape, Outgoing } from '../../interfaces/f1ap/types.ts';
import { cellGroupConfig } from '../../interfaces/rrc/cell-group.ts';
import type { RrcReaction, UplinkRrc } from '../../interfaces/rrc/ue-side.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import type { Result } from '../../../src/kernel/result.ts';
import type { Target } from '../dialling.ts';
import type { InitialReason, UeAction } from '../ue/types.ts';
import type { DuSettings } from './config.ts';
import type { DuHas } from './defects.ts';
import { DuConnection } from './du-connection.ts';
import { DuUe } from './du-ue.ts';
import { presentation } from './presentation.ts';
import { early, unknownContext, unknownUe } from './refusals.ts';

export interface DuDeps {
  readonly settings: DuSettings;
  readonly has: DuHas;
  readonly transport: SctpTransport;
  /** Where it takes packets. */
  readonly gtpuHost: string;
  /** A UE that is switched on in the cell. */
  readonly newUe: (duId: number) => DuUe;
  readonly say: (text: string) => void;
}

const FIRST_RNTI = 17_000;
/** Radio bearers that RRC has numbers for. */
const [MOST_SRBS, MOST_DRBS] = [2, 32];

/** A gNB-DU with one cell and the UEs in it. @see TS 38.473 clause 8 */
export class Du {
  readonly #deps: DuDeps;
  readonly #ues = new Map<number, DuUe>();
  readonly #connection: DuConnection;
  #nextUe = 0;

  constructor(deps: DuDeps) {
    this.#deps = deps;
    this.#connection = new DuConnection({
      ...deps,
      presentation: (transaction) => presentation(transaction, this.cell, deps),
      answer: (message, entry) => this.#answer(message, entry),
      lost: () => this.#forget(() => true),
    });
  }

  get ues(): readonly DuUe[] {
    return [...this.#ues.values()];
  }

  get cell(): F1Cell {
    const { plmn, tac, cell: identity, arfcn, sst } = this.#deps.settings;
    return { plmn, tac, identity, arfcn, pci: identity % 1_008, band: 78, slices: [{ sst }] };
  }

  connect(target: Target): void {
    this.#connection.connect(target);
  }

  disconnect(): void {
    this.#connection.disconnect();
  }

  get peer(): ApPeer<F1apShape> | null {
    return this.#connection.peer;
  }

  get isSetUp(): boolean {
    return this.#connection.isSetUp;
  }

  /** A UE is switched on: it registers. */
  async attach(): Promise<DuUe> {
    const ue = this.add();
    await this.say(ue, ue.nas.register());
    return ue;
  }

  /** A UE that nobody has heard of comes into the cell. */
  add(): DuUe {
    this.#nextUe += 1;
    const ue = this.#deps.newUe(this.#nextUe);
    this.#ues.set(ue.duId, ue);
    return ue;
  }

  /** What NAS of a UE wants to say: over its connection, or to have one. */
  async say(ue: DuUe, actions: readonly UeAction[]): Promise<void> {
    for (const { nas, initial } of DuUe.sent(actions)) {
      if (initial !== undefined) await this.#connect(ue, nas, initial);
      else for (const message of this.#carried(ue, [ue.rrc.nas(nas)])) await this.#send(message);
    }
  }

  async #connect(ue: DuUe, nas: Uint8Array, { cause, sTmsi }: InitialReason): Promise<void> {
    const { octets } = ue.rrc.connect({ cause, sTmsi, nas });
    await this.#send(
      outgoing('InitialULRRCMessageTransfer', {
        ...{ 'gNB-DU-UE-F1AP-ID': ue.duId, NRCGI: nrcgiOf(this.cell), 'C-RNTI': FIRST_RNTI + ue.duId },
        ...{ RRCContainer: octets, DUtoCURRCContainer: cellGroupConfig([{ srb: 1 }]) },
        TransactionID: this.peer?.newTransactionId() ?? 0,
      }),
    );
  }

  async #send(message: Outgoing): Promise<void> {
    try {
      await this.peer?.send(message);
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'SCTP_ENDED')) throw error;
    }
  }

  #answer(message: AnyAccepted, entry: EntryIn<F1apShape>): readonly Outgoing[] {
    if (message.name === 'ErrorIndication') return [];
    if (!this.isSetUp) return [early(message, entry)];
    switch (message.name) {
      case 'GNBCUConfigurationUpdate': {
        const { TransactionID } = message.ies;
        return [outgoing('GNBCUConfigurationUpdateAcknowledge', { TransactionID })];
      }
      case 'Reset':
        return [this.#reset(message)];
      case 'DLRRCMessageTransfer':
        return this.#downlink(message, entry);
      case 'UEContextSetupRequest':
        return this.#setUpContext(message);
      case 'UEContextModificationRequest':
        return this.#modify(message);
      case 'UEContextReleaseCommand':
        return this.#release(message, entry);
      case 'Paging':
        this.#page();
        return [];
      case 'F1RemovalRequest':
        this.#forget(() => true);
        return [outgoing('F1RemovalResponse', { TransactionID: message.ies.TransactionID })];
      default:
        return [];
    }
  }

  /** It resets the interface, or the connections of some UEs: they are gone for both. @see clause 8.2.1.2.1 */
  async beginReset(ues?: readonly DuUe[]): Promise<void> {
    const meant = this.#deps.has('partial-reset-as-full') ? undefined : ues;
    const named = meant?.map(({ cuId, duId }) => ({
      lower: duId,
      ...(cuId === null ? {} : { upper: cuId }),
    }));
    if (!this.#deps.has('own-reset-half-done')) this.#forget((ue) => meant?.includes(ue) !== false);
    await this.#send(outgoing('Reset', RESETS.request(this.peer?.newTransactionId() ?? 0, named)));
  }

  #reset({ ies }: AcceptedMessage<'Reset'>): Outgoing {
    const { has } = this.#deps;
    const named = has('partial-reset-as-full') ? undefined : RESETS.connectionsIn(ies.ResetType);
    if (!has('reset-half-done'))
      this.#forget(({ cuId, duId }) => isAmong(named, { upper: cuId, lower: duId }));
    return outgoing('ResetAcknowledge', RESETS.acknowledge(ies));
  }

  /** Their contexts are gone; what NAS knows stays with the UE. */
  #forget(isMeant: (ue: DuUe) => boolean): void {
    for (const ue of this.ues.filter(isMeant)) {
      ue.closeAll();
      ue.rrc.release();
      ue.nas.connectionReleased();
      ue.cuId = null;
    }
  }

  #known(ies: {
    readonly 'gNB-CU-UE-F1AP-ID': number;
    readonly 'gNB-DU-UE-F1AP-ID'?: number | undefined;
  }): DuUe | null {
    const ue = this.#ues.get(ies['gNB-DU-UE-F1AP-ID'] ?? -1);
    if (ue === undefined || ue.rrc.state === 'idle') return null;
    ue.cuId ??= ies['gNB-CU-UE-F1AP-ID'];
    return ue.cuId === ies['gNB-CU-UE-F1AP-ID'] ? ue : null;
  }

  #downlink(
    { ies }: AcceptedMessage<'DLRRCMessageTransfer'>,
    entry: EntryIn<F1apShape>,
  ): readonly Outgoing[] {
    const ue = this.#known(ies);
    if (ue === null) return [unknownUe(ies, entry)];
    const srb = Number(ies.SRBID);
    const { RRCContainer: container } = ies;
    return this.#react(ue, srb === 0 ? ue.rrc.receiveCommon(container) : ue.rrc.receive(srb, container));
  }

  #react(ue: DuUe, reaction: Result<RrcReaction, string>): readonly Outgoing[] {
    if (!reaction.ok) {
      this.#deps.say(`UE ${ue.duId}: ${reaction.error}`);
      return [];
    }
    const { answers, nas } = reaction.value;
    const said = nas.flatMap((octets) => DuUe.sent(ue.nas.receive(octets)));
    return this.#carried(ue, [...answers, ...said.map((each) => ue.rrc.nas(each.nas))]);
  }

  #carried({ cuId, duId }: DuUe, answers: readonly UplinkRrc[]): readonly Outgoing[] {
    const ids = { 'gNB-CU-UE-F1AP-ID': cuId ?? 0, 'gNB-DU-UE-F1AP-ID': duId };
    return answers.map(({ srb, octets }) =>
      outgoing('ULRRCMessageTransfer', { ...ids, SRBID: srb, RRCContainer: octets }),
    );
  }

  #setUpContext(message: AcceptedMessage<'UEContextSetupRequest'>): readonly Outgoing[] {
    const { ies } = message;
    const ue = this.#known(ies);
    if (ue === null) return [unknownContext(message)];
    const srbs = unwrapItems('SRBs-ToBeSetup-Item', ies['SRBs-ToBeSetup-List'])
      .map(({ sRBID }) => ({ srb: Number(sRBID) }))
      .filter(({ srb }) => srb >= 1 && srb <= MOST_SRBS);
    const drbs = this.#open(ue, unwrapItems('DRBs-ToBeSetup-Item', ies['DRBs-ToBeSetup-List']));
    const bearers = [...srbs, ...drbs.map(({ dRBID }) => ({ drb: Number(dRBID) }))];
    const response = outgoing('UEContextSetupResponse', {
      ...{ 'gNB-CU-UE-F1AP-ID': ies['gNB-CU-UE-F1AP-ID'], 'gNB-DU-UE-F1AP-ID': ue.duId },
      DUtoCURRCInformation: { cellGroupConfig: cellGroupConfig(bearers) },
      ...(drbs.length === 0 ? {} : { 'DRBs-Setup-List': wrapItems('DRBs-Setup-Item', drbs) }),
    });
    const container = ies.RRCContainer;
    return container === undefined
      ? [response]
      : [response, ...this.#react(ue, ue.rrc.receive(1, container))];
  }

  #open(ue: DuUe, wanted: readonly DrbWanted[]) {
    return wanted.flatMap((item) => {
      const uplink = tunnelOf(item['uLUPTNLInformation-ToBeSetup-List'][0]?.uLUPTNLInformation);
      if (uplink === null || Number(item.dRBID) > MOST_DRBS) return [];
      const teid = ue.openBearer(Number(item.dRBID), uplink);
      const tunnel = { gTPTunnel: gtpTunnel({ host: this.#deps.gtpuHost, teid }) };
      return [{ dRBID: item.dRBID, 'dLUPTNLInformation-ToBeSetup-List': [{ dLUPTNLInformation: tunnel }] }];
    });
  }

  #modify(message: AcceptedMessage<'UEContextModificationRequest'>): readonly Outgoing[] {
    const { ies } = message;
    const ue = this.#known(ies);
    if (ue === null) return [unknownContext(message)];
    const drbs = this.#open(ue, unwrapItems('DRBs-ToBeSetupMod-Item', ies['DRBs-ToBeSetupMod-List']));
    for (const { dRBID } of unwrapItems('DRBs-ToBeReleased-Item', ies['DRBs-ToBeReleased-List']))
      ue.closeBearer(Number(dRBID));
    const response = outgoing('UEContextModificationResponse', {
      ...{ 'gNB-CU-UE-F1AP-ID': ies['gNB-CU-UE-F1AP-ID'], 'gNB-DU-UE-F1AP-ID': ue.duId },
      DUtoCURRCInformation: {
        cellGroupConfig: cellGroupConfig(drbs.map(({ dRBID }) => ({ drb: Number(dRBID) }))),
      },
      ...(drbs.length === 0 ? {} : { 'DRBs-SetupMod-List': wrapItems('DRBs-SetupMod-Item', drbs) }),
    });
    const container = ies.RRCContainer;
    return container === undefined
      ? [response]
      : [response, ...this.#react(ue, ue.rrc.receive(1, container))];
  }

  #release(
    message: AcceptedMessage<'UEContextReleaseCommand'>,
    entry: EntryIn<F1apShape>,
  ): readonly Outgoing[] {
    const { ies } = message;
    const ue = this.#known(ies);
    if (ue === null) return [unknownUe(ies, entry)];
    if (!this.#deps.has('release-forgotten')) this.#forget((each) => each === ue);
    const { 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du } = ies;
    return [outgoing('UEContextReleaseComplete', { 'gNB-CU-UE-F1AP-ID': cu, 'gNB-DU-UE-F1AP-ID': du })];
  }

  /** Whoever has no connection hears it. A UE whose name is not known to NAS registers: there is no other way in. */
  #page(): void {
    if (this.#deps.has('paging-lost')) return;
    const idle = this.ues.filter(({ rrc }) => rrc.state === 'idle');
    for (const ue of idle) {
      const actions = ue.nas.paged();
      void this.say(ue, actions.length === 0 ? ue.nas.register() : actions);
    }
  }
}

interface DrbWanted {
  readonly dRBID: number | bigint;
  readonly 'uLUPTNLInformation-ToBeSetup-List': readonly { readonly uLUPTNLInformation: object }[];
}
