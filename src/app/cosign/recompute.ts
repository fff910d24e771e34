import type { CaseEntry } from '../../attest/format/statement.ts';
import { isJsonList } from '../../attest/format/strict-json.ts';
import {
  type CaseRecord,
  type ClauseJudgement,
  checkOutcome,
  findingOf,
  type Outcome,
} from '../../domain/case-record.ts';
import { type Finding, FINDINGS, isDisposition, isVerdict } from '../../domain/verdict.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { STATUS } from '../../reports/report.ts';

/** A case of which the records were disclosed. */
export interface RecomputedCase {
  readonly number: string;
  readonly status: string;
  /** What the report says, which is what its records make. */
  readonly finding: Finding;
  /** What the machine found, when a person overrides it. */
  readonly machine: Finding | null;
  readonly attempts: number;
  /** Clauses of the attempt that decides. */
  readonly clauses: number;
}

/**
 * Judges a case anew from what its detail holds: clauses and rule make the verdict of each attempt, the last attempt makes
 * the finding, or the override does; and says what does not follow. The detail comes from the lab that is being checked.
 * @param overridden the machine's findings that the cover of the report names
 */
export function recomputeCase(
  [number, status, finding]: CaseEntry,
  detail: Json,
  overridden: ReadonlyMap<string, Finding>,
): Result<RecomputedCase, string> {
  const { case: planCase, attempts, override } = asObject(detail);
  if (asObject(detail)['number'] !== number) return err('the detail is of another case');
  const plan = parsePlanCase(planCase);
  if (!plan.ok) return plan;
  if (STATUS[plan.value.requirement] !== status)
    return err(`requirement ${plan.value.requirement} is not ${status}`);
  const judged = recomputeAttempts(attempts, plan.value);
  if (!judged.ok) return judged;
  const last = judged.value.at(-1);
  if (last === undefined) return err('there is no attempt');
  const person = override === null ? undefined : asFinding(asObject(override)['finding']);
  if (override !== null && person === undefined) return err('the override has no finding');
  const shown = overridden.get(number);
  if (shown !== (person === undefined ? undefined : last.finding)) {
    return err('the cover does not name the override, or names another finding of the machine');
  }
  const follows = person ?? last.finding;
  if (follows !== finding) return err(`the report says ${finding}, the records make ${follows}`);
  const machine = person === undefined ? null : last.finding;
  return ok({ number, status, finding, machine, attempts: judged.value.length, clauses: last.clauses });
}

interface PlanCaseParts {
  readonly id: string;
  readonly requirement: keyof typeof STATUS;
  readonly clauses: readonly { readonly id: string }[];
  readonly rule: string;
}

function parsePlanCase(value: Json | undefined): Result<PlanCaseParts, string> {
  const { id, requirement, clauses, rule } = asObject(value);
  const known = (['M', 'CM', 'O'] as const).find((one) => one === requirement);
  if (typeof id !== 'string' || known === undefined || typeof rule !== 'string' || !isJsonList(clauses))
    return err('the case of the plan is not complete');
  const ids = clauses.flatMap((clause) => {
    const name = asObject(clause)['id'];
    return typeof name === 'string' ? [{ id: name }] : [];
  });
  if (ids.length !== clauses.length) return err('a clause of the plan has no id');
  return ok({ id, requirement: known, clauses: ids, rule });
}

interface Recomputed {
  readonly finding: Finding;
  readonly clauses: number;
}

function recomputeAttempts(
  value: Json | undefined,
  plan: PlanCaseParts,
): Result<readonly Recomputed[], string> {
  if (!isJsonList(value)) return err('there are no attempts');
  const done: Recomputed[] = [];
  for (const [index, attempt] of value.entries()) {
    const { n, finding, record } = asObject(attempt);
    if (n !== index + 1) return err(`attempt ${index + 1} is out of order`);
    const judged =
      record === null ? ok({ finding: 'notRun' as const, clauses: 0 }) : recomputeRecord(record, plan);
    if (!judged.ok) return err(`attempt ${n}: ${judged.error}`);
    if (judged.value.finding !== finding)
      return err(`attempt ${n}: its record makes ${judged.value.finding}, which is not what it says`);
    done.push(judged.value);
  }
  return ok(done);
}

function recomputeRecord(value: Json | undefined, plan: PlanCaseParts): Result<Recomputed, string> {
  const record = asObject(value);
  if (record['case'] !== plan.id) return err('the record is of another case');
  const outcome = parseOutcome(record['outcome']);
  if (!outcome.ok) return outcome;
  const checked = checkOutcome(outcome.value, plan);
  if (!checked.ok) return checked;
  const clauses = outcome.value.kind === 'judged' ? outcome.value.clauses.length : 0;
  return ok({
    finding: findingOf({ outcome: outcome.value } satisfies Pick<CaseRecord, 'outcome'>),
    clauses,
  });
}

/** As much of a stored outcome as its verdict follows from. */
function parseOutcome(value: Json | undefined): Result<Outcome, string> {
  const { kind, verdict, disposition, clauses, reason } = asObject(value);
  if (kind === 'notJudged' && isDisposition(disposition)) {
    return ok({ kind, disposition, reason: { code: 'NOT_REACHED', text: '' } });
  }
  if (kind !== 'judged' || !isVerdict(verdict) || !isJsonList(clauses))
    return err('the outcome cannot be read');
  const judgements = clauses.flatMap((clause): ClauseJudgement[] => {
    const { id, verdict: own } = asObject(clause);
    return typeof id === 'string' && isVerdict(own) ? [{ id, verdict: own, evidence: [] }] : [];
  });
  if (judgements.length !== clauses.length) return err('a clause cannot be read');
  const why = isJsonObject(reason) ? { reason: { code: 'CASE_OUTCOME_UNDECIDED', text: '' } as const } : {};
  return ok({ kind, verdict, clauses: judgements, remarks: [], ...why });
}

function asObject(value: Json | undefined): Readonly<Record<string, Json | undefined>> {
  return isJsonObject(value) ? value : {};
}

function asFinding(value: Json | undefined): Finding | undefined {
  return FINDINGS.find((finding) => finding === value);
}
