import { type F1Cell, servedCell } from '../../interfaces/f1ap/cells.ts';
import { wrapItems } from '../../interfaces/f1ap/codec.ts';
import type { Ies } from '../../interfaces/f1ap/types.ts';
import { systemInformation } from '../../interfaces/rrc/system-information.ts';
import type { DuSettings } from './config.ts';
import type { DuHas } from './defects.ts';

/** What a gNB-DU says of itself and its cell. @see TS 38.473 clause 9.2.1.4 */
export function presentation(
  TransactionID: number,
  cell: F1Cell,
  { has, settings }: { readonly has: DuHas; readonly settings: DuSettings },
): Ies<'F1SetupRequest'> {
  const served = servedCell(cell);
  const dummy = Uint8Array.of(0xff, 0xff, 0xff);
  const { plmn, tac, identity, arfcn } = {
    ...cell,
    ...(has('plmn-mismatch') ? { plmn: '99970' } : {}),
  };
  const { mib, sib1 } = systemInformation({
    ...{ plmn, tac, cellIdentity: BigInt(identity), subcarrierSpacing: 'kHz30', ssbArfcn: arfcn },
  });
  const system = has('dummy-system-information')
    ? { 'mIB-message': dummy, 'sIB1-message': dummy }
    : { 'mIB-message': mib, 'sIB1-message': sib1 };
  return {
    ...{ TransactionID, 'gNB-DU-ID': settings.id, 'gNB-DU-Name': `du-${settings.id}` },
    'gNB-DU-Served-Cells-List': wrapItems('GNB-DU-Served-Cells-Item', [
      { ...served, 'gNB-DU-System-Information': system },
    ]),
    'GNB-DU-RRC-Version': { 'latest-RRC-Version': { bits: Uint8Array.of(0), length: 3 } },
  };
}
