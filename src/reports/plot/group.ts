import type { MeasuredSeries } from '../../domain/measured-series.ts';
import type { Plot } from './plot.ts';

/** One plot for each measurement, in the order of their first mention; `id` begins the ids of all of them. */
export function plotsOf(all: readonly MeasuredSeries[], id: string): readonly Plot[] {
  const groups = new Map<string, MeasuredSeries[]>();
  for (const series of all) {
    const key = JSON.stringify([series.measurement, series.unit]);
    const found = groups.get(key);
    if (found === undefined) groups.set(key, [series]);
    else found.push(series);
  }
  return [...groups.values()].map((group, index) => ({
    id: `${id}-${String(index + 1)}`,
    title: group[0]?.measurement ?? '',
    unit: group[0]?.unit ?? '',
    series: group.map(({ subject, label, points }) => ({
      name: [subject, label].filter((part) => part !== '').join(', '),
      points,
    })),
  }));
}
