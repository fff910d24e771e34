import { type Markup, markup, type MarkupPart, raw } from './markup.ts';
import { describeFinding, durationMs, failingClauses } from './describe.ts';
import type { Report, ReportedCase, ReportedSuite } from './report.ts';
import { WORDS } from './vocabularies.ts';

/** JUnit XML: a suite a plan, a case a case. The finding itself is in the property `verdict`. */
export function renderJunit(report: Report): string {
  const { sut, suites, cases } = report;
  const body = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${sut}" ${totals(cases)}>
${suites.map((suite) => renderSuite(suite, report))}</testsuites>
`;
  return body.text;
}

function renderSuite({ name, plan, cases, runs }: ReportedSuite, report: Report): Markup {
  const properties = [
    ['sut', report.sut],
    ['plan', `${plan.id}@${plan.version}`],
    ['campaign', report.input.campaign.id],
    ['lab', report.input.lab.id],
    ['result', report.result],
    ['runs', runs.map(({ run }) => run.id).join(' ')],
  ] as const;
  return markup` <testsuite name="${name}" ${totals(cases)} timestamp="${report.performedFrom.slice(0, 19)}">
  <properties>
${properties.map(renderProperty)}  </properties>
${cases.map((one) => renderCase(one, name))} </testsuite>
`;
}

function renderCase(one: ReportedCase, suite: string): Markup {
  const properties = [
    ['verdict', one.finding],
    ['status', one.status],
    ['number', one.number],
    ['run', one.last.run],
    ['attempts', String(one.attempts.length)],
    ...(one.override === null ? [] : [['machineVerdict', one.last.finding] as const]),
  ] as const;
  return markup`  <testcase name="${one.case.id} ${one.case.title}" classname="${suite}" time="${seconds(one)}">
   <properties>
${properties.map(renderProperty)}   </properties>
${renderOutcome(one)}  </testcase>
`;
}

function renderOutcome(one: ReportedCase): MarkupPart {
  const outcome = WORDS[one.finding].junit;
  if (outcome === 'success') return null;
  const message = describeFinding(one);
  if (outcome === 'skipped') return markup`   <skipped message="${message}"/>\n`;
  const clauses = failingClauses(one).map(({ id, verdict, saw }) => `${id}: ${verdict}, ${saw}`);
  const element = raw(outcome);
  return markup`   <${element} type="${one.finding}" message="${message}">${clauses.join('\n')}</${element}>\n`;
}

function renderProperty([name, value]: readonly [string, string]): Markup {
  return markup`   <property name="${name}" value="${value}"/>\n`;
}

function totals(cases: readonly ReportedCase[]): Markup {
  const count = (outcome: string): number =>
    cases.filter(({ finding }) => WORDS[finding].junit === outcome).length;
  const time = cases.reduce((sum, one) => sum + durationMs(one), 0) / 1000;
  return markup`tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${time.toFixed(3)}"`;
}

function seconds(one: ReportedCase): string {
  return (durationMs(one) / 1000).toFixed(3);
}
