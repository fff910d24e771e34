import type { TraceMessage } from '../../src/domain/trace-message.ts';
import type { Exhibits } from '../../src/reports/exhibits.ts';
import type { Report } from '../../src/reports/report.ts';
import { aTrace } from './a-trace.ts';
import { aDigest, aRecord, aReport, aReportedRun, failed, passed } from './reports.ts';

/** A report whose first case exchanged messages on E2. */
export function tracedReport(): Report {
  const transports = { e2: 'sctp:ts-udp' };
  const records = [aRecord('run-1', 'A1-001', passed, { transports }), aRecord('run-1', 'A1-003', failed)];
  return aReport({ runs: [aReportedRun('run-1', records)] });
}

export function tracedExhibits(trace: readonly TraceMessage[] = aTrace()): Exhibits {
  return new Map([[aDigest('a'), { trace }]]);
}
