import { encodeMobility } from '../../interfaces/nas/codec.ts';
import type { EntryIn } from '../../interfaces/ap/peer.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { Ies, MessageName, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import { type Found, holds } from '../ap/judging.ts';
import { receivedAfter } from '../ap/seen-messages.ts';
import { alive } from '../ng/judging.ts';
import type { NgLink } from '../ng/link.ts';
import { wholeReset } from '../ng/resets.ts';
import { messagesOf, type SeenPdu } from '../ng/seen-messages.ts';

export type UeIds = Pick<Ies<'DownlinkNASTransport'>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>;

/** A UE that no gNB has. */
export const STRANGER: UeIds = { 'AMF-UE-NGAP-ID': 77_777, 'RAN-UE-NGAP-ID': 77_777 };

/** NAS that changes nothing. */
export function aStatusTo(ids: UeIds): Outgoing {
  const nas = encodeMobility('MobilityStatus', { cause: Uint8Array.of(0x6f) });
  return outgoing('DownlinkNASTransport', { ...ids, 'NAS-PDU': nas });
}

export interface Asking {
  readonly step: string;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/**
 * Whether the product still serves: it acknowledges a reset of everything, as every gNB must. One that has never heard of resets fails
 * where that is the question; here it may show by an ERROR INDICATION that it reads what it gets.
 */
export async function isServing(link: NgLink, { step, ...waiting }: Asking): Promise<boolean> {
  const answered = async (message: Outgoing, by: MessageName): Promise<boolean> => {
    const from = link.next;
    await link.send(step, message);
    const fits = ({ decoded }: EntryIn<NgapShape>): boolean => decoded.message?.name === by;
    return (await link.waitFor(fits, { ...waiting, from })) !== null;
  };
  if (await answered(wholeReset(), 'NGResetAcknowledge')) return true;
  return !link.peer.isOver && answered(aStatusTo(STRANGER), 'ErrorIndication');
}

/** What came of that question. */
export function serves(pdus: readonly SeenPdu[], step = 'alive'): Found {
  const found = alive(pdus, step);
  const second = messagesOf(pdus, 'DownlinkNASTransport', 'sent').findLast((pdu) => pdu.step === step);
  if (found.verdict === 'pass' || second === undefined) return found;
  const [sign] = messagesOf(receivedAfter(pdus, second), 'ErrorIndication');
  return sign === undefined
    ? found
    : holds('it tells of a UE that it does not have; no NG RESET was acknowledged', second.n, sign.n);
}
