import type { Finding } from '../../domain/verdict.ts';
import type { Block, Column, Inline, Row } from '../document/blocks.ts';
import { FINDING_LOOK } from '../looks.ts';
import { moreText, renderLadder } from '../ladder/svg.ts';
import { renderPlot } from '../plot/plot.ts';
import { markup, type Markup, type MarkupPart, raw } from '../markup.ts';

/** Level of the headings among these blocks: 3 in a section, 4 in a case. */
type Level = 3 | 4;

export function renderBlock(block: Block, level: Level = 3): Markup {
  switch (block.kind) {
    case 'text':
      return block.tone === 'note'
        ? markup`<p class="note">${renderInline(block.text)}</p>\n`
        : markup`<p>${renderInline(block.text)}</p>\n`;
    case 'heading':
      return heading(level, block.text);
    case 'facts':
      return renderFacts(block.rows);
    case 'table':
      return renderTable(block);
    case 'list':
      return markup`<ul class="plain">\n${block.items.map((item) => markup`<li>${renderInline(item)}</li>\n`)}</ul>\n`;
    case 'ladder':
      return renderDiagram(block);
    case 'plot':
      return renderCurves(block);
    case 'case':
      return renderCase(block);
  }
}

function renderCase({ id, title, finding, blocks }: Extract<Block, { kind: 'case' }>): Markup {
  return markup`<article${id !== undefined && markup` id="${id}"`}>
<div class="head">${heading(3, renderInline(title))}${tag(finding)}</div>
${blocks.map((block) => renderBlock(block, 4))}</article>
`;
}

function heading(level: Level, content: MarkupPart): Markup {
  const name = raw(`h${level}`);
  return markup`<${name}>${content}</${name}>\n`;
}

export function renderInline(inline: Inline): MarkupPart {
  if (typeof inline === 'string' || typeof inline === 'number') return inline;
  if (!('kind' in inline)) return inline.map(renderInline);
  switch (inline.kind) {
    case 'code':
      return markup`<code>${inline.text}</code>`;
    case 'strong':
      return markup`<b>${inline.text}</b>`;
    case 'soft':
      return markup`<span class="soft">${inline.text}</span>`;
    case 'finding':
      return tag(inline.finding);
    case 'link':
      return markup`<a href="#${encodeURIComponent(inline.to)}">${inline.text}</a>`;
    case 'lines':
      return inline.lines.map((line, index) => [index > 0 && markup`<br>`, renderInline(line)]);
  }
}

export function tag(finding: Finding): Markup {
  const { symbol, word, tone } = FINDING_LOOK[finding];
  return markup`<span class="tag is-${tone}"><span aria-hidden="true">${symbol}</span> ${word}</span>`;
}

/** A table that a narrow page turns into a list of labelled cells; the roles keep it a table for a screen reader. */
function renderTable({ caption, columns, rows }: Extract<Block, { kind: 'table' }>): Markup {
  const kind = ({ number }: Column): MarkupPart => number === true && markup` class="number"`;
  const head = columns.map(
    (column) => markup`<th role="columnheader" scope="col"${kind(column)}>${column.title}</th>`,
  );
  const body = rows.map((row) => {
    const cells = columns.map(
      (column, index) =>
        markup`<td role="cell" data-label="${column.title}"${kind(column)}><span>${renderInline(row[index] ?? '')}</span></td>`,
    );
    return markup`<tr role="row">${cells}</tr>\n`;
  });
  return markup`<table role="table"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${body}</tbody></table>
`;
}

/** What is wider than the page is moved by itself, by keys, too. */
function renderDiagram({ caption, ladder }: Extract<Block, { kind: 'ladder' }>): Markup {
  return markup`<figure><figcaption>${caption}</figcaption>
<div class="ladder" role="group" aria-label="${caption}" tabindex="0">
${renderLadder(ladder, caption)}</div>
${ladder.more > 0 && markup`<p class="small soft">${moreText(ladder.more)}.</p>\n`}</figure>
`;
}

function renderCurves({ caption, plot }: Extract<Block, { kind: 'plot' }>): Markup {
  return markup`<figure><figcaption>${caption}</figcaption>
<div class="curves" role="group" aria-label="${caption}" tabindex="0">
${renderPlot(plot)}</div></figure>
`;
}

function renderFacts(rows: readonly Row[]): Markup {
  return markup`<dl>${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${renderInline(value)}</dd>\n`)}</dl>\n`;
}
