import type { CaseRecord, Measurement } from '../../domain/case-record.ts';
import type { PlanCase } from '../../domain/plan.ts';
import { describeFinding } from '../describe.ts';
import { markup, type Markup } from '../markup.ts';
import type { Attempt, Report, ReportedCase, ReportedSuite } from '../report.ts';
import { codeText, table, tag, when } from './parts.ts';
import { anchor } from './summary.ts';

export function renderSuites({ suites }: Report): Markup {
  return markup`${suites.map(renderSuite)}`;
}

function renderSuite({ name, plan, cases }: ReportedSuite): Markup {
  const rows = cases.map((one) => [
    markup`<a href="#${anchor(one)}">${one.case.id}</a>`,
    one.case.title,
    one.status.replace('.', ' '),
    tag(one.finding),
  ]);
  const columns = ['Case', 'Title', 'Status', 'Finding'].map((title) => ({ title }));
  return markup`<section aria-labelledby="suite-${name}">
<h2 id="suite-${name}">${plan.title}</h2>
${table(`Cases of ${name}, version ${plan.version}`, columns, rows)}
${cases.map(renderCase)}</section>
`;
}

function renderCase(one: ReportedCase): Markup {
  const { record } = one.last;
  return markup`<article id="${anchor(one)}">
<div class="head"><h3>${one.case.id} ${one.case.title}</h3>${tag(one.finding)}</div>
<p>${one.case.aim}</p>
${one.finding !== 'pass' && markup`<p>${describeFinding(one)}</p>`}
${renderClauses(one)}${record !== null && renderMeasurements(record.measurements)}
<ul class="facts">
${caseFacts(one).map(([name, value]) => markup`<li><b>${name}</b> ${value}</li>\n`)}</ul>
${one.attempts.length > 1 && renderAttempts(one.attempts)}${record !== null && renderEvidence(record)}</article>
`;
}

function renderClauses({ case: planCase, last }: ReportedCase): Markup | null {
  const outcome = last.record?.outcome;
  if (outcome?.kind !== 'judged') return null;
  const rows = planCase.clauses.map(({ id, expects }) => {
    const judged = outcome.clauses.find((clause) => clause.id === id);
    return [id, expects, judged === undefined ? 'not judged' : tag(judged.verdict), judged?.saw ?? ''];
  });
  const columns = ['Clause', 'Expected', 'Verdict', 'Seen'].map((title) => ({ title }));
  return table(`Judged clause by clause; combined by the rule: ${planCase.rule}`, columns, rows);
}

function renderMeasurements(measurements: readonly Measurement[]): Markup | null {
  if (measurements.length === 0) return null;
  const rows = measurements.map(({ name, value, unit, min, max }) => [
    name,
    `${value} ${unit}`,
    min === undefined ? 'none' : `${min} ${unit}`,
    max === undefined ? 'none' : `${max} ${unit}`,
  ]);
  const columns = [
    { title: 'Measured' },
    ...['Value', 'Least', 'Most'].map((title) => ({ title, number: true }) as const),
  ];
  return table('Measurements and their limits', columns, rows);
}

function caseFacts({ case: planCase, status, last }: ReportedCase): readonly (readonly [string, string])[] {
  const { record } = last;
  const outcome = record?.outcome;
  const facts: (readonly [string, string | undefined])[] = [
    [
      'References',
      planCase.references
        .map(({ document, version, clause }) => `${document} ${version}, ${clause}`)
        .join('; '),
    ],
    ['Status', `${status.replace('.', ' ')}, level ${planCase.level}`],
    ['Adapted', planCase.adaptation],
    ['Parameters', parametersOf(planCase)],
    [
      'Peers',
      record?.peers
        .map(({ name, filledBy, id, version }) => `${name}: ${filledBy} ${id} ${version}`)
        .join('; '),
    ],
    [
      'Carried by',
      Object.entries(record?.transports ?? {})
        .map(([name, by]) => `${name}: ${by}`)
        .join('; '),
    ],
    ['Testbed', record === null ? undefined : fitnessOf(record)],
    ['Remarks', outcome?.kind === 'judged' ? outcome.remarks.join('; ') : undefined],
    [
      'Performed',
      record === null ? undefined : `${when(record.startedAt)} to ${when(record.endedAt)}, run ${record.run}`,
    ],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
}

function parametersOf({ parameters }: PlanCase): string {
  return Object.entries(parameters)
    .map(([name, { value, unit }]) => `${name} = ${value}${unit === undefined ? '' : ` ${unit}`}`)
    .join('; ');
}

function fitnessOf({ fitness }: CaseRecord): string {
  const unfit = fitness.checks.filter(({ fit }) => !fit).map(({ id, saw }) => `${id}: ${saw}`);
  return fitness.fit ? `fit (${fitness.checks.length} checks)` : `unfit (${unfit.join('; ')})`;
}

function renderAttempts(attempts: readonly Attempt[]): Markup {
  const rows = attempts.map(({ n, run, testbed, finding, record }) => [
    n,
    codeText(run),
    testbed ?? 'none',
    tag(finding),
    record === null ? 'nothing recorded' : when(record.startedAt),
  ]);
  const columns = ['Attempt', 'Run', 'Testbed', 'Finding', 'Began'].map((title) => ({ title }));
  return table('Attempts; the last one decides', columns, rows);
}

function renderEvidence({ evidence }: CaseRecord): Markup | null {
  if (evidence.length === 0) return null;
  const items = evidence.map(({ role, digest }) => markup`<li>${role} ${codeText(digest)}</li>\n`);
  return markup`<h4>Evidence</h4>\n<ul class="facts">\n${items}</ul>\n`;
}
