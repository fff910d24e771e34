import type { CampaignPlan } from './campaign-plan.ts';
import type { PlanCoverage } from './pairings.ts';
import { lengthText, makeTimeText } from './times.ts';

/** What a plan comes to: its size, its length, and how far from the best it may be. */
export function headLines({ runs, leftOut, timetable, ...plan }: CampaignPlan): readonly string[] {
  const { objective, bound, gap, seed, moves } = timetable;
  const at = makeTimeText(plan);
  const late =
    objective.weightedTardiness > 0
      ? `, ${Math.round(objective.weightedTardiness)} weighted minutes late`
      : '';
  const atBest =
    gap === 0 ? 'nothing can be shorter' : `at most ${(gap * 100).toFixed(1)} % longer than can be`;
  return [
    `${runs.length} runs${leftOut.length > 0 ? `, ${leftOut.length} left out` : ''}, until ${at(objective.makespan)} (${plan.timeZone}): ${lengthText(objective.makespan)}, ${lengthText(objective.setUpMinutes)} of set-up${late}`,
    `${atBest}: ${bound.because} takes ${lengthText(bound.makespan)}`,
    `made with seed ${seed} and ${moves} moves`,
  ];
}

/** A line a plan: what is covered, and after how many runs. */
export function coverageLines({ coverage }: Pick<CampaignPlan, 'coverage'>): readonly string[] {
  return coverage.map((one) => {
    const { plan, strength, covered, feasible, prefixes, bound } = one;
    const what = strength === 1 ? 'products' : strength === 2 ? 'pairs' : `combinations of ${strength}`;
    const size = one.factors.map(({ name, levels }) => `${levels.length} ${name}`).join(' × ');
    return `${plan}: ${covered} of ${feasible} possible ${what} (${size}) in ${prefixes.length} runs, no fewer than ${bound} can; ${milestones(one)}`;
  });
}

/** After how many runs a quarter, half, three quarters and everything is covered. */
function milestones({ prefixes, covered }: PlanCoverage): string {
  const shares = [0.25, 0.5, 0.75, 1].map((share) => {
    const runs = prefixes.findIndex((count) => count >= covered * share) + 1;
    return `${Math.round(share * 100)} % after ${runs}`;
  });
  return shares.join(', ');
}

/** What became of a plan that was being carried out; nothing for a first plan. */
export function storyLines({ replanned, runs }: Pick<CampaignPlan, 'replanned' | 'runs'>): readonly string[] {
  if (replanned === undefined) return [];
  const { because, stage, moved, mayMove, begun } = replanned;
  const waiting = runs.length - begun.length;
  const more = because.length > MOST_SAID ? [`and ${because.length - MOST_SAID} more`] : [];
  return [
    `planned again (${stage}), since ${because
      .slice(0, MOST_SAID)
      .map(({ code, text }) => `${code}: ${text}`)
      .concat(more)
      .join('; ')}`,
    `${moved.length} of ${waiting} waiting runs moved${moved.length > 0 ? ` (${moved.join(', ')})` : ''}; without need no more than ${mayMove} may`,
    ...(begun.length > 0 ? [`begun or over: ${begun.join(', ')}`] : []),
  ];
}

const MOST_SAID = 3;
