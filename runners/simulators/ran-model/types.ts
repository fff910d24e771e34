import type { CellId, Slice } from '../../interfaces/e2sm/identity.ts';
import type { SlicePolicy } from '../../interfaces/e2sm/rc/commands.ts';

/** In metres, on a plane. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface CellConfig {
  readonly cell: CellId;
  readonly place: Place;
  /** 1 to 273, of 360 kHz each (30 kHz subcarriers). */
  readonly prbs: number;
}

export interface UeConfig {
  /** Its number in F1AP, E1AP and NGAP, 1 to 2^32 - 1; a model has each once. */
  readonly ue: number;
  readonly slice: Slice;
  readonly plmn: string;
  readonly fiveQi: number;
  /** Where it is connected until it is told to go elsewhere. */
  readonly cell: CellId;
  readonly path: Path;
  readonly traffic: Traffic;
  /** 0 to 1: the part of the time in which it has an RRC connection. */
  readonly connectedShare: number;
}

/** To and fro between two places. */
export interface Path {
  readonly from: Place;
  readonly to: Place;
  /** In metres per second; 0 stays at `from`. */
  readonly speed: number;
}

/** What its applications want to send and receive, on average while busy. */
export interface Traffic {
  readonly dlKbitS: number;
  readonly ulKbitS: number;
  /** 0 to 1: how far the rate strays from that. */
  readonly variation: number;
  /** 0 to 1: the part of the time in which it is busy. */
  readonly busyShare: number;
}

export interface RanModelConfig {
  /** The same seed gives the same world. */
  readonly seed: number;
  readonly cells: readonly CellConfig[];
  readonly ues: readonly UeConfig[];
}

/** Limits of the one data radio bearer of a UE, in kbit/s. */
export interface Limits {
  readonly maxDlKbitS?: number;
  readonly guaranteedDlKbitS?: number;
  readonly maxUlKbitS?: number;
  readonly guaranteedUlKbitS?: number;
}

/** What controls have changed so far. */
export interface RanState {
  /** Number of the UE to the text of its cell. */
  readonly cellOf: ReadonlyMap<number, string>;
  readonly limitsOf: ReadonlyMap<number, Limits>;
  readonly policies: readonly SlicePolicy[];
}

export interface Since {
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly state: RanState;
}

/**
 * Cells and UEs as a function of time: nothing runs in here, and the same question gives the same answer. A control gives another model,
 * which answers as before for the time before it.
 */
export interface RanModel {
  readonly config: RanModelConfig;
  /** In the order of time; the first one holds from the beginning. */
  readonly history: readonly [Since, ...Since[]];
}
