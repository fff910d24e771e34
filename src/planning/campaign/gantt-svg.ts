import type { PlannedEntry } from '../timetable/plan.ts';
import type { Span } from '../timetable/problem.ts';
import type { CampaignPlan } from './campaign-plan.ts';
import { makeTimeText } from './times.ts';

const LEFT = 190;
const WIDTH = 1180;
const ROW = 44;
const TOP = 64;
const LEGEND = 30;
const COLOURS = ['#2f6db5', '#c2571a', '#3b8a3e', '#7b4fa3', '#a8326b', '#4d7a86', '#8a6d1f', '#555f9e'];
const MINUTE_MS = 60_000;

/** The timetable as a picture: a row a slot, staffed hours white, set-up hatched, a colour a test plan. Deterministic. */
export function renderGanttSvg(plan: CampaignPlan): string {
  const { problem, timetable } = plan;
  const first = Math.min(...timetable.entries.map(({ setUpStart }) => setUpStart));
  const end = Math.max(1, timetable.objective.makespan);
  const start = Math.max(0, first - Math.ceil((end - first) * 0.02));
  const x = (minute: number): number => LEFT + ((minute - start) / (end - start)) * (WIDTH - LEFT - 16);
  const height = TOP + problem.testbeds.length * ROW + LEGEND;
  const plans = [...new Set(plan.runs.map((run) => run.plan.id))];
  const view: View = {
    plan,
    x,
    start,
    end,
    colourOf: (id) => COLOURS[plans.indexOf(id) % COLOURS.length] ?? '#555',
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="DejaVu Sans, Arial, sans-serif" font-size="11" role="img" aria-label="${escape(`timetable of ${plan.campaign}`)}">`,
    '<defs><pattern id="set-up" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><rect width="2" height="6" fill="#8a8f98"/></pattern></defs>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="22" font-size="15" font-weight="bold">${escape(plan.campaign)}</text>`,
    `<text x="${WIDTH - 16}" y="22" text-anchor="end" fill="#555">${plan.runs.length} runs, times in ${escape(plan.timeZone)}</text>`,
    ...problem.testbeds.flatMap(({ id, staffed, closed }, row) => rowOf(view, { id, staffed, closed, row })),
    ...ticks(view, TOP + problem.testbeds.length * ROW),
    ...timetable.entries.flatMap((entry) => barOf(view, entry)),
    ...plans.map((id, index) =>
      legend(id, { x: LEFT + index * 170, y: height - 10, colour: view.colourOf(id) }),
    ),
    `<rect x="12" y="${height - 19}" width="12" height="11" fill="url(#set-up)" stroke="#8a8f98"/><text x="30" y="${height - 9}">set-up</text><rect x="84" y="${height - 19}" width="12" height="11" fill="#e7e9ee"/><text x="102" y="${height - 9}">not staffed</text>`,
    '</svg>',
    '',
  ].join('\n');
}

interface View {
  readonly plan: CampaignPlan;
  readonly x: (minute: number) => number;
  readonly start: number;
  readonly end: number;
  readonly colourOf: (plan: string) => string;
}

interface Row {
  readonly id: string;
  readonly staffed: readonly Span[] | null;
  readonly closed: readonly Span[];
  readonly row: number;
}

function rowOf({ x, start, end }: View, { id, staffed, closed, row }: Row): readonly string[] {
  const y = TOP + row * ROW;
  const span = ({ from, to }: Span, fill: string): readonly string[] => {
    const [a, b] = [Math.max(start, from), Math.min(end, to)];
    return a < b
      ? [`<rect x="${num(x(a))}" y="${y}" width="${num(x(b) - x(a))}" height="${ROW}" fill="${fill}"/>`]
      : [];
  };
  return [
    ...(staffed === null ? [] : span({ from: start, to: end }, '#e7e9ee')),
    ...(staffed ?? []).flatMap((one) => span(one, '#fff')),
    ...closed.flatMap((one) => span(one, '#d4d7de')),
    `<text x="12" y="${y + ROW / 2 + 4}" font-size="12">${escape(id)}</text>`,
    `<line x1="12" x2="${WIDTH - 16}" y1="${y + ROW}" y2="${y + ROW}" stroke="#c9cdd6"/>`,
  ];
}

/** Hours or days, so that about ten of them are there. */
function ticks({ plan, x, start, end }: View, bottom: number): readonly string[] {
  const steps = [5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 7200, 10_080, 43_200];
  const step = steps.find((minutes) => (end - start) / minutes <= 10) ?? 43_200;
  const at = makeTimeText(plan);
  const offset = Math.floor(plan.origin / MINUTE_MS) % step;
  const marks: string[] = [];
  for (let minute = start + step - ((offset + start) % step); minute < end; minute += step) {
    const [day = '', date = '', month = '', time = ''] = at(minute).split(' ');
    marks.push(
      `<line x1="${num(x(minute))}" x2="${num(x(minute))}" y1="${TOP}" y2="${bottom}" stroke="#c9cdd6" stroke-dasharray="2 3"/>`,
      `<text x="${num(x(minute))}" y="${TOP - 20}" text-anchor="middle" fill="#555">${day} ${date} ${month}</text><text x="${num(x(minute))}" y="${TOP - 7}" text-anchor="middle" fill="#555">${time}</text>`,
    );
  }
  return marks;
}

function barOf({ plan, x, colourOf }: View, entry: PlannedEntry): readonly string[] {
  const row = plan.problem.testbeds.findIndex(({ id }) => id === entry.testbed);
  const run = plan.runs.find(({ key }) => key === entry.run);
  if (row < 0 || run === undefined) return [];
  const y = TOP + row * ROW + 7;
  const width = Math.max(2, x(entry.end) - x(entry.start));
  const at = makeTimeText(plan);
  const title = `${run.key}: ${run.plan.id} on ${run.subjects.join(' + ')}, ${at(entry.start)} to ${at(entry.end)}`;
  const setUp =
    entry.setUpStart < entry.start
      ? [
          `<rect x="${num(x(entry.setUpStart))}" y="${y}" width="${num(x(entry.start) - x(entry.setUpStart))}" height="${ROW - 14}" fill="url(#set-up)"/>`,
        ]
      : [];
  const label =
    width > 26
      ? `<text x="${num(x(entry.start) + width / 2)}" y="${y + 19}" text-anchor="middle" fill="#fff">${run.key}</text>`
      : `<text x="${num(x(entry.start) - 3)}" y="${y + 19}" text-anchor="end" fill="#222" stroke="#fff" stroke-width="3" paint-order="stroke">${run.key}</text>`;
  return [
    '<g>',
    `<title>${escape(title)}</title>`,
    ...setUp,
    `<rect x="${num(x(entry.start))}" y="${y}" width="${num(width)}" height="${ROW - 14}" rx="2" fill="${colourOf(run.plan.id)}"/>`,
    label,
    '</g>',
  ];
}

function legend(
  id: string,
  { x, y, colour }: { readonly x: number; readonly y: number; readonly colour: string },
): string {
  return `<rect x="${x}" y="${y - 9}" width="12" height="11" fill="${colour}"/><text x="${x + 18}" y="${y + 1}">${escape(id)}</text>`;
}

function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;').replace(/"/gu, '&quot;');
}
