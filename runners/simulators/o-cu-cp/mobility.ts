import { downlinkTunnels as e1Downlinks, downlinkTunnelsUnderKeys } from '../../interfaces/e1ap/bearers.ts';
import { downlinkTunnels, drbToSetup, drbToSetupMod } from '../../interfaces/f1ap/bearers.ts';
import { outgoing as f1, unwrapItems, wrapElements, wrapItems } from '../../interfaces/f1ap/codec.ts';
import { newCellIn } from '../../interfaces/rrc/cell-group.ts';
import { handoverPreparation } from '../../interfaces/rrc/handover-messages.ts';
import type { RrcContents } from '../../interfaces/rrc/messages.ts';
import type { CuCpSettings } from './config.ts';
import type { CuCpHas } from './defects.ts';
import type { Du, F1Session } from './f1.ts';
import type { CuUe, UePlace } from './ue.ts';
import { SN_BITS } from './wanted.ts';

export interface MobilityDeps {
  readonly settings: CuCpSettings;
  readonly has: CuCpHas;
}

const BETTER_BY_DB = 3;
type Tunnels = ReturnType<typeof downlinkTunnels>;

/** UEs that come back, or go to another cell, with all that they had. @see TS 38.401 clauses 8.2.1, 8.7 */
export class Mobility {
  readonly #deps: MobilityDeps;

  constructor(deps: MobilityDeps) {
    this.#deps = deps;
  }

