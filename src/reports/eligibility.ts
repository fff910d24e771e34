import type { ReadPredicate, ReadStatement } from '../attest/format/case-list.ts';
import type { CaseEntry } from '../attest/format/statement.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import { AWARD_RULES, type AwardRule, WITHOUT_AWARD } from './eligibility-rules.ts';

/** A verified report, and what of it was opened: `section:name` and `case:number` with their values. */
export interface OpenedReport {
  readonly statement: ReadStatement;
  readonly disclosed: Readonly<Record<string, Json>>;
}

export const CONDITION_STATES = ['met', 'notMet', 'undecided'] as const;
export type ConditionState = (typeof CONDITION_STATES)[number];

export interface Condition {
  readonly id: 'roles' | 'specification' | 'edition' | 'cases' | 'procedures' | 'equipment' | 'outside';
  readonly state: ConditionState;
  readonly text: string;
  /** Numbers of the cases that it is about. */
  readonly cases: readonly string[];
}

export interface Eligibility {
  readonly rule: string;
  readonly title: string;
  readonly state: 'eligible' | 'not eligible' | 'undecided';
  readonly conditions: readonly Condition[];
}

export interface EligibilityResult {
  /** One for each award that is about an interface, or a specification, of this report. */
  readonly awards: readonly Eligibility[];
  /** Interfaces of this report for which there is no award. */
  readonly withoutAward: readonly string[];
}

/** Which awards a report would do for, and why not. What was not opened is undecided, never met. */
export function computeEligibility(report: OpenedReport): EligibilityResult {
  const { interfaces } = report.statement.predicate.test;
  return {
    awards: AWARD_RULES.filter((rule) => isAbout(rule, report.statement)).map((rule) => judge(rule, report)),
    withoutAward: interfaces.filter((name) => WITHOUT_AWARD.some((one) => name.endsWith(`.${one}`))),
  };
}

function isAbout({ interfaces, specifications, kind }: AwardRule, { predicate }: ReadStatement): boolean {
  const { test } = predicate;
  const isOfType = { certificate: 'conformance', 'iot-badge': 'interoperability', 'e2e-badge': 'end-to-end' };
  if (interfaces.length > 0)
    return test.type === isOfType[kind] && interfaces.some((name) => test.interfaces.includes(name));
  return test.type === isOfType[kind] || editionsOf(specifications, predicate).size > 0;
}

function judge(rule: AwardRule, report: OpenedReport): Eligibility {
  const conditions = [
    roles(rule, report),
    specification(rule, report),
    edition(rule, report),
    cases(rule, report),
    procedures(report),
    equipment(rule, report),
    ...(rule.alsoAsks === undefined
      ? []
      : [condition('outside', 'undecided', `it also asks: ${rule.alsoAsks}`)]),
  ];
  const states = new Set(conditions.map(({ state }) => state));
  const state = states.has('notMet') ? 'not eligible' : states.has('undecided') ? 'undecided' : 'eligible';
  return { rule: rule.id, title: rule.title, state, conditions };
}

function roles({ roles: wanted, kind }: AwardRule, report: OpenedReport): Condition {
  const items = itemsOf(report);
  if (items === null) return condition('roles', 'undecided', 'which products were tested was not disclosed');
  const found = items.flatMap(({ role }) => (typeof role === 'string' ? [role] : [])).sort();
  const fits =
    kind === 'e2e-badge'
      ? found.length > 0 && found.every((role) => wanted.includes(role))
      : found.join() === [...wanted].sort().join();
  const text = `it is about ${wanted.join(' and ')}; tested: ${found.join(' and ')}`;
  return condition('roles', fits ? 'met' : 'notMet', text);
}

function specification({ specifications }: AwardRule, { statement }: OpenedReport): Condition {
  const found = editionsOf(specifications, statement.predicate);
  const missing = specifications.filter((name) => !found.has(name));
  return missing.length === 0
    ? condition('specification', 'met', `tested against ${specifications.join(' and ')}`)
    : condition('specification', 'notMet', `not tested against ${missing.join(' and ')}`);
}

/** One award is for one version of each specification. */
function edition({ specifications }: AwardRule, { statement }: OpenedReport): Condition {
  const found = [...editionsOf(specifications, statement.predicate)];
  const mixed = found.filter(([, versions]) => versions.size > 1);
  const all = found.map(([name, versions]) => `${name} ${[...versions].sort().join(', ')}`).join('; ');
  if (mixed.length > 0) return condition('edition', 'notMet', `several editions are mixed: ${all}`);
  return condition('edition', found.length > 0 ? 'met' : 'notMet', all === '' ? 'no edition' : all);
}

