/** Where numbers lie on an axis, and which of them are written beside it. */
export interface Scale {
  readonly ticks: readonly number[];
  /** 0 at the lowest tick, 1 at the highest. */
  readonly at: (value: number) => number;
}

/** From 0, or the lowest value below it, to the first round number that holds all values. */
export function valueScale(values: readonly number[]): Scale {
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), low);
  // A range of nothing, or of so little that fractions run out, is drawn as if it were larger.
  const step = roundUp(high === low ? 1 : Math.max((high - low) / 4, 1e-12));
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
  return { ticks, at: between(first * step, last * step) };
}

/** Steps of a clock, in milliseconds. */
const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
];

/** From the first time to the last; round times between them. */
export function timeScale(fromMs: number, toMs: number): Scale {
  const length = toMs - fromMs;
  const step = STEPS_MS.find((each) => length / each <= 6) ?? 86_400_000 * roundUp(length / 6 / 86_400_000);
  const first = Math.ceil(fromMs / step);
  const count = Math.max(0, Math.floor(toMs / step) - first + 1);
  return {
    ticks: Array.from({ length: count }, (_, index) => (first + index) * step),
    at: between(fromMs, toMs),
  };
}

function between(low: number, high: number): (value: number) => number {
  return (value) => (high === low ? 0.5 : (value - low) / (high - low));
}

/** The next of 1, 2, 5, 10, 20 and so on. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * ([1, 2, 5, 10].find((each) => each * unit >= value * (1 - 1e-9)) ?? 10);
}

/** Without the dust of binary fractions. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
