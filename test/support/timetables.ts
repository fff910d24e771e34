import type { PlannedEntry } from '../../src/planning/timetable/plan.ts';
import type {
  PlannedMode,
  PlannedRun,
  PlannedTestbed,
  Span,
  TimetableProblem,
} from '../../src/planning/timetable/problem.ts';
import type { Random } from '../../src/planning/random.ts';

export function aPlannedMode(changes: Partial<PlannedMode> = {}): PlannedMode {
  return { testbed: 'bed-1', duration: 60, buffer: 0, needs: {}, takes: {}, ...changes };
}

export function aPlannedRun(id: string, changes: Partial<PlannedRun> = {}): PlannedRun {
  return {
    id,
    organisation: 'lab-north',
    weight: 1,
    release: 0,
    due: null,
    after: [],
    roles: {},
    hours: 'any',
    modes: [aPlannedMode()],
    ...changes,
  };
}

export function aPlannedTestbed(id: string, changes: Partial<PlannedTestbed> = {}): PlannedTestbed {
  return { id, staffed: null, closed: [], setUp: { kind: 'byRole', minutes: {} }, holds: {}, ...changes };
}

export function aTimetableProblem(changes: Partial<TimetableProblem> = {}): TimetableProblem {
  return {
    horizon: 10_000,
    testbeds: [aPlannedTestbed('bed-1')],
    resources: [],
    budgets: [],
    runs: [aPlannedRun('a'), aPlannedRun('b')],
    lines: [],
    shares: {},
    ...changes,
  };
}

/** Small enough for trying everything, with everything that can be in a problem. */
export function aRandomProblem(random: Random, kind: 'project' | 'campaign'): TimetableProblem {
  const { below, next } = random;
  const horizon = 160;
  const spans = (): readonly Span[] =>
    Array.from({ length: 8 }, (_, day) => ({ from: day * 20 + below(4), to: day * 20 + 12 + below(8) }));
  const capacities = [1, 1 + below(3), 1 + below(3)];
  const resources = capacities.map((capacity, r) => ({
    id: `r${r}`,
    capacity,
    open: kind === 'campaign' && r === 2 && next() < 0.3 ? spans() : null,
  }));
  const beds = kind === 'campaign' ? 1 + below(2) : 0;
  const testbeds = Array.from({ length: beds }, (_, b) =>
    aPlannedTestbed(`bed-${b}`, {
      staffed: next() < 0.7 ? spans() : null,
      closed: next() < 0.3 ? [{ from: 3 + below(5), to: 9 + below(9) }] : [],
      setUp: { kind: 'byRole', minutes: { ru: 1 + below(3), du: below(3) } },
      holds: next() < 0.5 ? { ru: 'ru-0' } : {},
    }),
  );
  const amounts = (): Record<string, number> =>
    Object.fromEntries(capacities.flatMap((most, r) => (next() < 0.4 ? [[`r${r}`, 1 + below(most)]] : [])));
  const runs = Array.from({ length: 2 + below(3) }, (_, i) => {
    const needs = amounts();
    const modes = Array.from({ length: Math.max(1, beds, kind === 'project' ? 1 + below(2) : 0) }, (__, m) =>
      aPlannedMode({
        testbed: beds === 0 ? null : `bed-${m}`,
        duration: 1 + below(6),
        needs: kind === 'project' ? amounts() : needs,
      }),
    );
    return aPlannedRun(`run-${i}`, {
      release: kind === 'campaign' && next() < 0.3 ? below(10) : 0,
      after: i > 0 && next() < 0.3 ? [`run-${below(i)}`] : [],
      roles: { ru: `ru-${below(2)}`, du: `du-${below(2)}` },
      hours: kind === 'project' ? 'any' : (['any', 'any', 'staffed', 'paused'] as const)[below(4)]!,
      modes,
    });
  });
  return { horizon, testbeds, resources, budgets: [], runs, lines: [], shares: {} };
}

