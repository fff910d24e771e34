import type { Plot } from './plot.ts';

/** What a line of a plot comes to, for where no lines can be drawn. */
export interface PlotRow {
  readonly name: string;
  readonly count: number;
  /** With the unit; empty where there was no value. */
  readonly least: string;
  readonly most: string;
  readonly last: string;
}

export function plotRows({ series, unit }: Plot): readonly PlotRow[] {
  const written = (value: number | undefined): string =>
    value === undefined ? '' : `${Number(value.toPrecision(6))}${unit === '' ? '' : ` ${unit}`}`;
  return series.map(({ name, points }) => {
    const values = points.flatMap(({ value }) => (value !== null && Number.isFinite(value) ? value : []));
    const [least, most] = values.reduce<readonly [number?, number?]>(
      ([low = Infinity, high = -Infinity], value) => [Math.min(low, value), Math.max(high, value)],
      [],
    );
    return {
      name,
      count: values.length,
      least: written(least),
      most: written(most),
      last: written(values.at(-1)),
    };
  });
}
