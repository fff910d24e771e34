import {
  type CaseStatus,
  type Counts,
  countFindings,
  DECISION_RULE,
  decideResult,
  type ReportResult,
} from '../attest/format/outcome.ts';
import { CASE_NUMBER_PATTERN } from '../attest/format/statement-schema.ts';
import type { TestType } from '../attest/format/statement.ts';
import { type CaseRecord, type EvidenceItem, findingOf } from '../domain/case-record.ts';
import type { CaseId, RunId } from '../domain/ids.ts';
import { isoTime } from '../domain/ids.ts';
import type { PlanCase, Requirement, TestPlan } from '../domain/plan.ts';
import type { Finding } from '../domain/verdict.ts';
import { HarnessError } from '../kernel/errors.ts';
import {
  IMPORT_MEDIA_TYPES,
  type ImportedResults,
  type Override,
  type ReportedRun,
  type ReportInput,
} from './input.ts';

/** What one run says of a case, as one of several attempts. */
export interface Attempt {
  /** Counts up from 1. */
  readonly n: number;
  readonly run: RunId;
  readonly testbed: string | null;
  readonly finding: Finding;
  /** Absent when the run ended before the case began and nothing was recorded. */
  readonly record: CaseRecord | null;
}

export interface ReportedCase {
  /** `plan:case`, unique in the report; `plan:case#2` when the plan was run twice on purpose. */
  readonly number: string;
  readonly plan: TestPlan;
  readonly case: PlanCase;
  readonly status: CaseStatus;
  /** Of the last attempt, or of the person who overrides it. */
  readonly finding: Finding;
  readonly override: Override | null;
  /** In order; the last one decides. Never empty. */
  readonly attempts: readonly Attempt[];
  readonly last: Attempt;
}

/** One plan on the subjects: a run and the runs that retried it. */
export interface ReportedSuite {
  /** The plan's id, with `#2` … when it was run again on purpose. */
  readonly name: string;
  readonly plan: TestPlan;
  /** In order; each retries the one before. */
  readonly runs: readonly ReportedRun[];
  readonly cases: readonly ReportedCase[];
  readonly counts: Counts;
}

/** The report before anybody renders or signs it. */
export interface Report {
  readonly input: ReportInput;
  /** Names of the subjects, joined by +. */
  readonly sut: string;
  readonly type: TestType;
  readonly suites: readonly ReportedSuite[];
  readonly cases: readonly ReportedCase[];
  readonly counts: Counts;
  readonly result: ReportResult;
  readonly decisionRule: string;
  /** Each item once, by digest, in the order of the digests. */
  readonly evidence: readonly EvidenceItem[];
  readonly performedFrom: string;
  readonly performedTo: string;
  readonly issuedAt: string;
  readonly selfDeclared: boolean;
}

export const STATUS = {
  M: 'mandatory',
  CM: 'conditionally.mandatory',
  O: 'optional',
} as const satisfies Record<Requirement, CaseStatus>;
const CASE_NUMBER = new RegExp(CASE_NUMBER_PATTERN, 'u');

/**
 * Rolls the stored records up to a report. Throws `RECORD_INCONSISTENT` when they do not fit the plans and each other:
 * a report is never more certain than its evidence.
 */
export function buildReport(input: ReportInput): Report {
  const suites = buildSuites(input);
  const cases = suites.flatMap((suite) => suite.cases);
  if (cases.length === 0) throw inconsistent('a report needs at least one case');
  const records = input.runs.flatMap(({ records: some }) => some);
  const performed = performedRange(input, records);
  return {
    input,
    sut: input.subjects.map(({ id }) => id).join('+'),
    type: typeOf(suites),
    suites,
    cases,
    counts: countFindings(cases.map(({ finding }) => finding)),
    result: decideResult(cases),
    decisionRule: DECISION_RULE,
    evidence: collectEvidence(records, input.imports),
    ...performed,
    selfDeclared: input.signatories.some(({ selfDeclared }) => selfDeclared),
  };
}

/** The folder of a report: `<organisation>.<equipment>`, both joined by + for a pairing. */
export function reportFolder(subjects: readonly { readonly id: string }[]): string {
  return subjects.map(({ id }) => id.replace('/', '.')).join('+');
}

function buildSuites({ runs, overrides, revision }: ReportInput): readonly ReportedSuite[] {
  const left = new Map(overrides.map((one) => [one.case, one]));
  if (left.size > 0 && revision.kind === 'original')
    throw inconsistent('an original report overrides nothing');
  if (left.size !== overrides.length) throw inconsistent('a case is overridden twice');
  const retries = new Map(runs.flatMap((one) => (one.run.retryOf === null ? [] : [[one.run.retryOf, one]])));
  const known = new Set(runs.map(({ run }) => run.id));
  const firsts = runs.filter(({ run }) => run.retryOf === null || !known.has(run.retryOf)).sort(inOrder);
  const seen = new Map<string, number>();
  const suites = firsts.map((first) => {
    const chain = followRetries(first, retries);
    const count = (seen.get(first.plan.id) ?? 0) + 1;
    seen.set(first.plan.id, count);
    return buildSuite({ suffix: count === 1 ? '' : `#${count}`, overrides: left }, chain);
  });
  const [stray] = left.keys();
  if (stray !== undefined) throw inconsistent(`${stray} is overridden and not in the report`);
  const placed = suites.reduce((sum, suite) => sum + suite.runs.length, 0);
  if (placed !== runs.length) throw inconsistent('two runs retry the same run');
  return suites;
}

