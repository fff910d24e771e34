import {
  type Cause,
  checkOutcome,
  type ClauseJudgement,
  type DispositionReason,
  type Outcome,
} from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import { applyRule, parseRule } from '../../src/domain/rule.ts';
import type { Disposition, Verdict } from '../../src/domain/verdict.ts';
import { CODES, type Fault } from '../../src/kernel/codes.ts';
import { HarnessError, type Reason, reason } from '../../src/kernel/errors.ts';

/** How driving a case ended. */
export type Ending =
  | { readonly kind: 'finished' }
  | { readonly kind: 'blocked'; readonly disposition: Disposition; readonly reason: DispositionReason }
  /** A time limit of the case passed: its deadline, or silence. */
  | { readonly kind: 'limit'; readonly reason: Reason }
  /** Something of ours broke. */
  | { readonly kind: 'broke'; readonly reason: Reason }
  | { readonly kind: 'aborted'; readonly reason: Reason };

/** What the judge says, its observations already turned into references to the evidence. */
export interface Judgement {
  readonly clauses: readonly ClauseJudgement[];
  readonly remarks: readonly string[];
}

export interface ToSettle {
  readonly planCase: PlanCase;
  readonly ending: Ending;
  /** Whether the first stimulus had reached the SUT: what breaks of ours before it blocks, after it is an `error`. */
  readonly stimulated: boolean;
  /** Throws when judging itself breaks. Only called when the ending leaves something to judge. */
  readonly judge: () => Judgement;
  readonly remarks: readonly string[];
}

/** The outcome of a case that was driven: design.md §4. */
export function settle({ planCase, ending, stimulated, judge, remarks }: ToSettle): Outcome {
  if (ending.kind === 'blocked') return notJudged(ending.disposition, ending.reason);
  if (ending.kind === 'aborted') return broken(planCase, ending.reason, remarks);
  if (ending.kind === 'broke' || (ending.kind === 'limit' && !stimulated))
    return stimulated ? broken(planCase, ending.reason, remarks) : notJudged('blocked', ending.reason);
  try {
    const judgement = judge();
    const notes = [...remarks, ...judgement.remarks];
    const outcome = decide(
      planCase,
      { ...judgement, remarks: notes },
      ending.kind === 'limit' ? ending.reason : null,
    );
    const checked = checkOutcome(outcome, planCase);
    return checked.ok ? outcome : broken(planCase, reason('RECORD_INCONSISTENT', checked.error), remarks);
  } catch (error) {
    return broken(planCase, reasonOf(error), remarks);
  }
}

export function notJudged(disposition: Disposition, why: DispositionReason): Outcome {
  return { kind: 'notJudged', disposition, reason: why };
}

/** Something of ours broke after the first stimulus: no clause says anything about the product. */
export function broken(planCase: PlanCase, why: DispositionReason, remarks: readonly string[]): Outcome {
  const clauses = planCase.clauses.map(({ id }): ClauseJudgement => {
    return { id, verdict: 'none', saw: `not judged: ${why.code}`, evidence: [] };
  });
  return { kind: 'judged', verdict: 'error', clauses, remarks, reason: why };
}

export function causeOf(
  outcome: Outcome,
  subjects: readonly Equipment[],
  attributedTo: number | undefined,
): Cause {
  const verdict = outcome.kind === 'judged' ? outcome.verdict : null;
  if (verdict === 'fail') {
    // Of several products, one is blamed only when the clauses show which.
    if (attributedTo === undefined && subjects.length > 1) return { kind: 'undetermined' };
    const product = subjects[attributedTo ?? 0];
    return product === undefined ? { kind: 'product' } : { kind: 'product', attributedTo: product.id };
  }
  if (outcome.reason === undefined || (verdict !== null && verdict !== 'error'))
    return { kind: 'undetermined' };
  return { kind: CAUSE_OF_FAULT[CODES[outcome.reason.code].fault] };
}

export function reasonOf(error: unknown): Reason {
  const { code, message } = HarnessError.from(error);
  return reason(code, message);
}

/** Only what is proven blames a product, so the fault of a code never does. */
const CAUSE_OF_FAULT: Readonly<Record<Fault, Cause['kind']>> = {
  harness: 'harness',
  plan: 'harness',
  testbed: 'testbed',
  product: 'undetermined',
  request: 'undetermined',
};

function decide(planCase: PlanCase, { clauses, remarks }: Judgement, limit: Reason | null): Outcome {
  const rule = parseRule(planCase.rule, new Set(planCase.clauses.map(({ id }) => id)));
  if (!rule.ok) throw new HarnessError('PLAN_INVALID', rule.error);
  const follows = applyRule(rule.value, new Map(clauses.map(({ id, verdict }) => [id, verdict])));
  const proven = follows === 'fail' || follows === 'error';
  const verdict: Verdict = limit === null || proven ? follows : 'inconc';
  const why = limit !== null && !proven ? limit : ownReason(follows, clauses);
  return { kind: 'judged', verdict, clauses, remarks, ...(why === null ? {} : { reason: why }) };
}

/** Why the clauses themselves say `inconc` or `error`. */
function ownReason(verdict: Verdict, clauses: readonly ClauseJudgement[]): Reason | null {
  if (verdict !== 'inconc' && verdict !== 'error') return null;
  const shows = clauses.find((clause) => clause.verdict === verdict);
  const text = shows === undefined ? 'no clause says why' : `${shows.id}: ${shows.saw ?? 'nothing seen'}`;
  return reason(verdict === 'inconc' ? 'CASE_OUTCOME_UNDECIDED' : 'UNEXPECTED', text);
}
