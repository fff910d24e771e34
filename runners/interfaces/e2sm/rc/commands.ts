import type { CellId, Slice } from '../identity.ts';
import type { Parameter } from './parameters.ts';

/** A UE goes to another cell. */
export interface Handover {
  readonly kind: 'handover';
  readonly target: CellId;
}

/** The quality of one bearer; bit rates in bit/s. */
export interface DrbQos {
  readonly kind: 'drbQos';
  /** 1 to 32. */
  readonly drb: number;
  readonly fiveQi?: number;
  /** 1 is the most urgent. */
  readonly priorityLevel?: number;
  readonly maxDlBitS?: number;
  readonly guaranteedDlBitS?: number;
  readonly maxUlBitS?: number;
  readonly guaranteedUlBitS?: number;
}

/** Shares of the PRBs of a cell for groups of slices. @see TS 28.541 clause 4.3.36 */
export interface SliceQuota {
  readonly kind: 'sliceQuota';
  readonly policies: readonly SlicePolicy[];
}

export interface SlicePolicy {
  readonly members: readonly { readonly plmn: string; readonly slice: Slice }[];
  /** 0 to 100: theirs when they want it, lent to others when not. */
  readonly minPercent: number;
  /** 0 to 100: never more. */
  readonly maxPercent: number;
  /** 0 to 100: kept for them, used or not. */
  readonly dedicatedPercent: number;
}

/** An action that we have no words for. */
export interface OtherControl {
  readonly kind: 'other';
  readonly style: number;
  readonly action: number;
  readonly parameters: readonly Parameter[];
}

export type RcCommand = Handover | DrbQos | SliceQuota | OtherControl;