/** By plan, then by time, then by id: the order in which the store gave them must not show. */
function inOrder(a: ReportedRun, b: ReportedRun): number {
  return compare(a.plan.id, b.plan.id) || a.run.createdAt - b.run.createdAt || compare(a.run.id, b.run.id);
}

function followRetries(first: ReportedRun, retries: ReadonlyMap<RunId, ReportedRun>): ReportedRun[] {
  const chain = [first];
  for (let next = retries.get(first.run.id); next !== undefined; next = retries.get(next.run.id)) {
    if (chain.includes(next)) throw inconsistent(`run ${next.run.id} retries itself`);
    chain.push(next);
  }
  return chain;
}

interface SuiteParts {
  readonly suffix: string;
  /** Whoever takes one removes it. */
  readonly overrides: Map<string, Override>;
}

function buildSuite(parts: SuiteParts, runs: readonly ReportedRun[]): ReportedSuite {
  const plan = runs.at(-1)?.plan;
  if (plan === undefined) throw inconsistent('a suite needs a run');
  const checked = runs.map((of) => ({ of, records: recordsByCase(of) }));
  const cases = plan.cases.map((planCase) => buildCase({ plan, planCase, ...parts }, checked));
  return {
    name: `${plan.id}${parts.suffix}`,
    plan,
    runs,
    cases,
    counts: countFindings(cases.map(({ finding }) => finding)),
  };
}

interface CheckedRun {
  readonly of: ReportedRun;
  readonly records: ReadonlyMap<CaseId, CaseRecord>;
}

function recordsByCase({ run, plan, records }: ReportedRun): CheckedRun['records'] {
  if (run.life.state !== 'final') throw inconsistent(`run ${run.id} is not final`);
  if (run.plan.id !== plan.id) throw inconsistent(`run ${run.id} is of another plan`);
  const left = new Set<CaseId>(plan.cases.map(({ id }) => id));
  for (const record of records) {
    if (record.run !== run.id) throw inconsistent(`a record of run ${record.run} is given for run ${run.id}`);
    if (!left.delete(record.case)) {
      throw inconsistent(`run ${run.id} has case ${record.case} twice, or it is not in the plan`);
    }
  }
  return new Map(records.map((record) => [record.case, record]));
}

function buildCase(
  { plan, planCase, suffix, overrides }: SuiteParts & { plan: TestPlan; planCase: PlanCase },
  runs: readonly CheckedRun[],
): ReportedCase {
  const number = `${plan.id}:${planCase.id}${suffix}`;
  if (!CASE_NUMBER.test(number)) throw inconsistent(`"${number}" cannot number a case`);
  const attempts = runs.map(({ of, records }, index) =>
    buildAttempt(of, records.get(planCase.id) ?? null, index + 1),
  );
  const last = attempts.at(-1);
  if (last === undefined) throw inconsistent(`case ${number} has no attempt`);
  const override = overrides.get(number) ?? null;
  overrides.delete(number);
  if (override?.finding === last.finding) throw inconsistent(`${number} is overridden by what it was before`);
  return {
    number,
    plan,
    case: planCase,
    status: STATUS[planCase.requirement],
    finding: override?.finding ?? last.finding,
    override,
    attempts,
    last,
  };
}

function buildAttempt({ run, testbed }: ReportedRun, record: CaseRecord | null, n: number): Attempt {
  return {
    n,
    run: run.id,
    testbed: testbed?.id ?? null,
    finding: record === null ? 'notRun' : findingOf(record),
    record,
  };
}

/** A clock that was set back between test and report must not make a report that contradicts itself. */
function performedRange(
  { runs, issuedAt }: ReportInput,
  records: readonly CaseRecord[],
): Pick<Report, 'performedFrom' | 'performedTo' | 'issuedAt'> {
  const starts = records.map(({ startedAt }) => Date.parse(startedAt));
  const ends = records.map(({ endedAt }) => Date.parse(endedAt));
  const created = runs.map(({ run }) => run.createdAt);
  const from = least(starts.length > 0 ? starts : created);
  const to = Math.max(from, greatest(ends.length > 0 ? ends : created));
  if (!Number.isFinite(from) || !Number.isFinite(to)) throw inconsistent('a record has no readable time');
  return {
    performedFrom: new Date(from).toISOString(),
    performedTo: new Date(to).toISOString(),
    issuedAt: to > issuedAt ? new Date(to).toISOString() : isoTime(issuedAt),
  };
}

function typeOf(suites: readonly ReportedSuite[]): TestType {
  const kinds = suites.map(({ plan }) => plan.planKind);
  if (kinds.includes('chain') || kinds.includes('mobility')) return 'end-to-end';
  return kinds.includes('pairwise') ? 'interoperability' : 'conformance';
}

function collectEvidence(
  records: readonly CaseRecord[],
  imports: readonly ImportedResults[],
): readonly EvidenceItem[] {
  const originals = imports.map(({ digest, bytes, format }) => ({
    digest,
    mediaType: IMPORT_MEDIA_TYPES[format],
    role: 'import',
    bytes,
  }));
  const recorded = records.flatMap(({ evidence }) => evidence);
  const items = new Map([...recorded.sort(byRole), ...originals].map((item) => [item.digest, item]));
  return [...items.values()].sort((a, b) => compare(a.digest, b.digest));
}

/** The same bytes may be in two roles: which one is listed must not depend on the order of the rows. */
function byRole(a: EvidenceItem, b: EvidenceItem): number {
  return compare(a.role, b.role) || compare(a.mediaType, b.mediaType);
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}

function greatest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** By code units: no locale must change a report. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function inconsistent(text: string): HarnessError {
  return new HarnessError('RECORD_INCONSISTENT', text);
}
