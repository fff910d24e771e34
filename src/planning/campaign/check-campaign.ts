import { reason, type Reason } from '../../kernel/errors.ts';
import { checkCoverage } from '../check/coverage.ts';
import { checkTimetable } from '../check/timetable.ts';
import { checkProblem } from '../timetable/check-problem.ts';
import { objectiveOf } from '../timetable/objective.ts';
import type { CampaignPlan } from './campaign-plan.ts';
import type { PlanCoverage } from './pairings.ts';

/**
 * Holds a plan against its own problem, by checkers that know nothing of how plans are made: is anything in two places at once, is
 * everything covered that it says is. `PLAN_BROKEN` each; nothing for a valid plan.
 */
export function checkCampaign(plan: CampaignPlan): readonly Reason[] {
  const { problem, timetable } = plan;
  const impossible = checkProblem(problem);
  if (impossible.length > 0) return impossible;
  const begun = new Set(plan.replanned?.begun ?? []);
  const keys = new Set(plan.runs.map(({ key }) => key).filter((key) => !begun.has(key)));
  const strangers = problem.runs.filter(({ id }) => !keys.has(id)).map(({ id }) => `${id} has no pairing`);
  return [
    ...strangers.map(broken),
    ...(problem.runs.length === keys.size ? [] : [broken('not every pairing is in the timetable')]),
    ...checkTimetable(problem, timetable.entries),
    ...figures(plan),
    ...plan.coverage.flatMap((coverage) => coverageFaults(plan, coverage)),
  ];
}

function broken(text: string): Reason {
  return reason('PLAN_BROKEN', text);
}

/** What it says it costs. */
function figures({ problem, timetable }: CampaignPlan): readonly Reason[] {
  const { makespan, setUpMinutes, weightedTardiness } = objectiveOf(problem, timetable.entries);
  const said = timetable.objective;
  return [
    ['makespan', makespan, said.makespan] as const,
    ['set-up', setUpMinutes, said.setUpMinutes] as const,
    ['weighted tardiness', weightedTardiness, said.weightedTardiness] as const,
  ]
    .filter(([, is, was]) => Math.abs(is - was) > 0.001)
    .map(([what, is, was]) => broken(`${what}: ${was} is said, it is ${is}`));
}

function coverageFaults(plan: CampaignPlan, coverage: PlanCoverage): readonly Reason[] {
  const { factors, forbidden, seeds, strength } = coverage;
  const levelOf = (factor: number, level: string): number => factors[factor]?.levels.indexOf(level) ?? -1;
  const runs = plan.runs.filter((run) => run.plan.id === coverage.plan);
  const left = plan.leftOut.filter((one) => one.plan === coverage.plan);
  const rows = runs.map(({ subjects }) => subjects.map((product, factor) => levelOf(factor, product)));
  const numbered = (row: Readonly<Record<string, string>>): readonly (readonly [number, number])[] =>
    Object.entries(row).map(([name, level]) => {
      const factor = factors.findIndex((one) => one.name === name);
      return [factor, levelOf(factor, level)] as const;
    });
  const findings = checkCoverage({
    levels: factors.map(({ levels }) => levels.length),
    forbidden: forbidden.map(({ forbid }) => numbered(forbid)),
    strata: [{ factors: [...factors.keys()], strength }],
    rows,
    seeds: seeds.map((seed) => {
      const cells = new Map(numbered(seed));
      return factors.map((_, factor) => cells.get(factor) ?? -1);
    }),
  });
  const { uncovered, invalid, examples, lostSeeds, feasible } = findings;
  const promised = feasible - coverage.covered;
  return [
    ...invalid.map((index) => broken(`${runs[index]?.key ?? ''}: its products may not meet`)),
    ...(left.length > 0
      ? []
      : lostSeeds.map((index) => broken(`${coverage.plan}: seed ${index + 1} is in no run`))),
    ...(left.length > 0 || uncovered <= promised
      ? []
      : [
          broken(`${coverage.plan}: ${uncovered} combinations are not covered, such as ${examples[0] ?? ''}`),
        ]),
  ];
}
