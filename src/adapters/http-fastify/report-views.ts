import type { HttpDeps } from './deps.ts';
import { type ReportReader, seesReportFile, visibleSut } from './visibility.ts';
import type { ImportView } from '../../api/report-body.ts';
import type { ReportView } from '../../api/views.ts';
import type { StoredReport } from '../../campaigns/store-ports.ts';
import type { IssueOrder, StoredImport, StoredStatus } from '../../campaigns/report-orders.ts';
import { statusFile } from '../../campaigns/report-status.ts';
import { type Digest, isoTime } from '../../domain/ids.ts';

type ReportStore = Pick<HttpDeps['store'], 'reportOrders' | 'reportStatuses'>;

/** Reports of one campaign, each with its kind and what became of it, as far as the reader may know. */
export async function viewReports(
  store: ReportStore,
  reports: readonly StoredReport[],
  reader: ReportReader,
): Promise<ReportView[]> {
  const [first] = reports;
  if (first === undefined) return [];
  const statuses = await store.reportStatuses(first.campaign);
  const suts = [...new Set(reports.map(({ sut }) => sut))];
  const orders = await Promise.all(suts.map((sut) => store.reportOrders({ campaign: first.campaign, sut })));
  return reports.map((report) => {
    const order = orders.flat().find((one) => one.op === 'issue' && one.report === report.id);
    const own = statuses.filter((status) => status.report === report.id);
    const view = viewReport(report, order?.op === 'issue' ? order : null, own);
    return { ...view, sut: visibleSut(reader, report), files: filesOf(report, own, reader) };
  });
}

export function viewImport({ id, campaign, sut, results }: StoredImport): ImportView {
  const { importedAt, cases, remarks, ...rest } = results;
  return {
    ...{ id, campaign, sut, ...rest, importedAt: isoTime(importedAt) },
    ...{ cases: cases.map((one) => ({ ...one })), remarks: [...remarks] },
  };
}

/** The files that the report was issued with, and the statements on what became of it, as far as the reader may have them. */
export function filesOf(
  report: StoredReport,
  statuses: readonly StoredStatus[],
  reader: ReportReader,
): Record<string, Digest> {
  const own = statuses.filter((status) => status.report === report.id);
  const said = own.map(({ op, file }) => [statusFile(op), file] as const);
  const sees = seesReportFile(reader, report);
  return Object.fromEntries([...Object.entries(report.files), ...said].filter(([name]) => sees(name)));
}

function viewReport(
  report: StoredReport,
  order: IssueOrder | null,
  statuses: readonly StoredStatus[],
): Omit<ReportView, 'sut' | 'files'> {
  const { id, campaign, revision: n, payloadDigest, issuedAt } = report;
  const revision = order?.revision ?? { kind: 'original' as const };
  return {
    ...{ id, campaign, revision: n, payloadDigest, issuedAt: isoTime(issuedAt) },
    kind: revision.kind,
    reason: revision.kind === 'original' ? null : revision.reason,
    standing: standingOf(statuses),
  };
}

function standingOf(statuses: readonly StoredStatus[]): ReportView['standing'] {
  const ops = new Set(statuses.map(({ op }) => op));
  if (ops.has('withdraw')) return 'withdrawn';
  if (ops.has('replace')) return 'replaced';
  return ops.has('amend') ? 'amended' : 'current';
}
