import { drbToSetup } from '../../interfaces/f1ap/bearers.ts';
import { servedCells } from '../../interfaces/f1ap/cells.ts';
import { wrapElements, wrapItems } from '../../interfaces/f1ap/codec.ts';
import type { Ies } from '../../interfaces/f1ap/types.ts';
import { newCellIn } from '../../interfaces/rrc/cell-group.ts';
import { handoverPreparation } from '../../interfaces/rrc/handover-messages.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { broken, clausesOf, type Found, holds, undecided, unseen, wellFormed } from '../ap/judging.ts';
import { seenOn } from '../ap/seen-messages.ts';
import { answeredIn, refusedIn } from '../ap/suite/judging.ts';
import { Blocked, type Procedure } from '../procedure.ts';
import { BASIC, driveDu } from './driver.ts';
import { DRBS, tunnels } from './ue.ts';

const { seenPdus, messagesOf } = seenOn(F1);
const CU_UE = 71;
/** Nobody sends packets there: the UE does not come. */
const UPLINK = { host: '127.0.0.1', teid: 0x7700 } as const;

/** TS 38.401 8.2.1.1: the gNB-DU is prepared for a UE that comes from another one; then the handover is called off. */
export const duHandoverTarget: Procedure = {
  id: 'f1.du.handover-target',
  parameters: BASIC,
  clauses: ['prepared', 'tunnels', 'cell', 'released', 'gone', 'well-formed'],
  drive: (bench, { signal }) =>
    driveDu(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const isSetup = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
        decoded.message?.name === 'F1SetupRequest';
      const setup = await link.waitFor(isSetup, { ...driver.waiting, from: 0 });
      const asked = (setup?.decoded.message?.ies ?? {}) as Partial<Ies<'F1SetupRequest'>>;
      const [cell] = servedCells(asked);
      if (cell === undefined) throw Blocked.precondition('the product has no cell to which a UE could go');
      const drbs = DRBS.map((drb) => {
        const flows = [{ qfi: drb, fiveQi: 9 }];
        return drbToSetup({ drb, slice: { sst: 1 }, flows, uplink: UPLINK, snBits: 18 });
      });
      const preparation = { HandoverPreparationInformation: handoverPreparation() };
      const ies: Ies<'UEContextSetupRequest'> = {
        ...{ 'gNB-CU-UE-F1AP-ID': CU_UE, 'SpCell-ID': cell.nrcgi, ServCellIndex: 0 },
        CUtoDURRCInformation: { 'iE-Extensions': wrapElements('CUtoDURRCInformation-ExtIEs', preparation) },
        'SRBs-ToBeSetup-List': wrapItems('SRBs-ToBeSetup-Item', [{ sRBID: 1 }, { sRBID: 2 }]),
        'DRBs-ToBeSetup-List': wrapItems('DRBs-ToBeSetup-Item', drbs),
      };
      const { waiting } = driver;
      const outcome = await link.request('prepare', { name: 'UEContextSetupRequest', ies }, waiting);
      if (outcome.kind !== 'successful') return;
      const duId = outcome.message.ies['gNB-DU-UE-F1AP-ID'];
      const ids = { 'gNB-CU-UE-F1AP-ID': CU_UE, 'gNB-DU-UE-F1AP-ID': duId };
      const release = { ...ids, Cause: { radioNetwork: 'normal-release' } } as const;
      await link.request('release', { name: 'UEContextReleaseCommand', ies: release }, waiting);
      await link.request('afterwards', { name: 'UEContextModificationRequest', ies: ids }, waiting);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        prepared: answeredIn(pdus, 'prepare', ['UEContextSetupResponse']),
        tunnels: tunnels(pdus),
        cell: cellOf(pdus),
        released: answeredIn(pdus, 'release', ['UEContextReleaseComplete']),
        gone: refusedIn(pdus, 'afterwards', []),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

/** The UE is told how to come to the cell. @see TS 38.331 clause 5.3.5.5.2 */
function cellOf(pdus: ReturnType<typeof seenPdus>): Found {
  const [setup] = messagesOf(pdus, 'F1SetupRequest', 'received');
  const [response] = messagesOf(pdus, 'UEContextSetupResponse', 'received');
  if (setup === undefined || response === undefined) return unseen('there is no response');
  const [cell] = servedCells(setup.message.ies);
  const octets = response.message.ies.DUtoCURRCInformation?.cellGroupConfig ?? new Uint8Array(0);
  const told = newCellIn(octets);
  if (told === 'unreadable') return undecided('the cell group cannot be read', response.n);
  if (told === null) return broken('the cell group has no reconfiguration with sync', response.n);
  const what = `physical cell identity ${told.pci}`;
  return told.pci === cell?.pci
    ? holds(what, response.n)
    : broken(`${what} instead of ${cell?.pci ?? 'none'}`, response.n);
}
