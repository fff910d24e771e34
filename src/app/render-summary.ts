import { join } from 'node:path';
import type { Summary, SummaryRun } from './export.ts';
import { FINDINGS } from '../domain/verdict.ts';

const SIGNS: Readonly<Record<string, string>> = {
  pass: '✔',
  fail: '✘',
  error: '‼',
  blocked: '■',
  inconc: '?',
  notRun: '·',
};

/** The summary for people; fits 100 columns but for paths. */
export function renderSummary(summary: Summary, out: string): string {
  const counts = FINDINGS.filter((finding) => summary.verdicts[finding] > 0).map(
    (finding) => `${summary.verdicts[finding]} ${finding}`,
  );
  return [
    ...summary.runs.flatMap(renderRun),
    '',
    `cases     ${counts.join(', ')}`,
    `store     ${summary.storeBackend}, queue on ${summary.queueBackend}, ${(summary.durationMs / 1000).toFixed(1)} s`,
    ...summary.reports.map((path, index) => `${index === 0 ? 'reports  ' : '         '} ${join(out, path)}`),
    '',
  ].join('\n');
}

function renderRun(run: SummaryRun): readonly string[] {
  const retry = run.retryOf === null ? '' : ' (second attempt)';
  return [
    `${SIGNS[run.verdict] ?? '·'} ${run.verdict.padEnd(8)} ${run.plan} on ${run.sut}${retry}`,
    ...run.failed.map((clause) => `             ${clause} failed`),
    ...run.reasons.map((text) => `             ${text.length > 86 ? `${text.slice(0, 85)}…` : text}`),
  ];
}
