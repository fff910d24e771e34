import { conditionHolds, factsOf } from '../../src/domain/applies.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { PlanCase, PlanClause } from '../../src/domain/plan.ts';
import type { Observation } from '../../src/evidence/observation.ts';
import { parseObservations } from '../../src/evidence/observations.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Bench, Judged, JudgedClause, Procedure } from '../procedures/procedure.ts';

/** Kind of the observation that a stimulus reached the SUT; judges do not see it, the executor does. */
export const STIMULATED = 'stimulated';

export interface ToJudge {
  readonly planCase: PlanCase;
  readonly procedure: Procedure;
  /** As in the stored configuration: redacted, simulators with their end points. */
  readonly subjects: readonly Equipment[];
  /** The interfaces under test, for the TLS condition. */
  readonly interfaces: readonly string[];
}

/**
 * Judges a case from its stored observations and from nothing else: today and in ten years with the same result.
 * The clauses are those of the plan, in its order. One that does not apply is `none`; without proof that a stimulus
 * reached the SUT a `fail` is only `inconc`.
 * Throws `EVIDENCE_CORRUPT` when the bytes are no observations, `PLAN_INVALID` when the procedure does not judge a
 * clause of the plan.
 */
export function rejudge(about: ToJudge, observationsNdjson: Uint8Array): Judged {
  const parsed = parseObservations(observationsNdjson);
  if (!parsed.ok) throw new HarnessError('EVIDENCE_CORRUPT', parsed.error);
  const { planCase, procedure, subjects } = about;
  const stimulated = parsed.value.some(({ kind }) => kind === STIMULATED);
  const judged = procedure.judge({
    case: planCase,
    subjects,
    observations: parsed.value.filter(({ kind }) => kind !== STIMULATED),
    ...parametersOf(planCase),
  });
  const clauses = planCase.clauses.map((clause) => {
    const found = only(judged.clauses, clause.id, procedure.id);
    return notApplicable(clause, about) ?? withoutStimulus(found, stimulated);
  });
  return { ...judged, clauses };
}

/** `sha256:…#t=1.204`, once for every observation that shows something. */
export function evidenceRefs(
  { shownBy }: JudgedClause,
  observations: readonly Observation[],
  digest: string,
): readonly string[] {
  const times = shownBy.flatMap((n) => observations[n]?.t ?? []);
  return [...new Set(times)].map((t) => `${digest}#t=${t.toFixed(3)}`);
}

/** Reads the parameters of a case; throws `PLAN_INVALID` when one is absent or of another type. */
export function parametersOf(planCase: PlanCase): Pick<Bench, 'number' | 'text' | 'flag'> {
  const read = <T>(name: string, isWanted: (value: unknown) => value is T): T => {
    const value = Object.hasOwn(planCase.parameters, name) ? planCase.parameters[name]?.value : undefined;
    if (isWanted(value)) return value;
    const what = value === undefined ? 'is missing' : `is a ${typeof value}`;
    throw new HarnessError('PLAN_INVALID', `parameter ${name} of ${planCase.id} ${what}`);
  };
  return {
    number: (name) => read(name, (value) => typeof value === 'number'),
    text: (name) => read(name, (value) => typeof value === 'string'),
    flag: (name) => read(name, (value) => typeof value === 'boolean'),
  };
}

function only(clauses: readonly JudgedClause[], id: string, procedure: string): JudgedClause {
  const [found, again] = clauses.filter((clause) => clause.id === id);
  if (found === undefined)
    throw new HarnessError('PLAN_INVALID', `procedure ${procedure} does not judge clause ${id}`);
  if (again !== undefined)
    throw new HarnessError('RECORD_INCONSISTENT', `procedure ${procedure} judged clause ${id} twice`);
  return found;
}

function notApplicable(
  { id, appliesWhen }: PlanClause,
  { subjects, interfaces }: ToJudge,
): JudgedClause | null {
  const finding = conditionHolds(appliesWhen, factsOf(subjects, interfaces));
  return finding.holds ? null : { id, verdict: 'none', saw: `does not apply: ${finding.text}`, shownBy: [] };
}

function withoutStimulus(clause: JudgedClause, stimulated: boolean): JudgedClause {
  if (stimulated || clause.verdict !== 'fail') return clause;
  const saw = `not proven that a stimulus reached the SUT${clause.saw === undefined ? '' : `; ${clause.saw}`}`;
  return { ...clause, verdict: 'inconc', saw };
}
