import { type F1Cell, nrcgiOf, servedCell } from '../../interfaces/f1ap/cells.ts';
import { wrapItems } from '../../interfaces/f1ap/codec.ts';
import type { Ies } from '../../interfaces/f1ap/types.ts';
import type { DuHas } from './defects.ts';

export const CELL_CHANGES = ['add', 'modify', 'deactivate', 'delete'] as const;
export type CellChange = (typeof CELL_CHANGES)[number];
type Change = Omit<Ies<'GNBDUConfigurationUpdate'>, 'TransactionID'>;

/** A number of which no cell of this gNB-DU is. */
const UNKNOWN = 99;

/** The cell that a gNB-DU always has, and one that may come, change, be out of service and go. @see TS 38.473 clause 8.2.4 */
export class DuCells {
  readonly own: F1Cell;
  readonly #has: DuHas;
  #other: F1Cell | null = null;
  #last: F1Cell | null = null;

  constructor(own: F1Cell, has: DuHas) {
    this.own = own;
    this.#has = has;
  }

  /** Where a UE is switched on. */
  get forUe(): F1Cell {
    return this.#has('serves-deleted-cell') && this.#other === null && this.#last !== null
      ? this.#last
      : this.own;
  }

  /** F1 is set up anew, with the cell that is always there. */
  reset(): void {
    this.#other = null;
    this.#last = null;
  }

  /** Changes the other cell; what the gNB-CU is to be told, or null when that cannot be done now. */
  change(change: CellChange): Change | null {
    const other = this.#other;
    if (change === 'add') return other === null ? this.#add() : null;
    if (other === null) return null;
    const named = this.#has('update-names-unknown-cell') ? this.#unknown(other) : other;
    if (change === 'modify') return this.#modify(other, named);
    if (change === 'deactivate') return this.#deactivate(named);
    this.#other = null;
    const gone = [{ oldNRCGI: nrcgiOf(named) }];
    return { 'Served-Cells-To-Delete-List': wrapItems('Served-Cells-To-Delete-Item', gone) };
  }

  #add(): Change {
    const { identity, pci } = this.own;
    const other = { ...this.own, identity: identity + 1, pci: (pci + 1) % 1_008 };
    this.#other = other;
    this.#last = other;
    return { 'Served-Cells-To-Add-List': wrapItems('Served-Cells-To-Add-Item', [servedCell(other)]) };
  }

  #modify(other: F1Cell, named: F1Cell): Change {
    this.#other = { ...other, pci: (other.pci + 100) % 1_008 };
    const changed = { oldNRCGI: nrcgiOf(named), ...servedCell(this.#other) };
    return { 'Served-Cells-To-Modify-List': wrapItems('Served-Cells-To-Modify-Item', [changed]) };
  }

  /** It names every cell that there is. */
  #deactivate(named: F1Cell): Change {
    const states = [
      { nRCGI: nrcgiOf(this.own), 'service-status': { 'service-state': 'in-service' as const } },
      { nRCGI: nrcgiOf(named), 'service-status': { 'service-state': 'out-of-service' as const } },
    ];
    return { 'Cells-Status-List': wrapItems('Cells-Status-Item', states) };
  }

  #unknown(cell: F1Cell): F1Cell {
    return { ...cell, identity: cell.identity + UNKNOWN };
  }
}
