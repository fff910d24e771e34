import type { Result } from '../../kernel/result.ts';
import type { Reason } from '../../kernel/errors.ts';
import { setUpMinutes } from './objective.ts';
import type { PlannedEntry, Timetable } from './plan.ts';
import type { PlannedTestbed, Span, TimetableProblem } from './problem.ts';
import { solveTimetable, type SolveOptions } from './solve.ts';

/** Why a run does not begin earlier: what it waits for last, first. */
export interface Explanation {
  readonly run: string;
  /** When everything that it needs of itself would have let it begin. */
  readonly mayBegin: number;
  readonly begins: number;
  readonly holds: readonly Hold[];
}

/** One thing that stands in the way, until when, and what would free it. */
export interface Hold {
  readonly what: 'release' | 'run' | 'testbed' | 'resource' | 'hours';
  readonly id: string;
  readonly until: number;
  /** Runs that have it. */
  readonly by: readonly string[];
  readonly text: string;
}

/** What holds a run where it is, at its testbed; those that hold it longest come first. Null: it is not in the plan. */
export function explainWait(
  problem: TimetableProblem,
  entries: readonly PlannedEntry[],
  runId: string,
): Explanation | null {
  const entry = entries.find(({ run }) => run === runId);
  const run = problem.runs.find(({ id }) => id === runId);
  const mode = run?.modes[entry?.mode ?? -1];
  if (entry === undefined || run === undefined || mode === undefined) return null;
  const others = entries.filter((other) => other.run !== runId && other.end <= entry.setUpStart);
  const holds: Hold[] = [];
  if (run.release > 0)
    holds.push({
      what: 'release',
      id: runId,
      until: run.release,
      by: [],
      text: `it is not released before ${run.release}`,
    });
  for (const id of run.after) {
    const until = entries.find((other) => other.run === id)?.end ?? 0;
    holds.push({ what: 'run', id, until, by: [id], text: `it waits for ${id}, which ends at ${until}` });
  }
  const last = latest(others.filter(({ testbed }) => testbed !== null && testbed === entry.testbed));
  if (last !== null) holds.push(held('testbed', entry.testbed ?? '', [last]));
  for (const [id, amount] of Object.entries(mode.needs)) {
    const capacity = problem.resources.find((resource) => resource.id === id)?.capacity ?? 0;
    const blocking = whoHeld(problem, { others, id, spare: capacity - amount });
    if (blocking.length > 0) holds.push(held('resource', id, blocking));
  }
  const mayBegin = Math.max(run.release, ...holds.map(({ until }) => until));
  const bed = problem.testbeds.find(({ id }) => id === entry.testbed);
  if (bed !== undefined && entry.setUpStart > mayBegin)
    holds.push(
      hoursHold(bed, { from: mayBegin, to: entry.setUpStart }, neededSetUp(problem, bed, { entry, last })),
    );
  holds.sort((a, b) => b.until - a.until);
  return { run: runId, mayBegin, begins: entry.setUpStart, holds: holds.filter(({ until }) => until > 0) };
}

function latest(entries: readonly PlannedEntry[]): PlannedEntry | null {
  return entries.reduce<PlannedEntry | null>((a, b) => (a === null || b.end > a.end ? b : a), null);
}

function held(what: 'testbed' | 'resource', id: string, by: readonly PlannedEntry[]): Hold {
  const until = Math.max(...by.map(({ end }) => end));
  const names = by.map(({ run }) => run);
  const text = `${id} is with ${names.join(', ')} until ${until}; free earlier if ${names.length > 1 ? 'one of these' : 'it'} ended earlier or went elsewhere`;
  return { what, id, until, by: names, text };
}

interface Held {
  readonly others: readonly PlannedEntry[];
  readonly id: string;
  readonly spare: number;
}

