import type { CampaignPlan } from './campaign-plan.ts';
import { coverageLines, headLines } from './plan-text.ts';
import { explain } from './explain.ts';
import { renderGanttSvg } from './gantt-svg.ts';
import { makeTimeText } from './times.ts';

const STYLE =
  'body{font:14px/1.45 "DejaVu Sans",Arial,sans-serif;margin:2rem;color:#1c1f24}table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.25rem .7rem;border-bottom:1px solid #d4d7de;text-align:left;vertical-align:top}svg{max-width:100%;height:auto}details{max-width:70rem}';

/** A plan as one page that needs nothing from outside. */
export function renderPlanHtml(plan: CampaignPlan): string {
  const at = makeTimeText(plan);
  const runs = new Map(plan.runs.map((run) => [run.key, run]));
  const rows = plan.timetable.entries.map(({ run: key, start, end, setUpStart, testbed }) => {
    const run = runs.get(key);
    const why = (explain(plan, key) ?? []).slice(1).map((line) => `<li>${escape(line)}</li>`);
    const cells = [
      key,
      at(start),
      at(end),
      start - setUpStart,
      testbed ?? '',
      run?.plan.id ?? '',
      run?.subjects.join(' + ') ?? '',
    ];
    return `<tr>${cells.map((cell) => `<td>${escape(String(cell))}</td>`).join('')}<td><details><summary>why</summary><ul>${why.join('')}</ul></details></td></tr>`;
  });
  const left = plan.leftOut.map(
    ({ plan: id, subjects, reason }) =>
      `<li>${escape(`${id} on ${subjects.join(' + ')}: ${reason.text}`)}</li>`,
  );
  const remarks = plan.remarks.map(({ code, text }) => `<li>${escape(`${code}: ${text}`)}</li>`);
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escape(plan.campaign)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escape(plan.campaign)}</h1>`,
    `<p>${headLines(plan).map(escape).join('<br>')}</p>`,
    renderGanttSvg(plan),
    '<h2>Coverage</h2>',
    `<ul>${coverageLines(plan)
      .map((line) => `<li>${escape(line)}</li>`)
      .join('')}</ul>`,
    '<h2>Timetable</h2>',
    `<table><tr><th>run</th><th>from</th><th>to</th><th>set-up, min</th><th>testbed</th><th>plan</th><th>products</th><th></th></tr>${rows.join('')}</table>`,
    ...(left.length > 0 ? ['<h2>Left out</h2>', `<ul>${left.join('')}</ul>`] : []),
    ...(remarks.length > 0 ? ['<h2>Remarks</h2>', `<ul>${remarks.join('')}</ul>`] : []),
    '</body></html>',
    '',
  ].join('\n');
}

function escape(text: string): string {
  return text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;').replace(/"/gu, '&quot;');
}
