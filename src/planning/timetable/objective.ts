import type { Objective, PlannedEntry } from './plan.ts';
import type { PlannedRun, PlannedTestbed, TimetableProblem } from './problem.ts';

/** What a plan costs, by its parts, from its entries alone. */
export function objectiveOf(
  problem: TimetableProblem,
  entries: readonly PlannedEntry[],
  former: readonly PlannedEntry[] = [],
): Objective {
  const runs = new Map(problem.runs.map((run) => [run.id, run]));
  const before = new Map(former.map((entry) => [entry.run, entry]));
  let [weightedTardiness, makespan, moved] = [0, 0, 0];
  const ends = new Map<string, number[]>();
  for (const entry of entries) {
    const run = runs.get(entry.run);
    if (run === undefined) continue;
    const buffer = run.modes[entry.mode]?.buffer ?? 0;
    if (run.due !== null) weightedTardiness += Math.max(0, entry.end + buffer - run.due) * run.weight;
    makespan = Math.max(makespan, entry.end);
    ends.set(run.organisation, [...(ends.get(run.organisation) ?? []), entry.end]);
    const was = before.get(entry.run);
    if (was !== undefined && (was.start !== entry.start || was.testbed !== entry.testbed)) moved++;
  }
  const unfairness = Math.round(unfairnessOf(ends, problem.shares));
  return { weightedTardiness, makespan, setUpMinutes: setUpMinutesOf(problem, entries), unfairness, moved };
}

function unfairnessOf(
  ends: ReadonlyMap<string, readonly number[]>,
  shares: Readonly<Record<string, number>>,
): number {
  if (ends.size < 2) return 0;
  const means = [...ends].map(
    ([organisation, all]) => all.reduce((a, b) => a + b, 0) / all.length / (shares[organisation] ?? 1),
  );
  return Math.max(...means) - Math.min(...means);
}

function setUpMinutesOf(problem: TimetableProblem, entries: readonly PlannedEntry[]): number {
  const runs = new Map(problem.runs.map((run) => [run.id, run]));
  const beds = new Map(problem.testbeds.map((testbed) => [testbed.id, testbed]));
  const last = new Map<string, PlannedRun>();
  let minutes = 0;
  for (const { run: id, testbed } of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const [run, bed] = [runs.get(id), beds.get(testbed ?? '')];
    if (run === undefined || bed === undefined) continue;
    minutes += setUpMinutes(bed, last.get(bed.id) ?? null, run);
    last.set(bed.id, run);
  }
  return minutes;
}

/** Staffed minutes of set-up for a run after another, or as the first. */
export function setUpMinutes(bed: PlannedTestbed, before: PlannedRun | null, run: PlannedRun): number {
  const { setUp, holds } = bed;
  if (setUp.kind === 'byRun') return before === null ? 0 : (setUp.minutes[before.id]?.[run.id] ?? 0);
  const there = before === null ? holds : before.roles;
  return Object.entries(setUp.minutes)
    .filter(([role]) => run.roles[role] !== undefined && run.roles[role] !== there[role])
    .reduce((sum, [, minutes]) => sum + minutes, 0);
}
