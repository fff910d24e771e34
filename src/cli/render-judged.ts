import type { LiveNews } from '../app/judge-live.ts';
import type { JudgedCapture } from '../app/judge-trace.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Instance, PropertyFinding } from '../judge/finding.ts';
import type { Witness } from '../judge/obligation.ts';
import { rollUp } from '../domain/verdict.ts';
import { renderTable } from './render-table.ts';

const HEADER = ['verdict', 'property', 'held', 'broken', 'open', 'which says'];
const MAX_LISTED = 5;

/** A table of the properties that had their chance, and what breaks them below: who left the rules first comes first. */
export function renderJudged({ findings }: JudgedCapture): string {
  const seen = findings.filter(({ verdict }) => verdict !== 'none');
  const rows = seen.map(({ verdict, property, held, broken, undecided }) => [
    ...[verdict, property.id, String(held), String(broken), String(undecided)],
    property.says,
  ]);
  const none = findings.length - seen.length;
  const parts = [
    ...(rows.length === 0 ? [] : [renderTable(HEADER, rows)]),
    ...(none === 0 ? [] : [`${none} properties had no chance to be broken (none)`]),
    ...violationsOf(findings).map(({ finding, instance }) => renderViolation(finding, instance)),
    ...findings.flatMap((finding) => (finding.verdict === 'inconc' ? [renderDoubt(finding)] : [])),
  ];
  return parts.map((part) => `${part}\n`).join('');
}

export function judgedJson(
  { findings, counts, messages, began, cutAt }: JudgedCapture,
  about: { readonly file: string; readonly plan: string },
): JsonObject {
  const [first] = violationsOf(findings);
  return {
    ...about,
    ...{ verdict: rollUp(findings.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'none')) },
    beganAt: new Date(began.seconds * 1e3 + Math.floor(began.nanoseconds / 1e6)).toISOString(),
    messages,
    counts: { ...counts },
    ...(cutAt === undefined ? {} : { cutAt }),
    ...(first === undefined
      ? {}
      : { first: { property: first.finding.property.id, ...instanceJson(first.instance) } }),
    properties: findings.map(({ property, verdict, held, broken, undecided, violations, doubts }) => ({
      ...{ id: property.id, says: property.says, verdict, held, broken, undecided },
      references: property.references.map((reference) => ({ ...reference })),
      violations: violations.map(instanceJson),
      doubts: doubts.map(instanceJson),
    })),
  };
}

/** What has just been found, live: a line, and the messages that show it. */
export function renderNews({ finding, isOtherVerdict, violations }: LiveNews): string {
  const { property, verdict } = finding;
  const lines = [
    ...(isOtherVerdict ? [`${verdict} ${property.id}: ${property.says}`] : []),
    ...violations.map((instance) => renderViolation(finding, instance)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

export function newsJson({ finding: { property, verdict }, violations }: LiveNews): JsonObject {
  return { property: property.id, verdict, violations: violations.map(instanceJson) };
}

/** By the time at which each was broken. */
function violationsOf(
  findings: readonly PropertyFinding[],
): readonly { readonly finding: PropertyFinding; readonly instance: Instance }[] {
  return findings
    .flatMap((finding) => finding.violations.map((instance) => ({ finding, instance })))
    .sort((a, b) => a.instance.atMs - b.instance.atMs);
}

function renderViolation(
  { property: { id, references } }: PropertyFinding,
  { trigger, shownBy, atMs, ids, blamed }: Instance,
): string {
  const clauses = references.map(({ document, clause }) => `${document} ${clause}`).join(', ');
  const about = Object.entries(ids).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [
    `${seconds(atMs)} ${blamed} breaks ${[id, ...about].join(', ')} (${clauses})`,
    `  ${witnessText(trigger)}`,
    ...(shownBy === undefined ? [] : [`  ${witnessText(shownBy)}`]),
  ].join('\n');
}

function renderDoubt({ property: { id }, doubts, undecided }: PropertyFinding): string {
  const shown = doubts.slice(0, MAX_LISTED).map(({ trigger }) => `#${trigger.n}`);
  const more = undecided > shown.length ? ' …' : '';
  return `it cannot be told whether ${id} holds at ${shown.join(', ')}${more}: messages may be missing`;
}

function witnessText({ n, atMs, name, from, to }: Witness): string {
  return `#${n} ${seconds(atMs)} ${from} > ${to} ${name}`;
}

function instanceJson({ trigger, shownBy, atMs, association, ids, blamed }: Instance): JsonObject {
  return {
    ...{ atMs, blamed, association, ids, trigger: { ...trigger } },
    ...(shownBy === undefined ? {} : { shownBy: { ...shownBy } }),
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(6);
}
