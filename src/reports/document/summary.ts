import { describeFinding, failingClauses } from '../describe.ts';
import type { Report, ReportedCase } from '../report.ts';
import {
  anchorOf,
  type Block,
  facts,
  findingSpan,
  type Inline,
  lines,
  type Section,
  soft,
  strong,
  table,
  text,
} from './blocks.ts';

/** Findings that a reader has to do something about, worst first. */
const TO_LOOK_AT = ['fail', 'error', 'blocked', 'notRun', 'inconc', 'none', 'notSupportedByTestbed'] as const;

export function summarySection(report: Report): Section {
  const { cases, counts, decisionRule } = report;
  const executed = cases.filter(({ last }) => last.record?.outcome.kind === 'judged').length;
  const worth = TO_LOOK_AT.flatMap((finding) => cases.filter((one) => one.finding === finding));
  return {
    id: 'summary',
    title: 'Summary',
    blocks: [
      facts([
        [
          'Cases',
          `${cases.length} selected, ${executed} executed, ${counts.pass} passed, ${counts.fail} failed`,
        ],
        ['Decision rule', decisionRule],
      ]),
      plansTable(report),
      { kind: 'heading', text: 'Findings' },
      ...(worth.length === 0 ? [text('No case failed, broke off or stayed undecided.')] : worth.map(mention)),
    ],
  };
}

function plansTable({ suites }: Report): Block {
  const rows = suites.map(({ name, plan, runs, cases, counts }) => [
    lines(strong(plan.title), soft(`${name}, version ${plan.version}`)),
    plan.planKind,
    cases.length,
    counts.pass,
    counts.fail,
    cases.length - counts.pass - counts.fail,
    runs.length,
  ]);
  const numbers = ['Cases', 'Pass', 'Fail', 'Other', 'Runs'].map(
    (title) => ({ title, number: true, weight: 0.8 }) as const,
  );
  return table('Test plans; a run after the first is a retry of the one before', {
    columns: [{ title: 'Plan', weight: 4 }, { title: 'Kind', weight: 2.2 }, ...numbers],
    rows,
  });
}

/** A case that matters, with each failing clause named and what was seen. */
function mention(one: ReportedCase): Block {
  const clauses = failingClauses(one);
  const cause = one.last.record?.cause;
  const blame = cause === undefined ? undefined : [cause.kind, cause.attributedTo].filter(Boolean).join(', ');
  const items = clauses.map(({ id, verdict, expects, saw }): Inline =>
    lines([strong(id), ' ', findingSpan(verdict)], [soft('Expected: '), expects], [soft('Seen: '), saw]),
  );
  const decided = one.override === null ? [] : [text(describeFinding(one))];
  const body: readonly Block[] = items.length > 0 ? [{ kind: 'list', items }] : [text(describeFinding(one))];
  return {
    kind: 'case',
    title: [{ kind: 'link', to: anchorOf(one), text: one.case.id }, ` ${one.case.title}`],
    finding: one.finding,
    blocks: [
      ...(items.length > 0 ? decided : []),
      ...body,
      ...(blame === undefined || blame === 'undetermined' ? [] : [text(soft(`Cause: ${blame}`))]),
    ],
  };
}
