import { join, resolve } from 'node:path';
import { writeInto } from './export.ts';
import { renderProblem } from '../documents/problem.ts';
import { readSource } from '../documents/source.ts';
import { parseCampaignPlan } from '../inventory/campaign-plan.ts';
import { HarnessError, type Reason } from '../kernel/errors.ts';
import type { CampaignPlan } from '../planning/campaign/campaign-plan.ts';
import { checkCampaign } from '../planning/campaign/check-campaign.ts';
import { renderGanttSvg } from '../planning/campaign/gantt-svg.ts';
import { renderCalendar } from '../planning/campaign/ical.ts';
import { renderPlanHtml } from '../planning/campaign/plan-html.ts';

// What the command line needs of plans, in one place.
export type { CampaignPlan } from '../planning/campaign/campaign-plan.ts';
export { explain } from '../planning/campaign/explain.ts';
export { renderGanttText } from '../planning/campaign/gantt-text.ts';
export { renderCalendar } from '../planning/campaign/ical.ts';
export { coverageLines, headLines, storyLines } from '../planning/campaign/plan-text.ts';
export { lengthText, makeTimeText } from '../planning/campaign/times.ts';
export { variantsOf, WHAT_IFS, type WhatIf } from '../planning/campaign/what-if.ts';

/** The files of a plan in a folder: the plan itself, a picture, a page and a calendar. */
export async function writePlan(plan: CampaignPlan, folder: string): Promise<readonly string[]> {
  const files = {
    'plan.json': `${JSON.stringify(plan, null, 2)}\n`,
    'gantt.svg': renderGanttSvg(plan),
    'plan.html': renderPlanHtml(plan),
    'calendar.ics': renderCalendar(plan, 0),
  };
  const paths = Object.entries(files).map(([name, text]) => ({ path: join(resolve(folder), name), text }));
  for (const { path, text } of paths) await writeInto(path, text);
  return paths.map(({ path }) => path);
}

/** What is wrong with a plan, by the checkers; nothing for one that holds. */
export function checkPlan(plan: CampaignPlan): readonly Reason[] {
  return checkCampaign(plan);
}

export async function readPlanFile(file: string): Promise<CampaignPlan> {
  const source = await readSource(file);
  return readPlan(source.ok ? parseCampaignPlan(source.value) : source);
}

/** A plan as an orchestrator stores it. */
export function planFrom(document: unknown, campaign: string): CampaignPlan {
  return readPlan(parseCampaignPlan({ path: campaign, text: JSON.stringify(document) }));
}

function readPlan(parsed: ReturnType<typeof parseCampaignPlan>): CampaignPlan {
  if (!parsed.ok)
    throw new HarnessError('INPUT_INVALID', parsed.error.slice(0, 20).map(renderProblem).join('\n'));
  // The shape is that of a plan; names were made by nobody that we know.
  return parsed.value as unknown as CampaignPlan;
}
