import type { CaseRecord } from '../domain/case-record.ts';
import type { EquipmentId } from '../domain/ids.ts';
import { sideVerdicts } from '../domain/side-verdicts.ts';
import type { Json } from '../kernel/json.ts';
import type { Hide } from './disclosures.ts';
import { asJson, withoutAbsent } from './json.ts';
import type { Attempt, ReportedCase } from './report.ts';

/**
 * Everything there is to know about a case: what the plan asks, and what each attempt recorded, word for word. With
 * `hide`, what was measured and the evidence are hidden once more, for partners who are to see the judgements only.
 */
export function caseDetail(
  one: ReportedCase,
  { hide, products }: { readonly hide: Hide | null; readonly products: readonly EquipmentId[] },
): Json {
  const { number, plan, case: planCase, attempts, last, override } = one;
  return {
    number,
    plan: { id: plan.id, version: plan.version },
    case: asJson(planCase),
    decidedBy: override === null ? last.run : override.by,
    override: override === null ? null : asJson(override),
    ...sidesOf(last, products),
    attempts: attempts.map((attempt) => renderAttempt(one, attempt, hide)),
  };
}

/** In a pairing: what the case says of each product, and the clause that shows it. */
function sidesOf({ record }: Attempt, products: readonly EquipmentId[]): Record<string, Json> {
  const sides = record === null ? [] : sideVerdicts(record, products);
  if (sides.length === 0) return {};
  return { sides: sides.map(({ because, ...side }) => ({ ...side, because: because?.id ?? null })) };
}

function renderAttempt(one: ReportedCase, attempt: Attempt, hide: Hide | null): Json {
  const { n, run, testbed, finding, record } = attempt;
  const stored = record === null ? null : renderRecord(one, attempt, hide);
  return withoutAbsent({ n, run, testbed, finding, record: stored });
}

function renderRecord({ number, plan }: ReportedCase, { n, record }: Attempt, hide: Hide | null): Json {
  if (record === null) return null;
  if (hide === null) return asJson(record);
  const measured = (what: string, value: object): Json =>
    asJson([hide(`case:${number}:${n}:${what}`, asJson(value), { kind: 'measured', plan: plan.id, number })]);
  const { measurements, evidence, outcome, ...rest } = record;
  return {
    ...(asJson(rest) as Record<string, Json>),
    outcome: asJson(withoutSeen(outcome)),
    measured: measured('measured', { measurements, evidence, seen: seenBy(outcome) }),
  };
}

/** The judgement of each clause without what was seen: that may be a measured value in words. */
function withoutSeen(outcome: CaseRecord['outcome']): CaseRecord['outcome'] {
  if (outcome.kind === 'notJudged') return outcome;
  const clauses = outcome.clauses.map(({ id, verdict, blames }) => ({
    ...{ id, verdict, evidence: [] },
    ...(blames === undefined ? {} : { blames }),
  }));
  return { ...outcome, clauses };
}

function seenBy(outcome: CaseRecord['outcome']): CaseRecord['outcome'] | null {
  return outcome.kind === 'judged' ? outcome : null;
}