/** Going back in time, the runs that together left too little, the last to end first. */
function whoHeld({ runs }: TimetableProblem, { others, id, spare }: Held): readonly PlannedEntry[] {
  const needOf = (entry: PlannedEntry): number =>
    runs.find((run) => run.id === entry.run)?.modes[entry.mode]?.needs[id] ?? 0;
  const users = others.filter((entry) => needOf(entry) > 0).sort((a, b) => b.end - a.end);
  const [last] = users;
  if (last === undefined) return [];
  const together = users.filter(({ setUpStart, end }) => setUpStart < last.end && end >= last.end);
  const used = together.reduce((sum, entry) => sum + needOf(entry), 0);
  return used > spare ? together : [];
}

function neededSetUp(
  problem: TimetableProblem,
  bed: PlannedTestbed,
  { entry, last }: { readonly entry: PlannedEntry; readonly last: PlannedEntry | null },
): number {
  const run = (id: string | undefined) => problem.runs.find((one) => one.id === id);
  const own = run(entry.run);
  return own === undefined ? 0 : setUpMinutes(bed, run(last?.run) ?? null, own);
}

function hoursHold(bed: PlannedTestbed, { from, to }: Span, setUp: number): Hold {
  const why =
    setUp > 0 ? `set-up of ${setUp} minutes needs somebody there` : 'nobody is there, or it is closed';
  return {
    what: 'hours',
    id: bed.id,
    until: to,
    by: [],
    text: `from ${from} to ${to} there is no room at ${bed.id}: ${why}; another staffed shift would free it`,
  };
}

/** A change to try: one more testbed like one that is there, or one more staffed shift at all of them. */
export type WhatIf =
  | { readonly kind: 'testbed'; readonly like: string }
  | { readonly kind: 'shift'; readonly every: number; readonly from: number; readonly to: number };

export interface WhatIfAnswer {
  readonly plan: Timetable;
  /** Minutes that the campaign ends earlier (negative: later, as far as was found in this time). */
  readonly savedMinutes: number;
  readonly savedTardiness: number;
}

/** What a change would buy, found by planning again with the same budget. */
export function whatIf(
  problem: TimetableProblem,
  change: WhatIf,
  { plan, ...options }: SolveOptions & { readonly plan: Timetable },
): Result<WhatIfAnswer, readonly Reason[]> {
  const solved = solveTimetable(changed(problem, change), options);
  if (!solved.ok) return solved;
  const { objective } = solved.value;
  return {
    ok: true,
    value: {
      plan: solved.value,
      savedMinutes: plan.objective.makespan - objective.makespan,
      savedTardiness: plan.objective.weightedTardiness - objective.weightedTardiness,
    },
  };
}

/** The problem with the change made. */
export function changed(problem: TimetableProblem, change: WhatIf): TimetableProblem {
  if (change.kind === 'shift') return withShift(problem, change);
  const bed = problem.testbeds.find(({ id }) => id === change.like);
  if (bed === undefined) return problem;
  const id = `${change.like}+1`;
  const runs = problem.runs.map((run) => ({
    ...run,
    modes: run.modes.flatMap((mode) =>
      mode.testbed === change.like ? [mode, { ...mode, testbed: id }] : [mode],
    ),
  }));
  return { ...problem, testbeds: [...problem.testbeds, { ...bed, id, closed: [], holds: {} }], runs };
}

function withShift(problem: TimetableProblem, shift: Extract<WhatIf, { kind: 'shift' }>): TimetableProblem {
  const more: Span[] = [];
  for (let at = 0; shift.every > 0 && at + shift.from < problem.horizon; at += shift.every)
    more.push({ from: at + shift.from, to: Math.min(problem.horizon, at + shift.to) });
  const testbeds = problem.testbeds.map((bed) =>
    bed.staffed === null ? bed : { ...bed, staffed: union([...bed.staffed, ...more]) },
  );
  return { ...problem, testbeds };
}

function union(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || last.to < span.from) result.push(span);
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return result;
}
