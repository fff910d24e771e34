/** What a measurement of TS 28.552 is. */
export interface MeasurementFacts {
  readonly about: string;
  readonly unit: string;
  readonly kind: 'integer' | 'real';
  /** Values outside of these are not to be believed from one cell of today's equipment. */
  readonly min: number;
  readonly max: number;
  /** What it is measured of. */
  readonly of: readonly ('cell' | 'ue' | 'slice')[];
  /** Of TS 28.552. */
  readonly clause: string;
}

const ALL = ['cell', 'ue', 'slice'] as const;
const CELL = ['cell'] as const;

/** Those that our simulators give; a product may offer others. */
export const MEASUREMENTS = {
  'DRB.UEThpDl': fact('mean downlink throughput of a UE', 'kbit/s', {
    max: 20_000_000,
    of: ALL,
    clause: '5.1.1.3.1',
  }),
  'DRB.UEThpUl': fact('mean uplink throughput of a UE', 'kbit/s', {
    max: 10_000_000,
    of: ALL,
    clause: '5.1.1.3.3',
  }),
  'DRB.PdcpSduVolumeDL': count('downlink PDCP SDU data volume', 'Mbit', {
    max: 1e9,
    of: ALL,
    clause: '5.1.2.1.1.1',
  }),
  'DRB.PdcpSduVolumeUL': count('uplink PDCP SDU data volume', 'Mbit', {
    max: 1e9,
    of: ALL,
    clause: '5.1.2.1.2.1',
  }),
  'DRB.RlcSduDelayDl': fact('mean delay of downlink RLC SDUs', '0.1 ms', {
    max: 100_000,
    of: ALL,
    clause: '5.1.3.3.3',
  }),
  'RRU.PrbTotDl': count('use of downlink PRBs', '%', { max: 100, of: ALL, clause: '5.1.1.2.1' }),
  'RRU.PrbTotUl': count('use of uplink PRBs', '%', { max: 100, of: ALL, clause: '5.1.1.2.2' }),
  'RRU.PrbUsedDl': count('downlink PRBs used for data, on average', 'PRB', {
    max: 273,
    of: ALL,
    clause: '5.1.1.2.5',
  }),
  'RRU.PrbAvailDl': count('downlink PRBs available, on average', 'PRB', {
    max: 273,
    of: CELL,
    clause: '5.1.1.2.6',
  }),
  'RRU.PrbUsedUl': count('uplink PRBs used for data, on average', 'PRB', {
    max: 273,
    of: ALL,
    clause: '5.1.1.2.7',
  }),
  'RRU.PrbAvailUl': count('uplink PRBs available, on average', 'PRB', {
    max: 273,
    of: CELL,
    clause: '5.1.1.2.8',
  }),
  'RRC.ConnMean': count('RRC connections, on average', 'UE', { max: 65_536, of: CELL, clause: '5.1.1.4.1' }),
  'RRC.ConnMax': count('RRC connections, at most', 'UE', { max: 65_536, of: CELL, clause: '5.1.1.4.2' }),
} as const satisfies Record<string, MeasurementFacts>;

export type MeasurementName = keyof typeof MEASUREMENTS;

export function isKnownMeasurement(name: string): name is MeasurementName {
  return Object.hasOwn(MEASUREMENTS, name);
}

/** The unit, or nothing for a measurement that is not in the table. */
export function unitOf(name: string): string {
  return isKnownMeasurement(name) ? MEASUREMENTS[name].unit : '';
}

type Rest = Pick<MeasurementFacts, 'max' | 'of' | 'clause'>;

function fact(about: string, unit: string, rest: Rest): MeasurementFacts {
  return { about, unit, kind: 'real', min: 0, ...rest };
}

function count(about: string, unit: string, rest: Rest): MeasurementFacts {
  return { about, unit, kind: 'integer', min: 0, ...rest };
}
