import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CATALOGUE } from '../app/catalogue.ts';
import { PROPERTIES, SEEDS, TESTPLANS } from '../app/shipped.ts';
import { type Problem, renderProblem } from '../documents/problem.ts';
import { readSource } from '../documents/source.ts';
import { parseObjectives } from '../inventory/objectives.ts';
import { checkShelf } from '../plans/check-shelf.ts';
import { readProperties } from '../plans/read-properties.ts';
import { type PlanFolder, readPlan, readPlans } from '../plans/read-plans.ts';

export interface CheckedShelf {
  readonly plans: readonly PlanFolder[];
  readonly problems: readonly Problem[];
}

/**
 * The plans in some folders (each a plan's own, or one that holds such folders), held against the procedures and
 * simulators of this release, the objectives of `seeds/`, and each other.
 * @param folders none: the plans that are part of this release
 */
export async function readShelf(folders: readonly string[]): Promise<CheckedShelf> {
  const shelves = await Promise.all((folders.length > 0 ? folders : [shown(TESTPLANS)]).map(readFolder));
  const plans = shelves.flatMap((shelf) => shelf.plans);
  const objectives = await readObjectives();
  const properties = await readProperties(shown(PROPERTIES));
  const problems = [
    ...shelves.flatMap((shelf) => shelf.problems),
    ...objectives.problems,
    ...(properties.ok ? [] : properties.error),
    ...checkShelf(plans, {
      ...CATALOGUE,
      objectives: objectives.ids,
      properties: properties.ok ? properties.value : null,
    }),
  ];
  return { plans, problems };
}

export function renderProblems(problems: readonly Problem[]): string {
  return problems.map((problem) => `${renderProblem(problem)}\n`).join('');
}

async function readFolder(folder: string): Promise<CheckedShelf> {
  if (!existsSync(join(folder, 'plan.yaml'))) return readPlans(folder);
  const plan = await readPlan(folder);
  return plan.ok ? { plans: [plan.value], problems: [] } : { plans: [], problems: plan.error };
}

async function readObjectives(): Promise<{
  readonly ids: ReadonlySet<string> | null;
  readonly problems: readonly Problem[];
}> {
  const source = await readSource(shown(join(SEEDS, 'objectives.yaml')));
  const objectives = source.ok ? parseObjectives(source.value) : source;
  if (!objectives.ok) return { ids: null, problems: objectives.error };
  return { ids: new Set(objectives.value.map(({ id }) => id)), problems: [] };
}

/** Relative to where the person stands, when that is shorter. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== '' && near.length < path.length ? near : path;
}
