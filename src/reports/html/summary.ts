import { type Finding, FINDINGS } from '../../domain/verdict.ts';
import { describeFinding, failingClauses } from '../describe.ts';
import { markup, type Markup, type MarkupPart } from '../markup.ts';
import type { Report, ReportedCase } from '../report.ts';
import { facts, FINDING_LOOK, RESULT_LOOK, table, tag, when } from './parts.ts';

/** Findings that a reader has to do something about, worst first. */
const TO_LOOK_AT = ['fail', 'error', 'blocked', 'notRun', 'inconc', 'none', 'notSupportedByTestbed'] as const;

export function renderHead(report: Report): Markup {
  const { input, counts, result, cases } = report;
  const { symbol, word, tone } = RESULT_LOOK[result];
  const products = input.subjects.map(({ product }) =>
    [product.name, product.model].filter(Boolean).join(' '),
  );
  const shown = FINDINGS.filter((finding) => counts[finding] > 0);
  return markup`<header>
<p class="over">Test Report</p>
<h1>${products.join(' with ')}</h1>
<p class="soft">${report.sut}</p>
<div class="verdict is-${tone}"><strong><span aria-hidden="true">${symbol}</span> ${word}</strong>
<p>${sentence(report)}</p></div>
<ul class="counts" aria-label="Cases by finding, ${cases.length} in all">
${shown.map((finding) => countItem(finding, counts[finding]))}</ul>
${report.selfDeclared && SELF_DECLARED}
${facts([
  ['Laboratory', input.lab.name ?? input.lab.id],
  ['Address', input.lab.address],
  ['Campaign', input.campaign.id],
  ['Tests performed', `${when(report.performedFrom)} to ${when(report.performedTo)}`],
  ['Issued', when(report.issuedAt)],
  ['Kind of test', report.type],
])}</header>
`;
}

const SELF_DECLARED = markup`<p class="note"><b>Self-declared.</b> The keys that sign this report were made by whoever made
the report. It shows what was measured; nobody else vouches for it.</p>`;

function sentence({ cases, counts, result }: Report): string {
  const passed = `${counts.pass} of ${cases.length} cases passed`;
  if (result === 'PASS') return `${passed}; every case that decides did.`;
  if (result === 'FAIL')
    return `${passed}; ${counts.fail} showed the product not doing what the specification asks.`;
  return `${passed}; none failed, but the evidence does not suffice for a pass.`;
}

function countItem(finding: Finding, count: number): Markup {
  const { symbol, word, tone } = FINDING_LOOK[finding];
  return markup`<li class="is-${tone}"><b>${count}</b> <span aria-hidden="true">${symbol}</span> ${word}</li>\n`;
}

/** Every case that did not pass and matters, with each failing clause named and what was seen. */
export function renderFindings({ cases }: Report): Markup {
  const worth = TO_LOOK_AT.flatMap((finding) => cases.filter((one) => one.finding === finding));
  if (worth.length === 0) {
    return markup`<h2 id="findings">Findings</h2>\n<p>No case failed, broke off or stayed undecided.</p>\n`;
  }
  return markup`<h2 id="findings">Findings</h2>\n${worth.map(renderFinding)}`;
}

function renderFinding(one: ReportedCase): Markup {
  const clauses = failingClauses(one);
  const cause = one.last.record?.cause;
  const blame = cause === undefined ? null : [cause.kind, cause.attributedTo].filter(Boolean).join(', ');
  const list = clauses.map(
    ({ id, verdict, expects, saw }) => markup`<li><b>${id}</b> ${tag(verdict)}<br>
<span class="soft">Expected:</span> ${expects}<br><span class="soft">Seen:</span> ${saw}</li>\n`,
  );
  const body: MarkupPart =
    clauses.length > 0 ? markup`<ul>\n${list}</ul>` : markup`<p>${describeFinding(one)}</p>`;
  return markup`<article class="bad">
<div class="head"><h3><a href="#${anchor(one)}">${one.case.id}</a> ${one.case.title}</h3>${tag(one.finding)}</div>
${body}
${blame !== null && markup`<p class="small soft">Cause: ${blame}</p>`}
</article>
`;
}

export function renderItems({ input }: Report): Markup {
  const rows = input.subjects.map(({ id, organisation, role, product, versions, simulator }) => [
    markup`<b>${product.name}</b> ${product.model}<br><span class="small soft">${id}</span>`,
    organisation,
    role,
    product.serial ?? 'not given',
    Object.entries(versions).map(([name, version], index) => `${index > 0 ? ', ' : ''}${name} ${version}`),
    simulator === undefined
      ? 'equipment'
      : `simulator ${simulator.name}${simulator.defects.length > 0 ? `, defects: ${simulator.defects.join(', ')}` : ''}`,
  ]);
  const columns = ['Product', 'Supplied by', 'Role', 'Serial', 'Versions', 'Is'].map((title) => ({ title }));
  return markup`<h2 id="items">Items tested</h2>\n${table('As their suppliers describe them', columns, rows)}`;
}

export function renderPlans({ suites }: Report): Markup {
  const rows = suites.map(({ name, plan, runs, cases, counts }) => [
    markup`<b>${plan.title}</b><br><span class="small soft">${name}, version ${plan.version}</span>`,
    plan.planKind,
    cases.length,
    counts.pass,
    counts.fail,
    cases.length - counts.pass - counts.fail,
    runs.length,
  ]);
  const columns = [
    { title: 'Plan' },
    { title: 'Kind' },
    ...['Cases', 'Pass', 'Fail', 'Other', 'Runs'].map((title) => ({ title, number: true }) as const),
  ];
  return markup`<h2 id="plans">Test plans</h2>\n${table('A run after the first is a retry of the one before', columns, rows)}`;
}

export function anchor({ number }: ReportedCase): string {
  return `case-${number.replace(/[^A-Za-z0-9._-]/gu, '-')}`;
}
