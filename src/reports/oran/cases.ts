import type { ClauseJudgement, EvidenceItem, Measurement } from '../../domain/case-record.ts';
import type { PlanClause } from '../../domain/plan.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { describeFinding } from '../describe.ts';
import { withoutAbsent } from '../json.ts';
import type { ReportedCase, ReportedSuite } from '../report.ts';
import { WORDS } from '../vocabularies.ts';
import type { OranUnit } from './schema.ts';
import { cut, note } from './text.ts';

const UNITS: Readonly<Record<string, OranUnit>> = {
  ms: 'millisecond',
  s: 'second',
  '%': 'percentage',
  boolean: 'boolean',
  bps: 'bps',
  kbps: 'kbps',
  Mbps: 'Mbps',
  Gbps: 'Gbps',
  'bps/Hz': 'bps/Hz',
  dB: 'dB',
  dBm: 'dBm',
  count: 'count',
};
const DESCRIPTION_LENGTH = 1023;

/**
 * A group a plan, an item a case. The format numbers with digits only, so they are numbered as they come; our own number
 * stands before the name.
 */
export function oranGroup({ name, plan, cases }: ReportedSuite, index: number): JsonObject {
  const number = String(index + 1);
  return {
    number,
    name: cut(`${name}: ${plan.title}`),
    description: cut(`Test plan ${plan.id}, version ${plan.version}`),
    groupItems: cases.map((one, item) => oranCase(one, `${number}.${item + 1}`)),
  };
}

function oranCase(one: ReportedCase, number: string): JsonObject {
  const { record } = one.last;
  const measurements = record?.measurements.map(oranMeasurement) ?? [];
  const artifacts = record?.evidence.map(oranArtifact) ?? [];
  return withoutAbsent({
    number,
    name: cut(`${one.number} ${one.case.title}`),
    description: cut(one.case.aim, DESCRIPTION_LENGTH),
    result: WORDS[one.finding].oran,
    status: one.status,
    artifacts: artifacts.length === 0 ? undefined : artifacts,
    measurements: measurements.length === 0 ? undefined : measurements,
    metrics: one.case.clauses.map((clause) => oranMetric(one, clause)),
    notes: oranNotes(one),
    startDate: record?.startedAt,
    stopDate: record?.endedAt,
  });
}

/**
 * A metric a clause. A clause that failed in a case that could not be decided proves nothing, and one that failed in a
 * case that passed was not required, by the rule of the case or by the person who decided.
 */
function oranMetric(one: ReportedCase, { id, expects }: PlanClause): JsonObject {
  const outcome = one.last.record?.outcome;
  const judged = outcome?.kind === 'judged' ? outcome.clauses.find((clause) => clause.id === id) : undefined;
  const decided = one.finding === 'pass' || one.finding === 'fail';
  const result = judged === undefined || !decided ? 'SKIP' : WORDS[judged.verdict].oran;
  return {
    description: cut(expects, DESCRIPTION_LENGTH),
    measurements: [{ name: cut(id), values: [cut(clauseText(judged), DESCRIPTION_LENGTH)], units: 'text' }],
    status: one.finding === 'pass' && result !== 'PASS' ? 'optional' : one.status,
    result,
  };
}

function clauseText(judged: ClauseJudgement | undefined): string {
  if (judged === undefined) return 'not judged';
  return judged.saw === undefined ? judged.verdict : `${judged.verdict}: ${judged.saw}`;
}

function oranMeasurement({ name, value, unit, min, max }: Measurement): JsonObject {
  const units = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  const limits = [
    ...(min === undefined ? [] : [`at least ${min} ${unit}`]),
    ...(max === undefined ? [] : [`at most ${max} ${unit}`]),
  ];
  return withoutAbsent({
    name: cut(name),
    description: limits.length === 0 ? undefined : cut(limits.join(', '), DESCRIPTION_LENGTH),
    values: [units === undefined ? `${value} ${unit}` : value],
    units: units ?? 'text',
  });
}

/** Paths are relative to the folder that holds `reports/` and `evidence/`. */
function oranArtifact({ digest, role, mediaType, bytes }: EvidenceItem): JsonObject {
  const hex = digest.slice('sha256:'.length);
  return {
    name: cut(role),
    path: `evidence/sha256/${hex.slice(0, 2)}/${hex}`,
    description: cut(`${mediaType}, ${bytes} bytes, ${digest}`),
  };
}

function oranNotes(one: ReportedCase): readonly JsonObject[] {
  const { last, attempts, override } = one;
  const { record } = last;
  const outcome = record?.outcome;
  const peers = record?.peers.map(({ name, filledBy, id }) => `${name}: ${filledBy} ${id}`) ?? [];
  const transports = Object.entries(record?.transports ?? {}).map(([name, by]) => `${name}: ${by}`);
  return [
    note('Finding', `${one.finding}: ${describeFinding(one)}`),
    ...(override === null ? [] : [note('Finding of the machine', last.finding)]),
    ...(one.case.adaptation === undefined
      ? []
      : [note('Difference from the standard procedure', one.case.adaptation)]),
    ...(outcome?.kind === 'judged' && outcome.remarks.length > 0
      ? [note('Remarks', outcome.remarks.join('\n'))]
      : []),
    note(
      'Performed',
      [
        `run ${last.run}, attempt ${last.n} of ${attempts.length}, testbed ${last.testbed ?? 'none'}`,
        ...peers,
        ...transports,
      ].join('\n'),
    ),
  ];
}
