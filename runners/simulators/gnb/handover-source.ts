import { outgoing } from '../../interfaces/ngap/codec.ts';
import { freshBearers, sourceToTarget } from '../../interfaces/ngap/containers.ts';
import { tunnelEndIn } from '../../interfaces/ngap/transfers.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { type Cell, gnbId, octetsOf } from '../../interfaces/ngap/values.ts';
import { encodePlmn } from '../../interfaces/nas/identity.ts';
import { handoverPreparation } from '../../interfaces/rrc/handover-messages.ts';
import type { GnbCore } from './core.ts';
import type { RanUe } from './ran-ue.ts';
import { cellOf } from './settings.ts';

// A UE leaves for a cell of another node, over the AMF. What the other node does stands in `handover-target.ts`.

/** What still comes down for a UE can go straight to its new node. */
const DIRECT = { directForwardingPathAvailability: 'direct-path-available' } as const;

/** Where it goes. */
export interface HandoverTarget {
  readonly gnb: { readonly id: number; readonly bits: number };
  readonly cell: Cell;
}

/** The gNB, with what becomes of its UEs. */
export interface SourceGnb extends GnbCore {
  /** A context of no UE of ours. */
  guest(): RanUe;
  askRelease(ue: RanUe, cause: Ies<'UEContextReleaseRequest'>['Cause']): void;
}

/** What the AMF is asked; `null` of a UE without a context or without sessions. @see TS 38.413 clause 9.2.3.1 */
export function handoverRequired(
  { settings }: Pick<GnbCore, 'settings'>,
  ue: RanUe,
  { gnb, cell }: HandoverTarget,
): Ies<'HandoverRequired'> | null {
  const { ids } = ue;
  const sessions = [...ue.sessions.values()];
  if (ids === null || sessions.length === 0) return null;
  const connectedAt = ue.facts.findLast(
    ({ fact }) => fact.fact === 'connected' || fact.fact === 'handed-over',
  );
  return {
    ...ids,
    HandoverType: 'intra5gs',
    Cause: { radioNetwork: 'handover-desirable-for-radio-reason' },
    TargetID: {
      targetRANNodeID: {
        globalRANNodeID: gnbId(cell.plmn, gnb),
        selectedTAI: { pLMNIdentity: encodePlmn(cell.plmn), tAC: octetsOf(cell.tac) },
      },
    },
    PDUSessionResourceListHORqd: sessions.map(({ id: pDUSessionID }) => ({
      ...{ pDUSessionID, handoverRequiredTransfer: DIRECT },
    })),
    'SourceToTarget-TransparentContainer': sourceToTarget({
      ...{ rrc: handoverPreparation(), from: cellOf(settings), to: cell, sessions, forwards: true },
      stayedS: (performance.now() - (connectedAt?.atMs ?? performance.now())) / 1_000,
    }),
  };
}

/**
 * Prepares the handover, and has the UE leave when that is commanded. What is prepared and not commanded in time is cancelled.
 * @see TS 38.413 clauses 8.4.1, 8.4.5
 */
export async function handOver(gnb: SourceGnb, ue: RanUe, target: HandoverTarget): Promise<void> {
  const { behaviour, settings } = gnb;
  const required = handoverRequired(gnb, ue, target);
  if (required === null) return;
  const outcome = await gnb.ask('HandoverRequired', required, settings.prepareWithinMs);
  // Its context may be gone by now.
  if (ue.ranUeId !== required['RAN-UE-NGAP-ID']) return;
  switch (outcome.kind) {
    case 'successful':
      leave(gnb, ue, outcome.message.ies);
      return;
    case 'silent':
      if (behaviour.cancels) await cancel(gnb, ue);
      return;
    default:
      ue.tell({ fact: 'handover-refused' });
      if (!behaviour.keepsRefused) gnb.askRelease(ue, { radioNetwork: 'handover-cancelled' });
  }
}

async function cancel(gnb: SourceGnb, ue: RanUe): Promise<void> {
  const { ids } = ue;
  if (ids === null) return;
  const cause = { radioNetwork: 'tngrelocprep-expiry' } as const;
  await gnb.ask('HandoverCancel', { ...ids, Cause: cause }, gnb.settings.prepareWithinMs);
  ue.tell({ fact: 'handover-cancelled' });
}

/**
 * The UE goes; the context stays until the AMF has it released, or until the UE cannot arrive any more.
 * @see TS 38.413 clauses 8.4.1.2, 8.4.6
 */
export function leave(gnb: SourceGnb, ue: RanUe, command: Partial<Ies<'HandoverCommand'>>): void {
  for (const { pDUSessionID } of command.PDUSessionResourceToReleaseListHOCmd ?? [])
    ue.dropSession(pDUSessionID);
  const { ids } = ue;
  const left = gnb.guest();
  ue.handContextTo(left);
  ue.tell({ fact: 'handover-commanded' });
  if (ids !== null && left.sessions.size > 0)
    gnb.post(
      outgoing('UplinkRANStatusTransfer', {
        ...ids,
        'RANStatusTransfer-TransparentContainer': freshBearers(left.sessions.size),
      }),
    );
  sendOn(gnb, left, command);
  const isThere = (): boolean => left.ranUeId !== null;
  setTimeout(() => {
    if (isThere()) gnb.askRelease(left, { radioNetwork: 'tngrelocoverall-expiry' });
  }, gnb.settings.overallWithinMs).unref();
}

/** @see TS 38.413 clause 8.4.1.2 */
function sendOn({ userPlane }: SourceGnb, left: RanUe, command: Partial<Ies<'HandoverCommand'>>): void {
  for (const { pDUSessionID, handoverCommandTransfer } of command.PDUSessionResourceHandoverList ?? []) {
    const session = left.sessions.get(pDUSessionID);
    if (session === undefined || handoverCommandTransfer instanceof Uint8Array) continue;
    const to = tunnelEndIn(handoverCommandTransfer['dLForwardingUP-TNLInformation']);
    if (to !== null) userPlane.sendOn(session, to);
  }
}
