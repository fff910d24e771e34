import type { CaseRecord } from '../domain/case-record.ts';
import type { RunLife } from '../domain/run.ts';
import { CODES } from '../kernel/codes.ts';
import { reason, type Reason } from '../kernel/errors.ts';

/**
 * Why a run deserves a second attempt, or `null`. Faults of harness or testbed do, once; a product's never do,
 * and neither does a run that a person stopped.
 */
export function retryReason(
  life: Extract<RunLife, { state: 'final' }>,
  records: readonly CaseRecord[],
): Reason | null {
  if (life.end === 'cancelled' || life.end === 'neverStarted') return null;
  if (life.reason !== null && ['ABORTED', 'CANCELLED'].includes(life.reason.code)) return null;
  if (life.reason !== null && CODES[life.reason.code].retry !== 'never') return life.reason;
  for (const { outcome, cause, case: id } of records) {
    const ours = cause.kind === 'harness' || cause.kind === 'testbed';
    if (outcome.kind === 'judged') {
      if (outcome.verdict !== 'error' || !ours) continue;
      return reason(
        outcome.reason?.code ?? 'UNEXPECTED',
        `case ${id}: ${outcome.reason?.text ?? 'it broke'}`,
      );
    }
    if (CODES[outcome.reason.code].retry === 'new-run') {
      return reason(outcome.reason.code, `case ${id}: ${outcome.reason.text}`);
    }
  }
  return null;
}
