import type { Equipment } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import type { F1Cell } from '../../interfaces/f1ap/cells.ts';
import { unusable } from '../ng/ixit-values.ts';
import { plmnOf, tacOf } from './tester-amf.ts';

/** Of an NR cell identity. */
const CELL_BITS = 36;
const DEFAULT_GNB = { id: 1, bits: 22 };

/**
 * A cell of the tester's gNB-DU, in the gNB of the product.
 *
 * @param number 1 to 15
 * @throws Blocked when the IXIT says what cannot be a gNB ID
 * @see TS 38.300 clause 8.2: the NR cell identity begins with the gNB ID
 */
export function testerCell(product: Pick<Equipment, 'ixit'>, number = 1): F1Cell {
  const [plmn, tac, gnb] = [plmnOf(product), tacOf(product), gnbOf(product)];
  const identity = gnb.id * 2 ** (CELL_BITS - gnb.bits) + number;
  return { plmn, tac, identity, pci: number, arfcn: 633_334, band: 78 };
}

/** Its gNB ID and how many bits that has, 22 to 32. @throws Blocked when what the IXIT says cannot be one */
function gnbOf({ ixit }: Pick<Equipment, 'ixit'>): { readonly id: number; readonly bits: number } {
  const { gnb = DEFAULT_GNB } = ixit;
  const { id, bits } = isJsonObject(gnb) ? gnb : {};
  if (isWhole(bits, { from: 22, to: 32 }) && isWhole(id, { from: 0, to: 2 ** bits - 1 })) return { id, bits };
  throw unusable('ixit gnb does not say {id, bits}: the gNB ID and its bits, 22 to 32');
}

function isWhole(value: Json | undefined, { from, to }: { from: number; to: number }): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
}
