import type { CaseRecord, Measurement } from '../../domain/case-record.ts';
import type { EquipmentId } from '../../domain/ids.ts';
import type { PlanCase } from '../../domain/plan.ts';
import { sideVerdicts } from '../../domain/side-verdicts.ts';
import { describeFinding } from '../describe.ts';
import { type Exhibits, observationsToShow, type Shown } from '../exhibits.ts';
import { makeLadder, REPORT_LIMITS } from '../ladder/ladder.ts';
import { plotsOf } from '../plot/group.ts';
import { plotRows } from '../plot/rows.ts';
import type { Report, ReportedCase, ReportedSuite } from '../report.ts';
import { WORDS } from '../vocabularies.ts';
import {
  anchorOf,
  type Block,
  code,
  facts,
  findingSpan,
  type Inline,
  lines,
  type Section,
  soft,
  strong,
  table,
  text,
  when,
} from './blocks.ts';

const STATUS_CODES = { mandatory: 'M', 'conditionally.mandatory': 'CM', optional: 'O' } as const;

/** A section a plan: every case in one table, also those that do not apply, then each by itself. */
export function renderedCases({ suites, input }: Report, exhibits: Exhibits): readonly Section[] {
  const products = input.subjects.map(({ id }) => id);
  return suites.map((suite) => ({
    id: `suite-${suite.name}`,
    title: suite.plan.title,
    blocks: [suiteTable(suite), ...suite.cases.map((one) => caseBlock(one, exhibits, products))],
  }));
}

function suiteTable({ name, plan, cases }: ReportedSuite): Block {
  const rows = cases.map((one) => [
    { kind: 'link', to: anchorOf(one), text: one.case.id } as const,
    one.case.title,
    STATUS_CODES[one.status],
    WORDS[one.finding].badge,
    findingSpan(one.finding),
  ]);
  const columns = [
    { title: 'Case', weight: 1.4 },
    { title: 'Title', weight: 4 },
    { title: 'M/CM/O', weight: 0.9 },
    { title: 'Result', weight: 1.3 },
    { title: 'Finding', weight: 2.4 },
  ];
  return table(`Cases of ${name}, version ${plan.version}`, { columns, rows });
}

function caseBlock(one: ReportedCase, exhibits: Exhibits, products: readonly EquipmentId[]): Block {
  const { record } = one.last;
  return {
    kind: 'case',
    id: anchorOf(one),
    title: `${one.case.id} ${one.case.title}`,
    finding: one.finding,
    blocks: [
      text(one.case.aim),
      ...(one.finding === 'pass' && one.override === null ? [] : [text(describeFinding(one))]),
      ...overrideFacts(one),
      ...(record === null ? [] : sidesTable(record, products)),
      ...clauseTable(one),
      ...(record === null ? [] : measurementTable(record.measurements)),
      ...(record === null ? [] : exhibitBlocks(anchorOf(one), record, exhibits)),
      facts(caseFacts(one)),
      ...attemptTable(one),
      ...(record === null ? [] : evidenceList(record)),
    ],
  };
}

function overrideFacts({ override, last }: ReportedCase): readonly Block[] {
  if (override === null) return [];
  return [
    facts([
      ['The machine found', findingSpan(last.finding)],
      ['A person decided', findingSpan(override.finding)],
      ['Reason', override.reason],
    ]),
  ];
}

/** In a pairing: what the case says of each product, and what shows it. */
function sidesTable(record: CaseRecord, products: readonly EquipmentId[]): readonly Block[] {
  const sides = sideVerdicts(record, products);
  if (sides.length === 0) return [];
  const rows = sides.map(({ product, verdict, leftFirst, because }): readonly Inline[] => [
    product,
    findingSpan(verdict),
    leftFirst ? 'yes' : '',
    because === null ? '' : lines(strong(because.id), because.saw ?? 'nothing noted'),
  ]);
  const columns = [
    { title: 'Product', weight: 1.5 },
    { title: 'Verdict', weight: 1.2 },
    { title: 'Left the rules first', weight: 1.2 },
    { title: 'Shown by', weight: 4 },
  ];
  return [table('What the case says of each product', { columns, rows })];
}

function clauseTable({ case: planCase, last }: ReportedCase): readonly Block[] {
  const outcome = last.record?.outcome;
  if (outcome?.kind !== 'judged') return [];
  const rows = planCase.clauses.map(({ id, expects }): readonly Inline[] => {
    const judged = outcome.clauses.find((clause) => clause.id === id);
    return [
      id,
      expects,
      judged?.saw ?? '',
      judged === undefined ? 'not judged' : findingSpan(judged.verdict),
    ];
  });
  const columns = [
    { title: 'Clause', weight: 1.5 },
    { title: 'Expected', weight: 3 },
    { title: 'Seen', weight: 3 },
    { title: 'Verdict', weight: 1.6 },
  ];
  return [table(`Judged clause by clause; combined by the rule: ${planCase.rule}`, { columns, rows })];
}

