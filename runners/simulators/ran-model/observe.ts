import { cellText, type Slice, sliceText } from '../../interfaces/e2sm/identity.ts';
import type { SlicePolicy } from '../../interfaces/e2sm/rc/commands.ts';
import { stateAt } from './model.ts';
import { type Group, schedule, type Want } from './schedule.ts';
import type { CellConfig, RanModel, RanState, UeConfig } from './types.ts';
import { demandOf, efficiency, isConnected } from './world.ts';

/** Within a tick nothing changes; a control shows in the next one. */
const TICK_MS = 100;
const PRB_HZ = 360_000;
/** Of the slots of a TDD carrier, so many go down and up; the others are overhead. */
const SLOTS = { dl: 0.7, ul: 0.22 } as const;
type Direction = keyof typeof SLOTS;

/** What one UE did in one cell, summed up. */
export interface Share {
  readonly cell: string;
  readonly slice: string;
  readonly ue: number;
  readonly fiveQi: number;
  readonly connectedMs: number;
  readonly dlBits: number;
  readonly ulBits: number;
  /** PRBs times milliseconds. */
  readonly dlPrbMs: number;
  readonly ulPrbMs: number;
}

export interface Observation {
  readonly durationMs: number;
  readonly shares: readonly Share[];
  /** The largest number of connections at a time, by the text of the cell. */
  readonly maxConnections: ReadonlyMap<string, number>;
}

/** What happened from one time to another, the second not included; what is observed in parts adds up to the whole. */
export function observe(model: RanModel, fromMs: number, toMs: number): Observation {
  const shares = new Map<string, Share>();
  const maxConnections = new Map<string, number>();
  for (let tick = Math.floor(fromMs / TICK_MS); tick * TICK_MS < toMs; tick += 1) {
    const atMs = tick * TICK_MS;
    const lastsMs = Math.min(toMs, atMs + TICK_MS) - Math.max(fromMs, atMs);
    const state = stateAt(model, atMs);
    for (const config of model.config.cells) {
      const cell = cellText(config.cell);
      const present = model.config.ues.filter(
        (ue) => state.cellOf.get(ue.ue) === cell && isConnected(model.config, ue, atMs),
      );
      maxConnections.set(cell, Math.max(maxConnections.get(cell) ?? 0, present.length));
      for (const share of runCell({ model, config, state }, { present, atMs, lastsMs })) add(shares, share);
    }
  }
  return { durationMs: toMs - fromMs, shares: [...shares.values()], maxConnections };
}

interface Where {
  readonly model: RanModel;
  readonly config: CellConfig;
  readonly state: RanState;
}

interface When {
  readonly present: readonly UeConfig[];
  readonly atMs: number;
  readonly lastsMs: number;
}

function runCell(where: Where, when: When): readonly Share[] {
  const granted = { dl: grant(where, when, 'dl'), ul: grant(where, when, 'ul') };
  return when.present.map((ue) => {
    const of = (direction: Direction) => granted[direction].get(ue.ue) ?? 0;
    const bits = (direction: Direction) =>
      (of(direction) * rate(where, when, { ue, direction }) * when.lastsMs) / 1_000;
    return {
      cell: cellText(where.config.cell),
      slice: sliceText(ue.slice),
      ue: ue.ue,
      fiveQi: ue.fiveQi,
      connectedMs: when.lastsMs,
      dlBits: bits('dl'),
      ulBits: bits('ul'),
      dlPrbMs: of('dl') * when.lastsMs,
      ulPrbMs: of('ul') * when.lastsMs,
    };
  });
}

function grant(where: Where, when: When, direction: Direction): ReadonlyMap<number, number> {
  const { policies } = where.state;
  const groups: readonly Group[] = [...policies.map(groupOf), { min: 0, max: 1, dedicated: 0 }];
  const wants = when.present.map((ue): Want => {
    const perPrb = rate(where, when, { ue, direction });
    const { wanted, guaranteed } = wishOf(where, ue, { atMs: when.atMs, direction });
    const found = policies.findIndex(({ members }) => members.some((member) => isMember(member, ue)));
    return {
      ue: ue.ue,
      group: found < 0 ? policies.length : found,
      prbs: (wanted * 1_000) / perPrb,
      guaranteedPrbs: (guaranteed * 1_000) / perPrb,
    };
  });
  return schedule(where.config.prbs, groups, wants);
}

/** What a UE wants and what is guaranteed to it, in kbit/s. */
function wishOf(
  { model, state }: Where,
  ue: UeConfig,
  { atMs, direction }: { atMs: number; direction: Direction },
): { wanted: number; guaranteed: number } {
  const demand = demandOf(model.config, ue, atMs)[direction];
  const limits = state.limitsOf.get(ue.ue) ?? {};
  const [max, guaranteed] =
    direction === 'dl'
      ? [limits.maxDlKbitS, limits.guaranteedDlKbitS]
      : [limits.maxUlKbitS, limits.guaranteedUlKbitS];
  return { wanted: Math.min(demand, max ?? demand), guaranteed: guaranteed ?? 0 };
}

/** Bits per second in one PRB. */
function rate(
  { config }: Where,
  { atMs }: When,
  { ue, direction }: { ue: UeConfig; direction: Direction },
): number {
  return PRB_HZ * SLOTS[direction] * efficiency(ue, config, atMs);
}

function groupOf({ minPercent, maxPercent, dedicatedPercent }: SlicePolicy): Group {
  return { min: minPercent / 100, max: maxPercent / 100, dedicated: dedicatedPercent / 100 };
}

function isMember({ plmn, slice }: { plmn: string; slice: Slice }, ue: UeConfig): boolean {
  return plmn === ue.plmn && sliceText(slice) === sliceText(ue.slice);
}

function add(shares: Map<string, Share>, share: Share): void {
  const key = `${share.cell}|${String(share.ue)}`;
  const found = shares.get(key);
  shares.set(key, found === undefined ? share : plus(found, share));
}

function plus(left: Share, right: Share): Share {
  return {
    ...left,
    connectedMs: left.connectedMs + right.connectedMs,
    dlBits: left.dlBits + right.dlBits,
    ulBits: left.ulBits + right.ulBits,
    dlPrbMs: left.dlPrbMs + right.dlPrbMs,
    ulPrbMs: left.ulPrbMs + right.ulPrbMs,
  };
}
