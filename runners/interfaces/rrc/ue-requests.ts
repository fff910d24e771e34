import { bitsOf } from '../ap/values.ts';
import type { Protected } from '../pdcp/entity.ts';
import { type RrcContents, writeRrc } from './messages.ts';
import { type LostConnection, shortMacI } from './short-mac.ts';

/** Why a UE wants a connection. */
export interface ConnectionReason {
  readonly cause: 'mo-Signalling' | 'mo-Data' | 'mt-Access';
  readonly sTmsi: { readonly set: number; readonly pointer: number; readonly tmsi: Uint8Array } | null;
  /** What NAS wants to say first. */
  readonly nas: Uint8Array;
}

/** @param randomValue 39 bits, of a UE that has no temporary identity */
export function setupRequest({ cause, sTmsi }: ConnectionReason, randomValue: bigint): Uint8Array {
  return writeRrc('ulCcch', 'rrcSetupRequest', {
    contents: {
      'ue-Identity':
        sTmsi === null
          ? { randomValue: bitsOf(randomValue, 39) }
          : { 'ng-5G-S-TMSI-Part1': bitsOf(sTmsiOf(sTmsi) & 0x7f_ffff_ffffn, 39) },
      establishmentCause: cause,
      spare: bitsOf(0, 1),
    },
  });
}

export function setupCompleted({ sTmsi, nas }: ConnectionReason): RrcContents<'ulDcch', 'rrcSetupComplete'> {
  const part2 = sTmsi === null ? null : sTmsiOf(sTmsi) >> 39n;
  return {
    'selectedPLMN-Identity': 1,
    'dedicatedNAS-Message': nas,
    ...(part2 === null ? {} : { 'ng-5G-S-TMSI-Value': { 'ng-5G-S-TMSI-Part2': bitsOf(part2, 9) } }),
  };
}

/** @param by what protected the integrity of RRC */
export function reestablishmentRequest(lost: LostConnection, by: Protected): Uint8Array {
  const shortMac = { bits: shortMacI(by, lost), length: 16 };
  return writeRrc('ulCcch', 'rrcReestablishmentRequest', {
    contents: {
      'ue-Identity': { 'c-RNTI': lost.rnti, physCellId: lost.pci, 'shortMAC-I': shortMac },
      reestablishmentCause: 'otherFailure',
      spare: bitsOf(0, 1),
    },
  });
}

/** 48 bits: AMF set, AMF pointer, 5G-TMSI. @see TS 23.003 clause 2.11 */
function sTmsiOf({ set, pointer, tmsi }: NonNullable<ConnectionReason['sTmsi']>): bigint {
  let low = 0n;
  for (const octet of tmsi) low = (low << 8n) | BigInt(octet);
  return (BigInt(set) << 38n) | (BigInt(pointer) << 32n) | low;
}
