import type { Section } from '../document/blocks.ts';
import type { Cover } from '../document/cover.ts';
import type { ReportDocument } from '../document/document.ts';
import { FINDING_LOOK, RESULT_LOOK } from '../looks.ts';
import { LADDER_STYLE } from '../ladder/svg.ts';
import { markup, type Markup, raw } from '../markup.ts';
import { renderBlock } from './blocks.ts';
import { pageMargins, STYLE } from './style.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * The report for people: one file, no scripts, nothing loaded from outside. It is a rendering; what counts is the
 * signed file, whose digest it prints. Every text of the report is escaped: products under test wrote some of it.
 */
export function renderHtml({ cover, sections, ending }: ReportDocument): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${cover.kind}: ${cover.subtitle}: ${cover.result}</title>
<style>${raw(STYLE)}${raw(LADDER_STYLE)}${raw(pageMargins(cover))}</style>
</head>
<body>
${renderCover(cover)}${renderContents(sections)}<main>
${sections.map(renderSection)}</main>
<footer>
${ending.map((line) => markup`<p>${line}</p>\n`)}<p class="end">End of report</p>
</footer>
</body>
</html>
`.text;
}

function renderCover({ kind, title, subtitle, result, sentence, counts, cases, blocks }: Cover): Markup {
  const { symbol, word, tone } = RESULT_LOOK[result];
  const items = counts.map(({ finding, count }) => {
    const look = FINDING_LOOK[finding];
    return markup`<li class="is-${look.tone}"><b>${count}</b> <span aria-hidden="true">${look.symbol}</span> ${look.word}</li>\n`;
  });
  return markup`<header>
<p class="over">${kind}</p>
<h1>${title}</h1>
<p class="soft">${subtitle}</p>
<div class="verdict is-${tone}"><strong><span aria-hidden="true">${symbol}</span> ${word}</strong>
<p>${sentence}</p></div>
<ul class="counts" aria-label="Cases by finding, ${cases} in all">
${items}</ul>
${blocks.map((block) => renderBlock(block))}</header>
`;
}

function renderContents(sections: readonly Section[]): Markup {
  const items = sections.map(
    ({ id, title }) => markup`<li><a href="#${encodeURIComponent(id)}">${title}</a></li>\n`,
  );
  return markup`<nav aria-label="Contents"><ol>\n${items}</ol></nav>\n`;
}

function renderSection({ id, title, blocks }: Section): Markup {
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${blocks.map((block) => renderBlock(block))}</section>
`;
}
