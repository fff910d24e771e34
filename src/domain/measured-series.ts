/** Values of one measurement of one thing, in time. */
export interface MeasuredSeries {
  readonly measurement: string;
  /** A cell, a UE or a node. */
  readonly subject: string;
  /** Such as a slice; empty where there is none. */
  readonly label: string;
  /** Empty where there is none. */
  readonly unit: string;
  /** In the order of time. */
  readonly points: readonly MeasuredPoint[];
}

export interface MeasuredPoint {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** `null` where there was no value. */
  readonly value: number | null;
}
