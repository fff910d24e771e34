import type { BitString } from '../../interfaces/per/values.ts';

/** The security capabilities of a UE, as XnAP and as NGAP call them. @see 3GPP TS 38.423 clause 9.2.3.49, 38.413 clause 9.3.1.86 */
export const CAPABILITIES = [
  ['nr-EncyptionAlgorithms', 'nRencryptionAlgorithms'],
  ['nr-IntegrityProtectionAlgorithms', 'nRintegrityProtectionAlgorithms'],
  ['e-utra-EncyptionAlgorithms', 'eUTRAencryptionAlgorithms'],
  ['e-utra-IntegrityProtectionAlgorithms', 'eUTRAintegrityProtectionAlgorithms'],
] as const;

export function bitsText({ bits, length }: BitString): string {
  return `${Buffer.from(bits).toString('hex')}/${length}`;
}
