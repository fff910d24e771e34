import type { Cover } from '../document/cover.ts';

/** The colours, in light and in the dark. */
export const PALETTE = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --card: #ffffff; --ink: #1b2127; --soft: #56616c; --line: #dfe3e6; --accent: #0d5a63;
  --pass: #14653a; --pass-bg: #e6f4ec; --fail: #a11d18; --fail-bg: #fceae8;
  --open: #744800; --open-bg: #fcf2dc; --error: #662a80; --error-bg: #f5ecf9; --rest: #47535e; --rest-bg: #edf0f2;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c; --card: #1b2126; --ink: #e8ebed; --soft: #a5b0ba; --line: #333c44; --accent: #7fc9d1;
    --pass: #86d9a8; --pass-bg: #173326; --fail: #ff9d95; --fail-bg: #44201e;
    --open: #f0c573; --open-bg: #3b2f15; --error: #dfaaf5; --error-bg: #38213f; --rest: #b9c4cd; --rest-bg: #2a323a;
  }
}
`;

/** The whole style of a report: light and dark, wide and narrow, screen and paper. No fonts or images from outside. */
export const STYLE = `${PALETTE}* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  -webkit-text-size-adjust: 100%;
}
main, header, footer, nav { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 3rem; }
nav { margin-top: 2rem; }
nav ol { columns: 2 16rem; margin: 0; padding: 1rem 1.375rem 1rem 2.5rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); font-size: .9375rem; }
nav li { padding: .125rem 0; break-inside: avoid; overflow-wrap: anywhere; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; padding-bottom: 3rem; color: var(--soft); font-size: .875rem; }
h1, h2, h3, h4 { line-height: 1.25; margin: 0; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 2.25rem; font-weight: 650; letter-spacing: -.02em; }
h2 { font-size: 1.375rem; font-weight: 650; margin: 3.25rem 0 .75rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.0625rem; font-weight: 650; }
section > h3 { margin-top: 1.5rem; }
h4 { font-size: .875rem; font-weight: 650; margin: 1.25rem 0 .375rem; color: var(--soft); }
p { margin: .5rem 0; max-width: 46rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
.end { text-align: center; letter-spacing: .08em; margin: 1.5rem auto 0; color: var(--ink); }
.over { margin: 0 0 .375rem; color: var(--accent); font-weight: 600; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
code, .digest { font: .8125em/1.5 ui-monospace, "SFMono-Regular", Menlo, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.verdict { display: flex; flex-wrap: wrap; gap: 1rem 1.25rem; align-items: center; margin: 1.75rem 0 0; padding: 1.125rem 1.375rem; border-radius: .75rem; }
.verdict p { margin: 0; flex: 1 1 20rem; color: var(--ink); }
.verdict strong { font-size: 1.625rem; letter-spacing: -.01em; white-space: nowrap; }
.tag { display: inline-block; padding: .0625rem .5625rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600; white-space: nowrap; line-height: 1.6; }
.is-pass { color: var(--pass); background: var(--pass-bg); }
.is-fail { color: var(--fail); background: var(--fail-bg); }
.is-open { color: var(--open); background: var(--open-bg); }
.is-error { color: var(--error); background: var(--error-bg); }
.is-rest { color: var(--rest); background: var(--rest-bg); }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 1rem 0 0; padding: 0; }
.counts li { border-radius: .625rem; padding: .5rem .875rem; font-size: .875rem; }
.counts b { font-size: 1.125rem; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3125rem 1.5rem; margin: 1.25rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.note { background: var(--open-bg); padding: .75rem 1.125rem; border-radius: .75rem; margin: 1.25rem 0 0; max-width: none; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 0; font-size: .9375rem; }
figure { margin: .75rem 0 0; }
.curves { overflow-x: auto; margin: .75rem 0 0; } .curves > svg { display: block; min-width: 36rem; max-width: 52rem; }
caption, figcaption { text-align: left; color: var(--soft); font-size: .875rem; padding-bottom: .375rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; font-size: .8125rem; color: var(--soft); white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.number + td:not(.number), th.number + th:not(.number) { padding-left: 1.25rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.125rem 1.375rem; margin: 1rem 0 0; }
article > .head { display: flex; flex-wrap: wrap; gap: .375rem .75rem; align-items: baseline; justify-content: space-between; }
article table { font-size: .875rem; }
.plain { margin: .5rem 0 0; padding: 0; list-style: none; }
.plain li { padding: .3125rem 0; overflow-wrap: anywhere; }
article dl { font-size: .875rem; gap: .125rem 1.25rem; margin-top: .75rem; grid-template-columns: minmax(7rem, 13rem) 1fr; }
@media screen and (max-width: 40rem) {
  main, header, footer, nav { padding-left: 1.125rem; padding-right: 1.125rem; }
  header { padding-top: 1.75rem; } h1 { font-size: 1.75rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } dt { font-size: .8125rem; }
  article { padding: 1rem; } article dl { grid-template-columns: 1fr; gap: 0; }
  table, caption, tbody, tr, td { display: block; } thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td, td.number, td.number + td:not(.number) { display: grid; grid-template-columns: 6.5rem 1fr; gap: .75rem; border: 0; padding: .125rem 0; text-align: left; white-space: normal; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .8125rem; }
  td > * { justify-self: start; }
}
@media print {
  :root {
    font-size: 9pt; color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #0d5a63;
    --pass: #14653a; --pass-bg: #e6f4ec; --fail: #a11d18; --fail-bg: #fceae8;
    --open: #744800; --open-bg: #fcf2dc; --error: #662a80; --error-bg: #f5ecf9; --rest: #47535e; --rest-bg: #edf0f2;
  }
  body { font-size: 1rem; } main, header, footer { max-width: none; padding: 0; } header { padding-top: 6mm; }
  nav { display: none; } a { color: inherit; text-decoration: none; }
  h1 { font-size: 22pt; } h2 { font-size: 14pt; margin-top: 9mm; } section:first-of-type > h2 { break-before: page; border: 0; margin-top: 0; padding-top: 0; }
  h2, h3, h4, caption, figcaption, .head { break-after: avoid; } tr, .verdict, .counts li, dt, dd, .note, .ladder > svg, .curves { break-inside: avoid; }
  thead { display: table-header-group; }
  .ladder { overflow: visible; } .ladder > svg { min-width: 0 !important; }
  .verdict, .tag, .counts li, .note { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  article { break-inside: auto; border-radius: 0; padding: 3mm 4mm; }
  footer { break-inside: avoid; }
}
`;

/** Running heads of printed pages, where a browser knows them. Only digits, letters and dashes of ours come in here. */
export function pageMargins({ payloadSha256, revision, issuedAt }: Cover): string {
  const digest = payloadSha256.replace(/[^0-9a-f]/gu, '');
  const day = issuedAt.replace(/[^0-9TZ:.-]/gu, '').slice(0, 10);
  const box = 'font: 7pt ui-monospace, "Liberation Mono", monospace; color: #444;';
  return `
@page {
  size: A4; margin: 20mm 16mm 18mm;
  @top-left { content: "Test Report, revision ${revision}, issued ${day}"; ${box} }
  @bottom-left { content: "sha256:${digest}"; ${box} }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); ${box} }
}
`;
}
