import type { MeasuredPoint, MeasuredSeries } from '../domain/measured-series.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import type { Observation } from './observation.ts';

/** The kind of an observation that holds values of measurements, as they came in or all at the end. */
export const SERIES = 'series';

/** The data of such an observation. Points are pairs, so that many of them fit. */
export function seriesData(series: readonly MeasuredSeries[]): JsonObject {
  return {
    series: series.map(({ points, ...about }) => ({
      ...about,
      points: points.map(({ atMs, value }) => [atMs, value]),
    })),
  };
}

/** The measurements among what a case observed; values of the same thing from several observations are one series. */
export function seriesOf(observations: readonly Observation[]): readonly MeasuredSeries[] {
  const found = new Map<string, Omit<MeasuredSeries, 'points'> & { points: MeasuredPoint[] }>();
  for (const { kind, data } of observations) {
    const list = kind === SERIES && isJsonObject(data) ? data['series'] : undefined;
    for (const one of Array.isArray(list) ? list : []) {
      const read = readSeries(one as Json);
      if (read === undefined) continue;
      const { points, ...about } = read;
      const key = JSON.stringify([about.measurement, about.subject, about.label, about.unit]);
      const known = found.get(key) ?? { ...about, points: [] };
      known.points.push(...points);
      found.set(key, known);
    }
  }
  return [...found.values()].map((one) => ({ ...one, points: one.points.sort((a, b) => a.atMs - b.atMs) }));
}

function readSeries(data: Json): MeasuredSeries | undefined {
  if (!isJsonObject(data)) return undefined;
  const { measurement, subject, label = '', unit = '', points } = data;
  if (typeof measurement !== 'string' || typeof subject !== 'string' || !Array.isArray(points))
    return undefined;
  if (typeof label !== 'string' || typeof unit !== 'string') return undefined;
  return { measurement, subject, label, unit, points: points.flatMap((point) => readPoint(point as Json)) };
}

function readPoint(data: Json): readonly MeasuredPoint[] {
  if (!Array.isArray(data)) return [];
  const [atMs, value] = data as readonly Json[];
  if (typeof atMs !== 'number' || (typeof value !== 'number' && value !== null)) return [];
  return [{ atMs, value }];
}