/**
 * The shortest makespan by trying every order and every choice of modes, minute by minute; null when nothing fits. Each
 * run comes as early as the ones before it allow, which loses nothing.
 */
export function bruteForceMakespan(problem: TimetableProblem): number | null {
  let best: number | null = null;
  const extend = (placed: readonly PlannedEntry[]): void => {
    const so = Math.max(0, ...placed.map(({ end }) => end));
    if (best !== null && so >= best) return;
    if (placed.length === problem.runs.length) {
      best = so;
      return;
    }
    const done = new Set(placed.map(({ run }) => run));
    for (const run of problem.runs) {
      if (done.has(run.id) || !run.after.every((id) => done.has(id))) continue;
      for (const mode of run.modes.keys()) {
        const entry = earliest(problem, placed, { run, mode });
        if (entry !== null) extend([...placed, entry]);
      }
    }
  };
  extend([]);
  return best;
}

function earliest(
  problem: TimetableProblem,
  placed: readonly PlannedEntry[],
  { run, mode }: { readonly run: PlannedRun; readonly mode: number },
): PlannedEntry | null {
  for (let start = 0; start < problem.horizon; start++) {
    const entry = entryAt(problem, placed, { run, mode, start });
    if (entry !== null) return entry;
  }
  return null;
}

function entryAt(
  problem: TimetableProblem,
  placed: readonly PlannedEntry[],
  { run, mode: m, start }: { readonly run: PlannedRun; readonly mode: number; readonly start: number },
): PlannedEntry | null {
  const mode = run.modes[m]!;
  const bed = problem.testbeds.find(({ id }) => id === mode.testbed);
  const within = (spans: readonly Span[], t: number): boolean =>
    spans.some(({ from, to }) => from <= t && t < to);
  const up = (t: number): boolean => bed === undefined || !within(bed.closed, t);
  const staffed = (t: number): boolean =>
    bed === undefined || (up(t) && (bed.staffed === null || within(bed.staffed, t)));
  const here = placed.filter(({ testbed }) => testbed !== null && testbed === mode.testbed);
  const last = here.reduce<PlannedEntry | null>((a, b) => (a === null || b.end >= a.end ? b : a), null);
  const there = last === null ? bed?.holds : problem.runs.find(({ id }) => id === last.run)?.roles;
  const minutes = bed?.setUp.kind === 'byRole' ? bed.setUp.minutes : {};
  let setUp = 0;
  for (const [role, each] of Object.entries(minutes)) if (run.roles[role] !== there?.[role]) setUp += each;
  let begin = start;
  while (setUp > 0 && begin >= 0) if (staffed(--begin)) setUp--;
  let [end, worked] = [start, 0];
  if (run.hours === 'paused' && !staffed(start)) return null;
  for (; worked < mode.duration && end <= problem.horizon; end++) {
    if (run.hours === 'paused') worked += staffed(end) ? 1 : 0;
    else if (run.hours === 'staffed' ? staffed(end) : up(end)) worked++;
    else return null;
  }
  const ready = Math.max(
    run.release,
    ...run.after.map((id) => placed.find((one) => one.run === id)?.end ?? 0),
  );
  if (begin < Math.max(ready, last?.end ?? 0) || end > problem.horizon) return null;
  for (const [id, amount] of Object.entries(mode.needs)) {
    const resource = problem.resources.find((one) => one.id === id)!;
    for (let t = begin; t < end; t++) {
      const used = placed
        .filter((one) => one.setUpStart <= t && t < one.end)
        .reduce(
          (sum, one) => sum + (problem.runs.find((r) => r.id === one.run)!.modes[one.mode]!.needs[id] ?? 0),
          0,
        );
      if (used + amount > resource.capacity) return null;
      if (resource.open !== null && !within(resource.open, t)) return null;
    }
  }
  return { run: run.id, mode: m, testbed: mode.testbed, setUpStart: begin, start, end };
}
