import { renderTable, wrap } from './render-table.ts';
import type { CampaignPlan } from '../app/campaign-plans.ts';
import {
  coverageLines,
  headLines,
  makeTimeText,
  renderGanttText,
  storyLines,
} from '../app/campaign-plans.ts';

const WIDTH = 100;

/** A plan for people: what it comes to, what is covered, when and where, and what is left out. */
export function renderPlan(plan: CampaignPlan): string {
  const { leftOut, remarks } = plan;
  return [
    plan.campaign,
    ...bullets([...headLines(plan), ...storyLines(plan)]),
    '',
    'coverage',
    ...bullets(coverageLines(plan)),
    '',
    renderGanttText(plan),
    renderEntries(plan),
    ...(leftOut.length > 0 ? ['', 'left out'] : []),
    ...bullets(
      leftOut.map(
        ({ plan: id, subjects, reason }) =>
          `${id} on ${subjects.join(' + ')}: ${reason.code}: ${reason.text}`,
      ),
    ),
    ...(remarks.length > 0 ? ['', 'remarks'] : []),
    ...bullets(remarks.map(({ code, text }) => `${code}: ${text}`)),
    '',
  ].join('\n');
}

/** What there is to say of a plan beside the runs themselves. */
export function renderPlanHead(revision: number, plan: CampaignPlan): string {
  return [`\nplan, revision ${revision}`, ...bullets([...headLines(plan), ...storyLines(plan)]), ''].join(
    '\n',
  );
}

/** When and where, as picture and table. */
export function renderCalendarText(plan: CampaignPlan): string {
  return [plan.campaign, '', renderGanttText(plan), renderEntries(plan), ''].join('\n');
}

export function bullets(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    wrap(line, WIDTH - 4).map((part, index) => `${index === 0 ? '  ' : '    '}${part}`),
  );
}

function renderEntries(plan: CampaignPlan): string {
  const at = makeTimeText(plan);
  const runs = new Map(plan.runs.map((run) => [run.key, run]));
  return renderTable(
    ['run', 'set-up from', 'from', 'to', 'testbed', 'plan', 'products'],
    plan.timetable.entries.map(({ run: key, setUpStart, start, end, testbed }) => {
      const run = runs.get(key);
      const setUp = setUpStart < start ? at(setUpStart).slice(-5) : '-';
      return [
        key,
        setUp,
        at(start),
        at(end).slice(-5),
        testbed ?? '-',
        run?.plan.id ?? '',
        run?.subjects.join(' + ') ?? '',
      ];
    }),
  );
}
