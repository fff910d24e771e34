import { FINDINGS, type Finding } from '../../domain/verdict.ts';

export const CASE_STATUSES = ['mandatory', 'conditionally.mandatory', 'optional'] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

export const RESULTS = ['PASS', 'FAIL', 'INCONCLUSIVE'] as const;
export type ReportResult = (typeof RESULTS)[number];

export type Counts = Readonly<Record<Finding, number>>;

/** What the outcome of a report is decided from. */
export interface DecidedCase {
  readonly status: CaseStatus;
  readonly finding: Finding;
}

/** Printed in every report, word for word what {@link decideResult} does. */
export const DECISION_RULE = [
  'FAIL if any case, optional ones included, has verdict fail.',
  'Otherwise PASS if at least one mandatory or conditionally mandatory case has verdict pass, every mandatory case has',
  'verdict pass, and every conditionally mandatory case has verdict pass or does not apply.',
  'Otherwise INCONCLUSIVE: error, inconc, none, blocked, notRun and notSupported never count as pass.',
  'The last attempt at a case decides; measured values are compared with their limits as they are, without a guard band.',
].join(' ');

export function countFindings(findings: Iterable<Finding>): Counts {
  const counts = Object.fromEntries(FINDINGS.map((finding) => [finding, 0])) as Record<Finding, number>;
  for (const finding of findings) counts[finding] += 1;
  return counts;
}

/** @see DECISION_RULE */
export function decideResult(cases: Iterable<DecidedCase>): ReportResult {
  let passed = false;
  let satisfied = true;
  for (const one of cases) {
    if (one.finding === 'fail') return 'FAIL';
    if (one.status === 'optional') continue;
    passed ||= one.finding === 'pass';
    satisfied &&= isSatisfied(one);
  }
  return passed && satisfied ? 'PASS' : 'INCONCLUSIVE';
}

function isSatisfied({ status, finding }: DecidedCase): boolean {
  return finding === 'pass' || (status === 'conditionally.mandatory' && finding === 'notApplicable');
}