function measurementTable(measurements: readonly Measurement[]): readonly Block[] {
  if (measurements.length === 0) return [];
  const rows = measurements.map(({ name, value, unit, min, max }) => [
    name,
    `${value} ${unit}`,
    min === undefined ? 'none' : `${min} ${unit}`,
    max === undefined ? 'none' : `${max} ${unit}`,
    gap({ value, min, max }),
  ]);
  const columns = [
    { title: 'Measured', weight: 2 },
    ...['Value', 'At least', 'At most'].map((title) => ({ title, number: true }) as const),
    { title: 'Is', weight: 1 },
  ];
  return [table('Measured values and their limits, compared as they are', { columns, rows })];
}

function gap({
  value,
  min,
  max,
}: {
  value: number;
  min: number | undefined;
  max: number | undefined;
}): string {
  if (min !== undefined && value < min) return 'below';
  if (max !== undefined && value > max) return 'above';
  return min === undefined && max === undefined ? 'no limit' : 'within';
}

function exhibitBlocks(anchor: string, record: CaseRecord, exhibits: Exhibits): readonly Block[] {
  const exhibit = exhibits.get(observationsToShow(record) ?? '');
  if (exhibit === undefined) return [];
  if ('missing' in exhibit) return [text(soft(`Messages are not shown: ${exhibit.missing}`))];
  return [...ladderOf(exhibit), ...plotBlocks(anchor, exhibit)];
}

function ladderOf({ trace }: Shown): readonly Block[] {
  const count = trace.length;
  if (count === 0) return [];
  const protocols = [...new Set(trace.map(({ protocol }) => protocol))].filter((name) => name !== '');
  const of = protocols.length > 1 ? `, of ${protocols.join(', ')}, by one clock` : '';
  const caption = `Messages of the case, ${count} in all${of}; decoded from its observations`;
  return [{ kind: 'ladder', caption, ladder: makeLadder(trace, REPORT_LIMITS) }];
}

/** More measurements than these make no report better; which ones are left out is said. */
const MAX_PLOTS = 8;

function plotBlocks(anchor: string, { series }: Shown): readonly Block[] {
  const id = `plot-${anchor.replaceAll(':', '--').replaceAll(/[^a-zA-Z0-9-]/gu, '-')}`;
  const plots = plotsOf(series, id);
  const rest = plots.slice(MAX_PLOTS).map(({ title }) => title);
  return [
    ...plots.slice(0, MAX_PLOTS).map((plot): Block => {
      return { kind: 'plot', caption: `${plot.title}, as reported in time`, plot, rows: plotRows(plot) };
    }),
    ...(rest.length === 0 ? [] : [text(soft(`Reported, too, and not drawn: ${rest.join(', ')}`))]),
  ];
}

function caseFacts(one: ReportedCase): readonly (readonly [string, Inline | undefined])[] {
  const { case: planCase, status, last } = one;
  const { record } = last;
  const outcome = record?.outcome;
  return [
    ['Number', one.number],
    ['Standard', lines(...planCase.references.map(reference))],
    ['Requirement', `${STATUS_CODES[status]} (${status.replace('.', ' ')})`],
    [
      'Difference from the standard procedure',
      planCase.adaptation ?? (planCase.level === 'S1' ? 'none' : planCase.level),
    ],
    ['Parameters', parametersOf(planCase)],
    [
      'Neighbours',
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
    ['Testbed', record === null ? undefined : `${last.testbed ?? 'none'}, ${fitnessOf(record)}`],
    ['Notes', outcome?.kind === 'judged' ? outcome.remarks.join('; ') : undefined],
    [
      'Performed',
      record === null
        ? undefined
        : [`${when(record.startedAt)} to ${when(record.endedAt)}, run `, code(record.run)],
    ],
  ];
}

function reference({ document, version, clause, confidence }: PlanCase['references'][number]): string {
  return `${document} ${version}, ${clause}${confidence === 'read' ? '' : ` (number known by ${confidence})`}`;
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

function attemptTable({ attempts }: ReportedCase): readonly Block[] {
  if (attempts.length < 2) return [];
  const rows = attempts.map(({ n, run, testbed, finding, record }) => [
    n,
    code(run),
    testbed ?? 'none',
    findingSpan(finding),
    record === null ? 'nothing recorded' : when(record.startedAt),
  ]);
  const columns = [
    { title: 'No.', number: true, weight: 0.4 } as const,
    { title: 'Run', weight: 2 },
    { title: 'Testbed', weight: 1.3 },
    { title: 'Finding', weight: 1.6 },
    { title: 'Began', weight: 1.6 },
  ];
  return [table('Attempts; the last one decides', { columns, rows })];
}

function evidenceList({ evidence }: CaseRecord): readonly Block[] {
  if (evidence.length === 0) return [];
  return [
    { kind: 'heading', text: 'Evidence' },
    { kind: 'list', items: evidence.map(({ role, digest }) => [`${role} `, code(digest)]) },
  ];
}
