import type { Json } from '../kernel/json.ts';
import { describeFinding, durationMs } from './describe.ts';
import { asJson, withoutAbsent } from './json.ts';
import type { Report, ReportedCase, ReportedSuite } from './report.ts';
import { WORDS, type Words } from './vocabularies.ts';

const SPEC_VERSION = '0.0.0';
const STATUSES = [
  'passed',
  'failed',
  'skipped',
  'pending',
  'other',
] as const satisfies readonly Words['ctrf'][];

/** Common Test Report Format. What we found is in `rawStatus`, since CTRF has no word for most of it. @see https://ctrf.io */
export function renderCtrf(report: Report): string {
  const { input, suites, cases } = report;
  const counts = STATUSES.map(
    (status) => [status, cases.filter(({ finding }) => WORDS[finding].ctrf === status).length] as const,
  );
  const json = {
    reportFormat: 'CTRF',
    specVersion: SPEC_VERSION,
    timestamp: report.issuedAt,
    generatedBy: `${input.harness.name} ${input.harness.version}`,
    results: {
      tool: { ...input.harness },
      summary: {
        tests: cases.length,
        ...Object.fromEntries(counts),
        suites: suites.length,
        start: Date.parse(report.performedFrom),
        stop: Date.parse(report.performedTo),
      },
      tests: suites.flatMap((suite) => suite.cases.map((one) => testOf(suite, one))),
      extra: {
        sut: report.sut,
        lab: input.lab.id,
        campaign: input.campaign.id,
        revision: input.revision.n,
        result: report.result,
      },
    },
  };
  return `${JSON.stringify(asJson(json), null, 1)}\n`;
}

function testOf({ name }: ReportedSuite, one: ReportedCase): Json {
  const { record } = one.last;
  return withoutAbsent({
    name: `${one.case.id} ${one.case.title}`,
    status: WORDS[one.finding].ctrf,
    duration: durationMs(one),
    start: record === null ? undefined : Date.parse(record.startedAt),
    stop: record === null ? undefined : Date.parse(record.endedAt),
    suite: [name],
    message: one.finding === 'pass' && one.override === null ? undefined : describeFinding(one),
    rawStatus: one.finding,
    retries: one.attempts.length - 1,
    extra: {
      number: one.number,
      status: one.status,
      run: one.last.run,
      machineFinding: one.last.finding,
    },
  });
}
