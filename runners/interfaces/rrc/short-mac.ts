import { integrity } from '../nas-security/algorithms.ts';
import type { Protected } from '../pdcp/entity.ts';
import { make } from './gen/rrc.js';
import * as runtime from '../per/runtime.ts';
import type { BitString } from '../per/values.ts';

const CODECS = make(runtime);

/** What a UE had when it lost its connection, and where it asks to have it back. */
export interface LostConnection {
  readonly pci: number;
  /** C-RNTI. */
  readonly rnti: number;
  /** Identity of the cell in which it asks, 36 bits. */
  readonly cellIdentity: BitString;
}

/** All bits of COUNT, BEARER and DIRECTION are ones. */
const ONES = { count: 0xffff_ffff, bearer: 31, direction: 'downlink' } as const;
const SHORT_OCTETS = 2;

/** shortMAC-I: 16 bits of the MAC-I by the key of RRC that the UE had. @see TS 38.331 clause 5.3.7.4 */
export function shortMacI(by: Protected, { pci, rnti, cellIdentity }: LostConnection): Uint8Array {
  const input = CODECS['NR-RRC.VarShortMAC-Input'].encode({
    ...{ sourcePhysCellId: pci, targetCellIdentity: cellIdentity, 'source-c-RNTI': rnti },
  });
  return integrity(by.algorithm, { key: by.key, ...ONES }, input).slice(-SHORT_OCTETS);
}
