import { factsOf, inapplicable } from '../domain/applies.ts';
import type { DecidedCase } from '../domain/assignment.ts';
import type { Equipment } from '../domain/equipment.ts';
import type { CaseId } from '../domain/ids.ts';
import type { PlanSubject, TestPlan } from '../domain/plan.ts';
import type { Json } from '../kernel/json.ts';

/** What a correct simulator claims, by its name; stands under the ICS of an equipment file that chooses it. */
export type SimulatorClaims = ReadonlyMap<string, { readonly ics: Readonly<Record<string, Json>> }>;

export type CaseChoice = { readonly case: CaseId } & (
  { readonly run: true } | { readonly run: false; readonly decided: DecidedCase }
);

/**
 * The static review: which cases of a plan are worth running on these subjects, and why the others are not.
 *
 * | What is missing | Disposition | Reason |
 * | --- | --- | --- |
 * | an interface of the plan has no end point and no simulator provides it | `blocked` | `INTERFACE_MISSING` |
 * | a claim (ICS), and the case is mandatory | `notSupportedByDut` | `ICS_NOT_CLAIMED` |
 * | a claim (ICS), and the case is conditional or optional | `notApplicable` | `ICS_NOT_CLAIMED` |
 * | something the tester must know (IXIT) | `notSupportedByTestbed` | `IXIT_MISSING` |
 * | TLS, or its absence | `notApplicable` | `ICS_NOT_CLAIMED` |
 *
 * What only a started simulator can say (its end points and IXIT) is not decided here but by the runner.
 * @param subjects in the order of the plan's subjects
 */
export function selectCases(
  plan: TestPlan,
  subjects: readonly Equipment[],
  simulators: SimulatorClaims,
): readonly CaseChoice[] {
  const missing = missingInterface(plan, subjects);
  const claimed = subjects.map((subject) => withClaims(subject, simulators));
  const facts = factsOf(claimed, [...new Set(plan.subjects.flatMap(({ interfaces }) => interfaces))]);
  const simulated = subjects.some(({ simulator }) => simulator !== undefined);
  return plan.cases.map((one): CaseChoice => {
    if (missing !== undefined) return { case: one.id, run: false, decided: missing };
    const { ixit, tls, ...claims } = one.appliesWhen ?? {};
    const condition = simulated
      ? claims
      : { ...claims, ...(ixit && { ixit }), ...(tls !== undefined && { tls }) };
    const decided = inapplicable({ ...one, appliesWhen: condition }, facts);
    return decided === null ? { case: one.id, run: true } : { case: one.id, run: false, decided };
  });
}

/** The cases that are not to be run, as an assignment carries them. */
export function decidedCases(choices: readonly CaseChoice[]): Readonly<Record<CaseId, DecidedCase>> {
  return Object.fromEntries(choices.flatMap((choice) => (choice.run ? [] : [[choice.case, choice.decided]])));
}

/** The equipment with what its simulator claims where its own file says nothing. */
export function withClaims(equipment: Equipment, simulators: SimulatorClaims): Equipment {
  const claims = equipment.simulator && simulators.get(equipment.simulator.name);
  return claims === undefined ? equipment : { ...equipment, ics: { ...claims.ics, ...equipment.ics } };
}

function missingInterface(plan: TestPlan, subjects: readonly Equipment[]): DecidedCase | undefined {
  const missing = plan.subjects.flatMap((wanted, index) => missingOf(wanted, subjects[index]));
  if (missing.length === 0) return undefined;
  return { disposition: 'blocked', reason: { code: 'INTERFACE_MISSING', text: missing.join('; ') } };
}

function missingOf({ role, interfaces }: PlanSubject, subject: Equipment | undefined): readonly string[] {
  if (subject === undefined) return [`no ${role} was given`];
  if (subject.simulator !== undefined) return [];
  return interfaces
    .filter((name) => !Object.hasOwn(subject.interfaces, name))
    .map((name) => `${subject.id} names no end point for ${name}`);
}
