import type { MeasurementName } from '../../interfaces/e2sm/kpm/measurements.ts';
import type { KpmValue } from '../../interfaces/e2sm/kpm/types.ts';
import { findCell } from './model.ts';
import type { Observation, Share } from './observe.ts';
import type { RanModel } from './types.ts';

/** What a value is of: all that is named must match; without a cell, all cells together. */
export interface Subject {
  /** As `cellText` writes it. */
  readonly cell?: string;
  /** As `sliceText` writes it. */
  readonly slice?: string;
  readonly fiveQi?: number;
  readonly ues?: readonly number[];
}

/** The value of a measurement, from what was observed: those of one observation agree with each other. */
export function measured(
  model: RanModel,
  observation: Observation,
  { name, of }: { readonly name: MeasurementName; readonly of: Subject },
): KpmValue {
  const shares = observation.shares.filter((share) => matches(share, of));
  const sum = (key: 'connectedMs' | 'dlBits' | 'ulBits' | 'dlPrbMs' | 'ulPrbMs') =>
    shares.reduce((total, share) => total + share[key], 0);
  const { durationMs } = observation;
  const connectedMs = sum('connectedMs');
  if (durationMs <= 0 || (of.ues !== undefined && connectedMs === 0)) return { noValue: null };
  const prbs = prbsOf(model, of);
  switch (name) {
    case 'DRB.UEThpDl':
      return real(connectedMs === 0 ? 0 : sum('dlBits') / connectedMs);
    case 'DRB.UEThpUl':
      return real(connectedMs === 0 ? 0 : sum('ulBits') / connectedMs);
    case 'DRB.PdcpSduVolumeDL':
      return whole(sum('dlBits') / 1e6);
    case 'DRB.PdcpSduVolumeUL':
      return whole(sum('ulBits') / 1e6);
    case 'DRB.RlcSduDelayDl':
      return real(delay(sum('dlPrbMs') / durationMs / prbs));
    case 'RRU.PrbTotDl':
      return whole((100 * sum('dlPrbMs')) / durationMs / prbs);
    case 'RRU.PrbTotUl':
      return whole((100 * sum('ulPrbMs')) / durationMs / prbs);
    case 'RRU.PrbUsedDl':
      return whole(sum('dlPrbMs') / durationMs);
    case 'RRU.PrbUsedUl':
      return whole(sum('ulPrbMs') / durationMs);
    case 'RRU.PrbAvailDl':
    case 'RRU.PrbAvailUl':
      return whole(prbs);
    case 'RRC.ConnMean':
      return whole(connectedMs / durationMs);
    case 'RRC.ConnMax':
      return whole(maxConnections(observation, of));
  }
}

function matches(share: Share, { cell, slice, fiveQi, ues }: Subject): boolean {
  return (
    (cell === undefined || share.cell === cell) &&
    (slice === undefined || share.slice === slice) &&
    (fiveQi === undefined || share.fiveQi === fiveQi) &&
    (ues === undefined || ues.includes(share.ue))
  );
}

function prbsOf(model: RanModel, { cell }: Subject): number {
  if (cell !== undefined) return findCell(model, cell)?.prbs ?? 1;
  return model.config.cells.reduce((sum, { prbs }) => sum + prbs, 0);
}

function maxConnections({ maxConnections: all }: Observation, { cell }: Subject): number {
  if (cell !== undefined) return all.get(cell) ?? 0;
  return [...all.values()].reduce((sum, count) => sum + count, 0);
}

/** In tenths of a millisecond: 4 ms in an empty cell, and the fuller the longer. */
function delay(load: number): number {
  return 40 / (1 - Math.min(load, 0.98));
}

function real(value: number): KpmValue {
  return { real: Math.round(value * 1_000) / 1_000 };
}

function whole(value: number): KpmValue {
  return { integer: Math.round(value) };
}