function cases({ decides }: AwardRule, { statement }: OpenedReport): Condition {
  const deciding = [...statement.predicate.cases].filter((one) => isDeciding(one, decides));
  const bad = deciding.filter(([, , finding]) => finding !== 'pass').map(([number]) => number);
  if (deciding.length === 0) return condition('cases', 'notMet', 'no case decides');
  if (bad.length === 0) return condition('cases', 'met', `all ${deciding.length} cases that decide passed`);
  const text = `${bad.length} of ${deciding.length} cases that decide did not pass: ${describe(deciding)}`;
  return { ...condition('cases', 'notMet', text), cases: bad };
}

function isDeciding([, status, finding]: CaseEntry, decides: AwardRule['decides']): boolean {
  if (finding === 'notApplicable') return status === 'mandatory';
  return decides === 'applicable' || status !== 'optional';
}

function describe(deciding: readonly CaseEntry[]): string {
  const counts = new Map<string, number>();
  for (const [, , finding] of deciding)
    if (finding !== 'pass') counts.set(finding, (counts.get(finding) ?? 0) + 1);
  return [...counts].map(([finding, count]) => `${count} ${finding}`).join(', ');
}

/** A case by another procedure than the standard one shows something else. */
function procedures(report: OpenedReport): Condition {
  return perCase(report, {
    id: 'procedures',
    good: 'every case was run by the standard procedure',
    bad: 'cases were run by adapted procedures',
    isBad: (detail) => isJsonObject(detail['case']) && detail['case']['level'] !== 'S1',
  });
}

/** The products must be products, and for a pair or a system whatever else takes part as well. */
function equipment({ kind }: AwardRule, report: OpenedReport): Condition {
  const items = itemsOf(report);
  const simulated = (items ?? []).some((item) => item['simulator'] !== undefined);
  if (simulated) return condition('equipment', 'notMet', 'what was tested is a simulator');
  if (items === null)
    return condition('equipment', 'undecided', 'which products were tested was not disclosed');
  if (kind === 'certificate') return condition('equipment', 'met', 'what was tested is equipment');
  return perCase(report, {
    id: 'equipment',
    good: 'every role was filled by equipment',
    bad: 'simulators stood in for equipment',
    isBad: (detail) => peersOf(detail).some((peer) => isJsonObject(peer) && peer['filledBy'] === 'simulator'),
  });
}

interface CaseCheck {
  readonly id: Condition['id'];
  readonly good: string;
  readonly bad: string;
  readonly isBad: (detail: JsonObject) => boolean;
}

function perCase({ statement, disclosed }: OpenedReport, { id, good, bad, isBad }: CaseCheck): Condition {
  const judged = [...statement.predicate.cases].filter(([, , finding]) => finding !== 'notApplicable');
  const details = judged.map(([number]) => [number, disclosed[`case:${number}`]] as const);
  const wrong = details.flatMap(([number, detail]) =>
    isJsonObject(detail) && isBad(detail) ? [number] : [],
  );
  if (wrong.length > 0) return { ...condition(id, 'notMet', `${wrong.length} ${bad}`), cases: wrong };
  const hidden = details.flatMap(([number, detail]) => (isJsonObject(detail) ? [] : [number]));
  if (hidden.length === 0) return condition(id, 'met', good);
  return { ...condition(id, 'undecided', `${hidden.length} cases were not disclosed`), cases: hidden };
}

function peersOf({ attempts }: JsonObject): readonly Json[] {
  const last = Array.isArray(attempts) ? (attempts as readonly Json[]).at(-1) : undefined;
  const record = isJsonObject(last) ? last['record'] : undefined;
  const peers = isJsonObject(record) ? record['peers'] : undefined;
  return Array.isArray(peers) ? (peers as readonly Json[]) : [];
}

/** `null` unless all products of the report were disclosed. */
function itemsOf({ statement, disclosed }: OpenedReport): readonly JsonObject[] | null {
  const section = disclosed['section:items'];
  const manifests = isJsonObject(section) ? section['manifests'] : undefined;
  if (!Array.isArray(manifests) || manifests.length < statement.subject.length) return null;
  return (manifests as readonly Json[]).flatMap((manifest) => {
    const items = isJsonObject(manifest) ? manifest['items'] : undefined;
    return Array.isArray(items) ? (items as readonly Json[]).filter(isJsonObject) : [];
  });
}

/** The editions of each wanted specification that the report names. */
function editionsOf(
  wanted: readonly string[],
  { test }: ReadPredicate,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { name, version } of test.specifications) {
    const fits = wanted.find((one) => name === one || name.startsWith(`${one}.`));
    if (fits !== undefined) found.set(fits, (found.get(fits) ?? new Set<string>()).add(version));
  }
  return found;
}

function condition(id: Condition['id'], state: ConditionState, text: string): Condition {
  return { id, state, text, cases: [] };
}
