import { suggestion } from '../documents/nearest.ts';
import type { Mistake, Path } from '../documents/problem.ts';
import type { Outcome } from '../domain/case-record.ts';
import type { CaseId } from '../domain/ids.ts';
import type { PlanCase, TestPlan } from '../domain/plan.ts';
import { applyRule, parseRule } from '../domain/rule.ts';
import { type Finding, isDisposition, isVerdict, type Verdict } from '../domain/verdict.ts';
import type { ExpectedFile } from './expected-file.ts';

/** The defect modes of each simulator, by its name. */
export type DefectCatalogue = ReadonlyMap<string, { readonly defects: Readonly<Record<string, string>> }>;

/** What a plan says against our own simulators; see `testplans/README.md`. */
export interface ExpectedVerdicts {
  readonly plan: string;
  /** The simulators that stand for the subjects, in the order of the plan. */
  readonly subjects: readonly string[];
  readonly correct: Readonly<Record<string, Expectation>>;
  /** By defect mode: `name`, or `simulator/name`. */
  readonly defects: Readonly<Record<string, Readonly<Record<string, Expectation>>>>;
}

export interface Expectation {
  readonly verdict: Finding;
  /** Clauses that are not named pass, or are `none`. */
  readonly clauses?: Readonly<Record<string, Verdict>>;
}

export function expectedOf(file: ExpectedFile): ExpectedVerdicts {
  const { plan, correct, defects, subject, subjects = subject === undefined ? [] : [subject] } = file;
  return { plan, subjects, correct, defects };
}

/** What is expected of every case of the plan, with this defect mode or (without) of the correct simulators. */
export function expectationsFor(
  expected: ExpectedVerdicts,
  plan: TestPlan,
  defect?: string,
): ReadonlyMap<CaseId, Expectation> {
  const changed = defect === undefined ? {} : (own(expected.defects, defect) ?? {});
  return new Map(
    plan.cases.map(({ id }) => [id, own(changed, id) ?? own(expected.correct, id) ?? { verdict: 'pass' }]),
  );
}

/** How an outcome differs from what was expected, in words; undefined when it does not. */
export function differenceFrom(expectation: Expectation, outcome: Outcome): string | undefined {
  const finding = outcome.kind === 'judged' ? outcome.verdict : outcome.disposition;
  if (finding !== expectation.verdict) return `${finding} instead of ${expectation.verdict}`;
  if (outcome.kind === 'notJudged') return undefined;
  for (const { id, verdict } of outcome.clauses) {
    const wanted = own(expectation.clauses ?? {}, id);
    const fits = wanted === undefined ? verdict === 'pass' || verdict === 'none' : verdict === wanted;
    if (!fits) return `clause ${id} ${verdict} instead of ${wanted ?? 'pass'}`;
  }
  const judged = new Set(outcome.clauses.map(({ id }) => id));
  const missing = Object.keys(expectation.clauses ?? {}).find((id) => !judged.has(id));
  return missing === undefined ? undefined : `clause ${missing} was not judged`;
}

/** Whether the cases, clauses and defect modes exist, and each verdict follows from the clauses named. */
export function checkExpected(
  file: ExpectedFile,
  plan: TestPlan,
  simulators: DefectCatalogue,
): readonly Mistake[] {
  const expected = expectedOf(file);
  return [
    ...(file.plan === plan.id
      ? []
      : [{ at: ['plan'], what: `must be "${plan.id}", like the plan beside it` }]),
    ...checkSubjects(expected, plan, simulators),
    ...checkCases(expected.correct, plan, ['correct']),
    ...Object.entries(expected.defects).flatMap(([defect, cases]) => [
      ...checkDefect(defect, expected.subjects, simulators),
      ...checkCases(cases, plan, ['defects', defect]),
    ]),
  ];
}

function checkSubjects(
  { subjects }: ExpectedVerdicts,
  plan: TestPlan,
  simulators: DefectCatalogue,
): readonly Mistake[] {
  const unknown = subjects
    .filter((name) => !simulators.has(name))
    .map((name) => `no simulator is called "${name}"${suggestion(name, [...simulators.keys()])}`);
  const count =
    subjects.length === plan.subjects.length
      ? []
      : [`the plan has ${plan.subjects.length} subject(s), here are ${subjects.length}`];
  return [...unknown, ...count].map((what) => ({ at: [subjects.length > 1 ? 'subjects' : 'subject'], what }));
}

function checkDefect(
  defect: string,
  subjects: readonly string[],
  simulators: DefectCatalogue,
): readonly Mistake[] {
  const [, owner, name = defect] = /^([^/]+)\/(.+)$/u.exec(defect) ?? [];
  const fault = (what: string): readonly Mistake[] => [{ at: ['defects', defect], what, onName: true }];
  if (owner !== undefined && !subjects.includes(owner))
    return fault(`"${owner}" is no subject here; they are ${subjects.join(', ')}`);
  const candidates = owner === undefined ? subjects : [owner];
  const tables = candidates.map((simulator) => Object.keys(simulators.get(simulator)?.defects ?? {}));
  const holders = tables.filter((names) => names.includes(name)).length;
  if (holders === 0) return fault(`no defect mode is called "${name}"${suggestion(name, tables.flat())}`);
  return holders === 1
    ? []
    : fault('several subjects have a defect mode of that name: write simulator/defect');
}

function checkCases(
  cases: Readonly<Record<string, Expectation>>,
  plan: TestPlan,
  at: Path,
): readonly Mistake[] {
  const byId = new Map<string, PlanCase>(plan.cases.map((one) => [one.id, one]));
  return Object.entries(cases).flatMap(([id, expectation]) => {
    const here = [...at, id];
    const one = byId.get(id);
    if (one !== undefined) return checkExpectation(expectation, one, here);
    return [
      { at: here, what: `the plan has no case "${id}"${suggestion(id, [...byId.keys()])}`, onName: true },
    ];
  });
}

function checkExpectation(
  { verdict, clauses = {} }: Expectation,
  one: PlanCase,
  at: Path,
): readonly Mistake[] {
  const ids = one.clauses.map(({ id }) => id);
  const foreign = Object.keys(clauses).filter((id) => !ids.includes(id));
  if (foreign.length > 0)
    return foreign.map((id) => ({
      at: [...at, 'clauses', id],
      what: `case ${one.id} has no clause "${id}"${suggestion(id, ids)}`,
      onName: true,
    }));
  if (isDisposition(verdict))
    return Object.keys(clauses).length === 0
      ? []
      : [{ at: [...at, 'clauses'], what: `a case that is ${verdict} has no clauses`, onName: true }];
  return checkFollows({ verdict, clauses }, one, at);
}

/** `error` and `inconc` may also come from what happened around the clauses. */
function checkFollows({ verdict, clauses = {} }: Expectation, one: PlanCase, at: Path): readonly Mistake[] {
  const ids = one.clauses.map(({ id }) => id);
  const rule = parseRule(one.rule, new Set(ids));
  if (!rule.ok || !isVerdict(verdict) || verdict === 'error' || verdict === 'inconc') return [];
  const follows = applyRule(rule.value, new Map(ids.map((id) => [id, own(clauses, id) ?? 'pass'])));
  return follows === verdict
    ? []
    : [{ at: [...at, 'verdict'], what: `the clauses named make ${follows}, not ${verdict}` }];
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
