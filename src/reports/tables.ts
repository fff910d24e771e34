import { describeFinding, durationMs, failingClauses } from './describe.ts';
import { asJson } from './json.ts';
import { makeVisible } from './markup.ts';
import type { Report, ReportedCase, ReportedSuite } from './report.ts';

type Cell = (one: ReportedCase, suite: ReportedSuite) => string | number;

/** The columns of `results.csv`; new ones are added at the end. */
const COLUMNS: Readonly<Record<string, Cell>> = {
  number: ({ number }) => number,
  suite: (_, { name }) => name,
  plan: ({ plan }) => plan.id,
  plan_version: ({ plan }) => plan.version,
  case: (one) => one.case.id,
  title: (one) => one.case.title,
  status: ({ status }) => status,
  finding: ({ finding }) => finding,
  machine_finding: ({ last }) => last.finding,
  why: describeFinding,
  failed_clauses: (one) =>
    failingClauses(one)
      .map(({ id }) => id)
      .join(' '),
  cause: ({ last }) => last.record?.cause.kind ?? '',
  attributed_to: ({ last }) => last.record?.cause.attributedTo ?? '',
  started_at: ({ last }) => last.record?.startedAt ?? '',
  ended_at: ({ last }) => last.record?.endedAt ?? '',
  duration_ms: durationMs,
  attempts: ({ attempts }) => attempts.length,
  run: ({ last }) => last.run,
  testbed: ({ last }) => last.testbed ?? '',
  references: (one) =>
    one.case.references.map(({ document, version, clause }) => `${document} ${version} ${clause}`).join('; '),
};

/** One row a case, with a head; CRLF at the end of each line. @see RFC 4180 */
export function renderCsv({ suites }: Report): string {
  const cells = Object.values(COLUMNS);
  const rows = suites.flatMap((suite) => suite.cases.map((one) => cells.map((cell) => cell(one, suite))));
  return [Object.keys(COLUMNS), ...rows].map((row) => `${row.map(writeCell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes these for the beginning of a formula and would compute what a product under test wrote. */
const FORMULA = /^[\s\p{Z}]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u;

function writeCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const visible = makeVisible(value);
  const text = FORMULA.test(visible) ? `'${visible}` : visible;
  return /[",\r\n']/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line for what each attempt recorded of each case: the whole stored record, or `null` when there is none. */
export function renderNdjson({ cases }: Report): string {
  return cases
    .flatMap((one) =>
      one.attempts.map(({ n, run, testbed, finding, record }) => ({
        number: one.number,
        plan: { id: one.plan.id, version: one.plan.version },
        status: one.status,
        attempt: n,
        decides: n === one.last.n,
        run,
        testbed,
        finding,
        override: n === one.last.n ? one.override : null,
        record,
      })),
    )
    .map((line) => `${JSON.stringify(asJson(line))}\n`)
    .join('');
}
