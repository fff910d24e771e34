import type { SNssai } from '../../interfaces/nas/values.ts';

/** What a gNB is told about itself. */
export interface GnbSettings {
  readonly name: string;
  readonly plmn: string;
  readonly id: number;
  /** 22 to 32. */
  readonly idBits: number;
  readonly tac: number;
  readonly slices: readonly SNssai[];
  /** TNGRELOCprep and TNGRELOCoverall, in ms. @see TS 38.413 clauses 8.4.1.2, 8.4.1.4 */
  readonly prepareWithinMs: number;
  readonly overallWithinMs: number;
}

export const DEFAULT_GNB: GnbSettings = {
  name: 'gnb-1',
  plmn: '00101',
  id: 1,
  idBits: 24,
  tac: 1,
  slices: [{ sst: 1, sd: 0x010203 }],
  prepareWithinMs: 1_000,
  overallWithinMs: 2_000,
};

const CELL_BITS = 36;

/** Its only cell: the identity of the gNB, and a number within it. */
export function cellOf({ plmn, tac, id, idBits }: GnbSettings): {
  readonly plmn: string;
  readonly tac: number;
  readonly id: number;
} {
  return { plmn, tac, id: id * 2 ** (CELL_BITS - idBits) + 1 };
}
