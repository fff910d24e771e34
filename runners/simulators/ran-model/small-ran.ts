import type { CellId, Slice } from '../../interfaces/e2sm/identity.ts';
import type { RanModelConfig, UeConfig } from './types.ts';
import { noise } from './world.ts';

const PLMN = '00101';
const BROADBAND: Slice = { sst: 1, sd: 1 };
const URGENT: Slice = { sst: 2 };

export interface SmallRan {
  readonly seed: number;
  readonly plmn?: string;
  /** The gNB, of 22 bits; its cells are numbered from 1 within it. */
  readonly gnb?: number;
  /** 1 to 8. */
  readonly cells?: number;
  /** 0 to 64 in each cell. */
  readonly uesPerCell?: number;
}

/** Cells in a row, 400 m apart, with UEs of two slices that walk from their cell towards the next one and back. */
export function smallRan({
  seed,
  plmn = PLMN,
  gnb = 1,
  cells = 2,
  uesPerCell = 4,
}: SmallRan): RanModelConfig {
  const ids = Array.from({ length: cells }, (_, at): CellId => ({
    kind: 'nr',
    plmn,
    id: gnb * 2 ** 14 + at + 1,
  }));
  return {
    seed,
    cells: ids.map((cell, at) => ({ cell, place: { x: 400 * at, y: 0 }, prbs: 106 })),
    ues: ids.flatMap((cell, at) =>
      Array.from({ length: uesPerCell }, (_, index) =>
        aUe({ seed, plmn, cell, at, number: at * uesPerCell + index + 1 }),
      ),
    ),
  };
}

function aUe(of: { seed: number; plmn: string; cell: CellId; at: number; number: number }): UeConfig {
  const { seed, plmn, cell, at, number } = of;
  const random = (kind: number) => noise(seed, number, 100 + kind);
  const urgent = number % 4 === 0;
  const from = { x: 400 * at + 20 + 60 * random(1), y: -50 + 100 * random(2) };
  return {
    ue: number,
    plmn,
    cell,
    slice: urgent ? URGENT : BROADBAND,
    fiveQi: urgent ? 3 : 9,
    path: { from, to: { x: from.x + 250, y: from.y }, speed: random(3) < 0.5 ? 0 : 1.5 },
    traffic: {
      dlKbitS: urgent ? 2_000 : 8_000 + 24_000 * random(4),
      ulKbitS: urgent ? 2_000 : 1_000 + 3_000 * random(5),
      variation: urgent ? 0.05 : 0.4,
      busyShare: urgent ? 1 : 0.6 + 0.4 * random(6),
    },
    connectedShare: number % 3 === 0 ? 0.8 : 1,
  };
}
