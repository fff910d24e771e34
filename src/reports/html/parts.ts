import type { ReportResult } from '../../attest/format/outcome.ts';
import type { Finding } from '../../domain/verdict.ts';
import { markup, type Markup, type MarkupPart } from '../markup.ts';

interface Look {
  readonly symbol: string;
  readonly word: string;
  readonly tone: 'pass' | 'fail' | 'open' | 'error' | 'rest';
}

/** A symbol, a word and a colour each: no finding is told by its colour alone. */
export const FINDING_LOOK = {
  pass: { symbol: '✓', word: 'pass', tone: 'pass' },
  fail: { symbol: '✗', word: 'fail', tone: 'fail' },
  inconc: { symbol: '?', word: 'inconclusive', tone: 'open' },
  error: { symbol: '!', word: 'error of the test system', tone: 'error' },
  none: { symbol: '–', word: 'none', tone: 'open' },
  notApplicable: { symbol: '∅', word: 'not applicable', tone: 'rest' },
  notSupportedByDut: { symbol: '∅', word: 'not supported by the product', tone: 'rest' },
  notSupportedByTestbed: { symbol: '∅', word: 'not supported by the testbed', tone: 'rest' },
  blocked: { symbol: '■', word: 'blocked', tone: 'open' },
  notRun: { symbol: '○', word: 'not run', tone: 'open' },
} as const satisfies Record<Finding, Look>;

export const RESULT_LOOK = {
  PASS: { symbol: '✓', word: 'PASS', tone: 'pass' },
  FAIL: { symbol: '✗', word: 'FAIL', tone: 'fail' },
  INCONCLUSIVE: { symbol: '?', word: 'INCONCLUSIVE', tone: 'open' },
} as const satisfies Record<ReportResult, Look>;

export function tag(finding: Finding): Markup {
  const { symbol, word, tone } = FINDING_LOOK[finding];
  return markup`<span class="tag is-${tone}"><span aria-hidden="true">${symbol}</span> ${word}</span>`;
}

export interface Column {
  readonly title: string;
  /** Numbers line up on the right. */
  readonly number?: true;
}

/** A table that a narrow page turns into a list of labelled cells; the roles keep it a table for a screen reader. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly MarkupPart[])[],
): Markup {
  const kind = ({ number }: Column): MarkupPart => number === true && markup` class="number"`;
  const head = columns.map(
    (column) => markup`<th role="columnheader" scope="col"${kind(column)}>${column.title}</th>`,
  );
  const body = rows.map((row) => {
    const cells = columns.map((column, index) => {
      return markup`<td role="cell" data-label="${column.title}"${kind(column)}><span>${row[index]}</span></td>`;
    });
    return markup`<tr role="row">${cells}</tr>\n`;
  });
  return markup`<table role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${body}</tbody></table>
`;
}

/** Pairs of name and value; a pair without a value is left out. */
export function facts(pairs: readonly (readonly [name: string, value: MarkupPart])[]): Markup {
  const shown = pairs.filter(
    ([, value]) => value !== null && value !== undefined && value !== '' && value !== false,
  );
  return markup`<dl>${shown.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>\n`;
}

/** `2026-11-22 01:00:00 UTC` */
export function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

export function codeText(text: string): Markup {
  return markup`<code>${text}</code>`;
}
