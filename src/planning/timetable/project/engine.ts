import type { Compiled } from '../compile.ts';
import type { Budget, Engine, Sketch } from '../engine.ts';
import type { PlannedEntry } from '../plan.ts';
import type { Random } from '../../random.ts';
import { projectBound } from './bounds.ts';
import { breed, type Found } from './genetic.ts';
import { makeProject, type Project } from './project.ts';

/** The longest plan that is drawn minute by minute. */
const LONGEST = 100_000;

/** Whether nothing but amounts of resources and what waits for what decides: then there is a faster search. */
export function isProject({ problem, runs, organisations, openTimes }: Compiled): boolean {
  const plain = runs.every(
    (run) =>
      run.release === 0 &&
      !run.staffed &&
      !run.paused &&
      run.modes.every(({ testbed, timed }) => testbed < 0 && timed.length === 0),
  );
  const longest = runs.reduce(
    (sum, { modes }) => sum + Math.max(...modes.map(({ duration }) => duration)),
    0,
  );
  return (
    plain &&
    runs.length > 1 &&
    organisations === 1 &&
    problem.runs.every(({ due }) => due === null) &&
    problem.lines.length === 0 &&
    longest <= Math.min(LONGEST, problem.horizon) &&
    openTimes.length <= 64
  );
}

export function projectEngine(compiled: Compiled, budget: Budget, random: Random): Engine {
  const { problem, sorted } = compiled;
  const seats = new Map([...sorted].map((index, place) => [index, place]));
  const project = makeProject({
    capacities: problem.resources.map(({ capacity }) => capacity),
    budgets: problem.budgets.map(({ amount }) => amount),
    activities: [...sorted].map((index) => ({
      after: [...(compiled.runs[index]?.after ?? [])].map((before) => seats.get(before) ?? 0),
      modes: (problem.runs[index]?.modes ?? []).map(({ duration, needs, takes }) => ({
        duration,
        amounts: problem.resources.map(({ id }) => needs[id] ?? 0),
        takes: problem.budgets.map(({ id }) => takes[id] ?? 0),
      })),
    })),
  });
  const { makespan, by } = projectBound(project);
  return {
    name: 'project',
    bound: () => ({ makespan, because: BECAUSE[by] }),
    endsAtBound: true,
    search: sketches(compiled, project, breed(project, { random, size: sizeFor(project, budget) })),
  };
}

const BECAUSE = {
  chain: 'the longest chain of runs',
  energy: 'the work of the busiest resource',
  destructive: 'the work that would have to lie between two moments of a shorter plan',
} as const;

/** How many children a second of CPU makes, roughly, with 120 activities. */
const RATE = 25_000;

/** As many are bred from as the budget lets grow up. */
function sizeFor({ count }: Project, { moves, ms }: Budget): number {
  const children = moves ?? (ms / 1000) * RATE * Math.pow(120 / count, 1.1);
  return Math.round(Math.min(900, Math.max(20, 2.1 * Math.sqrt(children))));
}

function* sketches(
  compiled: Compiled,
  project: Project,
  search: Iterator<Found | null>,
): Iterator<Sketch | null> {
  for (let next = search.next(); next.done !== true; next = search.next()) {
    const found = next.value;
    if (found === null || found.makespan > project.horizon) yield null;
    else yield { makespan: found.makespan, entries: () => entriesOf(compiled, project, found) };
  }
}

function entriesOf({ problem, sorted }: Compiled, project: Project, found: Found): readonly PlannedEntry[] {
  return [...sorted].map((index, i) => {
    const mode = found.modes[i] ?? 0;
    const start = found.starts[i] ?? 0;
    return {
      run: problem.runs[index]?.id ?? '',
      mode: mode - (project.firstMode[i] ?? 0),
      testbed: null,
      setUpStart: start,
      start,
      end: start + (project.durations[mode] ?? 0),
    };
  });
}