  /** The UE has its connection back: its bearers, too, go on, under the keys that there are now. */
  async resume(ue: CuUe): Promise<void> {
    const sessions = [...ue.sessions.values()];
    const outcome = await ue.du.request('UEContextModificationRequest', {
      ...ue.ids,
      'SRBs-ToBeSetupMod-List': wrapItems('SRBs-ToBeSetupMod-Item', [{ sRBID: 2 }]),
      ...(sessions.length === 0
        ? {}
        : {
            'DRBs-ToBeSetupMod-List': wrapItems(
              'DRBs-ToBeSetupMod-Item',
              sessions.map(({ atDu }) => drbToSetupMod(atDu)),
            ),
          }),
    });
    if (outcome.kind !== 'successful') return;
    const { ies } = outcome.message;
    await this.#tellKeys(ue, downlinkTunnels(unwrapItems('DRBs-SetupMod-Item', ies['DRBs-SetupMod-List'])));
    const RRCContainer = ue.rrc.reconfiguration({
      masterCellGroup: ies.DUtoCURRCInformation?.cellGroupConfig ?? new Uint8Array(0),
      reestablished: sessions.map(({ drb }) => drb),
    });
    const complete = ue.awaits(['rrcReconfigurationComplete'], this.#deps.settings.answerWithinMs);
    await ue.du.send(f1('DLRRCMessageTransfer', { ...ue.ids, SRBID: 1, RRCContainer }));
    await complete;
  }

  /**
   * The UE goes to a cell of another gNB-DU, with its sessions; its keys stay. False when the target does not take it, or when it did
   * not arrive there.
   * @see TS 38.401 clause 8.2.1.1
   */
  async handOver(ue: CuUe, { du, cell }: Pick<UePlace, 'du' | 'cell'>): Promise<boolean> {
    const sessions = [...ue.sessions.values()];
    const prepared = await du.request('UEContextSetupRequest', {
      ...{ 'gNB-CU-UE-F1AP-ID': ue.id, 'SpCell-ID': cell.nrcgi, ServCellIndex: 0 },
      CUtoDURRCInformation: { 'iE-Extensions': wrapElements('CUtoDURRCInformation-ExtIEs', PREPARATION) },
      'SRBs-ToBeSetup-List': wrapItems('SRBs-ToBeSetup-Item', [{ sRBID: 1 }, { sRBID: 2 }]),
      ...(sessions.length === 0 || this.#deps.has('handover-without-bearers')
        ? {}
        : {
            'DRBs-ToBeSetup-List': wrapItems(
              'DRBs-ToBeSetup-Item',
              sessions.map(({ atDu }) => drbToSetup(atDu)),
            ),
          }),
    });
    if (prepared.kind !== 'successful') return false;
    const { ies } = prepared.message;
    const masterCellGroup = ies.DUtoCURRCInformation.cellGroupConfig;
    const told = newCellIn(masterCellGroup);
    const rnti = ies['C-RNTI'] ?? (told === null || told === 'unreadable' ? 0 : told.rnti);
    const target: UePlace = { du, duId: ies['gNB-DU-UE-F1AP-ID'], cell, rnti: Number(rnti) };
    if (!(await this.#command(ue, target, masterCellGroup))) {
      await release(target, ue.id);
      return false;
    }
    const source = ue.place;
    ue.place = target;
    ue.arriving = null;
    const tunnels = downlinkTunnels(unwrapItems('DRBs-Setup-Item', ies['DRBs-Setup-List']));
    if (!this.#deps.has('handover-tunnel-not-told')) await this.#tell(ue, tunnels);
    if (!this.#deps.has('source-not-released')) await release(source, ue.id);
    return true;
  }

  /** The source sends the UE away; true once it has arrived. */
  async #command(ue: CuUe, target: UePlace, masterCellGroup: Uint8Array): Promise<boolean> {
    const complete = ue.awaits(['rrcReconfigurationComplete'], this.#deps.settings.answerWithinMs);
    ue.arriving = target;
    await ue.du.request('UEContextModificationRequest', {
      ...ue.ids,
      ...(this.#deps.has('source-goes-on') ? {} : { TransmissionActionIndicator: 'stop' as const }),
      RRCContainer: ue.rrc.reconfiguration({ masterCellGroup }),
    });
    if ((await complete) !== null) return true;
    ue.arriving = null;
    return false;
  }

  async #tell(ue: CuUe, tunnels: Tunnels): Promise<void> {
    if (ue.bearers === null || tunnels.length === 0) return;
    const ids = { cuCp: ue.id, cuUp: ue.bearers.cuUpId };
    const told = e1Downlinks(ids, sessionsAt(ue, tunnels));
    await ue.bearers.session.request('BearerContextModificationRequest', told);
  }

  async #tellKeys(ue: CuUe, tunnels: Tunnels): Promise<void> {
    const { keys, algorithms } = ue.rrc;
    if (ue.bearers === null || keys === null || algorithms === null) return;
    const ids = { cuCp: ue.id, cuUp: ue.bearers.cuUpId };
    const security = { algorithms, keys: keys.userPlane, snBits: SN_BITS } as const;
    const told = downlinkTunnelsUnderKeys(ids, sessionsAt(ue, tunnels), security);
    await ue.bearers.session.request('BearerContextModificationRequest', told);
  }
}

const PREPARATION = { HandoverPreparationInformation: handoverPreparation() };

/** The UE is not there any more: there is nothing to tell it. */
async function release({ du, duId }: UePlace, id: number): Promise<void> {
  const ids = { 'gNB-CU-UE-F1AP-ID': id, 'gNB-DU-UE-F1AP-ID': duId };
  await du.request('UEContextReleaseCommand', { ...ids, Cause: { radioNetwork: 'normal-release' } });
}

/** The cell of another gNB-DU that a UE says is better than its own, by so much; null when there is none. */
export function betterCell(
  { place }: CuUe,
  { measResultServingMOList: serving, measResultNeighCells: near }: MeasResults,
  dus: readonly (F1Session & { readonly known: Du })[],
): Pick<UePlace, 'du' | 'cell'> | null {
  const own = rsrpOf(serving[0]?.measResultServingCell);
  const measured = near !== undefined && 'measResultListNR' in near ? near.measResultListNR : [];
  const better = measured
    .filter((each) => rsrpOf(each) >= own + BETTER_BY_DB)
    .sort((one, other) => rsrpOf(other) - rsrpOf(one));
  for (const { physCellId } of better)
    for (const du of dus)
      for (const cell of du.known.cells.values())
        if (du !== place.du && cell.pci === physCellId) return { du, cell };
  return null;
}

type MeasResults = RrcContents<'ulDcch', 'measurementReport'>['measResults'];
type Measured = MeasResults['measResultServingMOList'][number]['measResultServingCell'];

function rsrpOf(measured: Measured | undefined): number {
  return measured?.measResult.cellResults['resultsSSB-Cell']?.rsrp ?? 0;
}

/** The sessions of a UE, with where their bearers end at the gNB-DU. */
function sessionsAt(ue: CuUe, tunnels: Tunnels) {
  return [...ue.sessions.values()].map(({ id, drb }) => ({
    id,
    drbs: tunnels.filter((each) => each.drb === drb),
  }));
}
