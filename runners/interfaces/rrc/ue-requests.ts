import { bitsOf } from '../ap/values.ts';
import type { Protected } from '../pdcp/entity.ts';
import { type RrcContents, writeRrc } from './messages.ts';
import { type STmsi, sTmsiPart1, sTmsiPart2 } from './s-tmsi.ts';
import { type LostConnection, shortMacI } from './short-mac.ts';

/** Why a UE wants a connection. */
export interface ConnectionReason {
  readonly cause: 'mo-Signalling' | 'mo-Data' | 'mt-Access';
  readonly sTmsi: STmsi | null;
  /** What NAS wants to say first. */
  readonly nas: Uint8Array;
}

/** @param randomValue 39 bits, of a UE that has no temporary identity */
export function setupRequest({ cause, sTmsi }: ConnectionReason, randomValue: bigint): Uint8Array {
  return writeRrc('ulCcch', 'rrcSetupRequest', {
    contents: {
      'ue-Identity': sTmsi === null ? { randomValue: bitsOf(randomValue, 39) } : sTmsiPart1(sTmsi),
      establishmentCause: cause,
      spare: bitsOf(0, 1),
    },
  });
}

export function setupCompleted({ sTmsi, nas }: ConnectionReason): RrcContents<'ulDcch', 'rrcSetupComplete'> {
  return {
    'selectedPLMN-Identity': 1,
    'dedicatedNAS-Message': nas,
    ...(sTmsi === null ? {} : { 'ng-5G-S-TMSI-Value': sTmsiPart2(sTmsi) }),
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
