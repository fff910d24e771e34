import type { MeasuredSeries } from '../../src/domain/measured-series.ts';
import type { TraceMessage } from '../../src/domain/trace-message.ts';
import type { Exhibits } from '../../src/reports/exhibits.ts';
import type { Report } from '../../src/reports/report.ts';
import { aTrace } from './a-trace.ts';
import { aDigest, aRecord, aReport, aReportedRun, failed, passed, T0 } from './reports.ts';

/** A report whose first case exchanged messages on E2. */
export function tracedReport(): Report {
  const transports = { e2: 'sctp:ts-udp' };
  const records = [aRecord('run-1', 'A1-001', passed, { transports }), aRecord('run-1', 'A1-003', failed)];
  return aReport({ runs: [aReportedRun('run-1', records)] });
}

export function tracedExhibits(
  trace: readonly TraceMessage[] = aTrace(),
  series: readonly MeasuredSeries[] = [],
): Exhibits {
  return new Map([[aDigest('a'), { trace, series }]]);
}

/** Throughput of two cells, a value a second, with a hole. */
export function someSeries(count = 30): readonly MeasuredSeries[] {
  return ['00101/00000a001', '00101/00000a002'].map((subject, cell) => ({
    ...{ measurement: 'DRB.UEThpDl', subject, label: cell === 0 ? '' : 'slice 1-00000a', unit: 'kbit/s' },
    points: Array.from({ length: count }, (_, index) => ({
      atMs: T0 + 1_000 * index,
      value: index === 7 ? null : 20_000 + 3_000 * cell + 4_000 * Math.sin(index / 4 + cell),
    })),
  }));
}
