import { decodeIdentity, encodeIdentity } from '../../interfaces/nas/identity.ts';
import type { NetworkUe } from './nas-types.ts';

/** Another temporary identity, as a 5G-GUTI; the one before it is good until the UE has confirmed that. @see TS 24.501 clauses 5.4.4.6 b, 5.5.1.2.8 c */
export function renamed(ue: NetworkUe): Uint8Array {
  const { plmn, amfId: amf, newTmsi } = ue.network;
  ue.formerTmsi ??= ue.tmsi;
  ue.tmsi = newTmsi();
  return encodeIdentity({ kind: 'guti', plmn, amf, tmsi: ue.tmsi });
}

/** What it calls itself, under security, is what it is called. */
export function cameAs(ue: NetworkUe, octets: Uint8Array | undefined): void {
  const identity = octets === undefined ? null : decodeIdentity(octets);
  if (identity?.kind !== 'guti' && identity?.kind !== 'sTmsi') return;
  if (!goesBy(ue, identity.tmsi)) return;
  ue.tmsi = identity.tmsi;
  ue.formerTmsi = null;
}

/** Whether that is a temporary identity of the UE. */
export function goesBy({ tmsi, formerTmsi }: NetworkUe, name: Uint8Array): boolean {
  return [tmsi, formerTmsi].some((own) => own?.every((octet, at) => octet === name[at]) === true);
}
