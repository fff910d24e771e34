import type { Verdict } from '../domain/verdict.ts';
import type { ReportedCase } from './report.ts';

/** One sentence on why the case came out as it did. */
export function describeFinding(one: ReportedCase): string {
  const { override } = one;
  if (override === null) return describeMachineFinding(one);
  return `decided by a person: ${override.reason} (the machine found ${one.last.finding}: ${describeMachineFinding(one)})`;
}

function describeMachineFinding(one: ReportedCase): string {
  const { record } = one.last;
  if (record === null) return 'the run ended before this case began';
  const { outcome } = record;
  if (outcome.kind === 'notJudged') return `${outcome.reason.code}: ${outcome.reason.text}`;
  const clauses = failingClauses(one);
  if (clauses.length > 0)
    return clauses
      .map(({ id, saw, blames }) => `${id}: ${saw}${blames === undefined ? '' : ` (by ${blames})`}`)
      .join('; ');
  if (outcome.reason !== undefined) return `${outcome.reason.code}: ${outcome.reason.text}`;
  return outcome.verdict === 'pass' ? 'every clause that applies passed' : 'no clause decides';
}

/** Of the last attempt; 0 when nothing was recorded or a clock was set back. */
export function durationMs({ last: { record } }: ReportedCase): number {
  return record === null ? 0 : Math.max(0, Date.parse(record.endedAt) - Date.parse(record.startedAt));
}

export interface FailingClause {
  readonly id: string;
  readonly expects: string;
  readonly verdict: Verdict;
  readonly saw: string;
  /** In a pairing: whose doing it is. */
  readonly blames?: string;
}

/** The clauses of the last attempt that did not pass, with what the plan expects and what was seen. */
export function failingClauses({ case: planCase, last }: ReportedCase): readonly FailingClause[] {
  const outcome = last.record?.outcome;
  if (outcome?.kind !== 'judged') return [];
  return outcome.clauses
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'none')
    .map(({ id, verdict, saw, blames }) => ({
      id,
      verdict,
      expects: planCase.clauses.find((clause) => clause.id === id)?.expects ?? '',
      saw: saw ?? 'nothing noted',
      ...(blames === undefined ? {} : { blames }),
    }));
}
