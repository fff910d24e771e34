import { sourceToTargetIn } from '../../interfaces/ngap/containers.ts';
import { type Cell, gnbId, nodeNameOf, numberIn, valueOf } from '../../interfaces/ngap/values.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';
import type { AmfUe } from '../../simulators/amf/core.ts';
import { broken, type Found, holds, unseen } from '../ap/judging.ts';
import { begun, came, cameIn } from '../ng/judging.ts';
import type { NgLink } from '../ng/link.ts';
import { messagesOf, type SeenMessage, type SeenPdu } from '../ng/seen-messages.ts';
import type { Seen } from '../procedure.ts';
import type { GnbDriver } from './gnb-driver.ts';

// What a gNB is made to do, and has to say, that hands a UE over: to a node that the tester plays, or to another product.

/** The steps of that. */
export const [HANDOVER, AFTER] = ['handover', 'after'] as const;
/** The session that the UE has. */
export const SESSION = 1;

/** Where a UE is to go. */
export interface HandoverTo {
  readonly plmn: string;
  readonly gnb: { readonly id: number; readonly bits: number };
  readonly tac: number;
  /** 36 bits. */
  readonly cell: number;
}

export interface UeAt {
  readonly driver: GnbDriver;
  readonly link: NgLink;
  readonly ue: AmfUe;
}

/** Has the product hand the UE over; false when it does not begin in time. @throws Blocked */
export async function beginHandover(
  { driver, link, ue }: UeAt,
  { gnb, tac, cell }: Omit<HandoverTo, 'plmn'>,
): Promise<boolean> {
  const from = link.next;
  const imsi = ue.imsi === null ? {} : { imsi: ue.imsi };
  const order = { action: 'handover', ...imsi, gnb, tac, cell };
  await driver.mustOrder(HANDOVER, order, `hand a UE over to cell ${cell} of gNB ${gnb.id}`);
  const { triggerMs: withinMs } = driver;
  return (await driver.awaits(link, 'HandoverRequired', { from, withinMs })) !== null;
}

/** What only a gNB answers that has the UE. */
export async function releaseSession({ driver, link, ue }: UeAt): Promise<void> {
  const from = link.next;
  driver.enter(AFTER);
  ue.perform(ue.nas.releaseSession(SESSION));
  await driver.awaits(link, 'PDUSessionResourceReleaseResponse', { from });
}

export type Required = SeenMessage<'HandoverRequired'>;

export function required(seen: Seen, pdus: readonly SeenPdu[]): Found {
  return begun(seen, cameIn(pdus, HANDOVER, 'HandoverRequired'), 'HANDOVER REQUIRED');
}

export function targetRight({ n, message }: Required, { plmn, gnb, tac }: HandoverTo): Found {
  const { TargetID } = message.ies;
  if (TargetID === undefined || !('targetRANNodeID' in TargetID))
    return broken('the target is no NG-RAN node', n);
  const { globalRANNodeID, selectedTAI } = TargetID.targetRANNodeID;
  const wanted = nodeNameOf(gnbId(plmn, gnb));
  const [name, area] = [nodeNameOf(globalRANNodeID), valueOf(selectedTAI.tAC)];
  return name === wanted && area === tac
    ? holds(`${name}, tracking area ${area}`, n)
    : broken(`${name}, tracking area ${area}, instead of ${wanted}, tracking area ${tac}`, n);
}

export function sessionsNamed({ n, message }: Required): Found {
  const list = (message.ies.PDUSessionResourceListHORqd ?? []).map(({ pDUSessionID }) => pDUSessionID);
  return list.includes(SESSION)
    ? holds(`session ${SESSION} is to be handed over`, n)
    : broken(`session ${SESSION} is not among those to be handed over: ${list.join(', ')}`, n);
}

export function containerRight({ n, message }: Required, wanted: number): Found {
  const octets = message.ies['SourceToTarget-TransparentContainer'];
  const container = octets === undefined ? null : sourceToTargetIn(octets);
  if (container === null) return broken('the container of the source cannot be decoded', n);
  const cell = container['targetCell-ID'];
  const id: Cell['id'] | null = 'nR-CGI' in cell ? numberIn(cell['nR-CGI'].nRCellIdentity) : null;
  return id === wanted
    ? holds('a container for the cell that was wanted', n)
    : broken(`a container for cell ${id ?? 'of another kind'}, not ${wanted}`, n);
}

/** Only a product that keeps the state of bearers tells it. @see TS 38.413 clause 8.4.6 */
export function statusTold(source: Pick<Equipment, 'ics'> | undefined, pdus: readonly SeenPdu[]): Found {
  const told = messagesOf(pdus, 'UplinkRANStatusTransfer', 'received')[0];
  if (told !== undefined) return holds('UPLINK RAN STATUS TRANSFER', told.n);
  return source?.ics['ng.statusTransfer'] === true
    ? broken('no UPLINK RAN STATUS TRANSFER came in time')
    : unseen('it does not claim to keep the state of bearers');
}

export function stillServed(pdus: readonly SeenPdu[]): Found {
  const left = messagesOf(pdus, 'UEContextReleaseRequest', 'received')[0];
  if (left !== undefined) return broken('the gNB had the UE released', left.n);
  return cameIn(pdus, HANDOVER, 'HandoverRequired') === undefined
    ? unseen('nothing was asked for')
    : came(pdus, AFTER, 'PDUSessionResourceReleaseResponse');
}
