import { makeOpenTimes, NEVER, openSpans, type OpenTimes } from './calendar.ts';
import type { PlannedMode, PlannedRun, SetUpRule, Span, TimetableProblem } from './problem.ts';

/** A problem in numbers: everything by index, nothing looked up by name while searching. */
export interface Compiled {
  readonly problem: TimetableProblem;
  readonly runs: readonly CompiledRun[];
  readonly testbeds: readonly CompiledTestbed[];
  /** By resource: where its units stand in one list of all units, and how many there are. */
  readonly firstUnit: Int32Array;
  readonly capacities: Int32Array;
  readonly units: number;
  readonly openTimes: readonly (OpenTimes | null)[];
  readonly budgets: Int32Array;
  /** Runs with all that they wait for before them. */
  readonly sorted: Int32Array;
  readonly organisations: number;
  readonly shares: Float64Array;
}

export interface CompiledRun {
  readonly index: number;
  readonly organisation: number;
  readonly weight: number;
  readonly release: number;
  /** `NEVER` when it may end whenever it likes. */
  readonly due: number;
  readonly after: Int32Array;
  readonly before: Int32Array;
  readonly staffed: boolean;
  readonly paused: boolean;
  readonly modes: readonly CompiledMode[];
}

export interface CompiledMode {
  /** -1: none. */
  readonly testbed: number;
  readonly duration: number;
  readonly buffer: number;
  /** The same object for modes of a run that need the same. */
  readonly needed: Needed;
  /** Of the resources, those that are not always open. */
  readonly timed: readonly OpenTimes[];
  /** Takes beyond the least that any mode of the run takes, by budget. */
  readonly takes: Int32Array;
}

export interface Needed {
  readonly resources: Int32Array;
  readonly amounts: Int32Array;
}

export interface CompiledTestbed {
  /** Staffed and not closed. Null: always. */
  readonly staffed: OpenTimes | null;
  /** Not closed. Null: always. */
  readonly up: OpenTimes | null;
  /** Set-up minutes by run before and run. */
  readonly setUps: Int32Array;
  /** Set-up minutes of the first run there. */
  readonly firstSetUps: Int32Array;
}

/** @param problem one that `checkProblem` has nothing against */
export function compile(problem: TimetableProblem): Compiled {
  const { runs, testbeds, resources, budgets, horizon } = problem;
  const times = memo((key: string) => makeOpenTimes(JSON.parse(key) as readonly Span[], horizon));
  const open = (spans: readonly Span[] | null, closed: readonly Span[]): OpenTimes | null =>
    spans === null && closed.length === 0 ? null : times(JSON.stringify(openSpans(spans, closed, horizon)));
  const openTimes = resources.map((resource) => open(resource.open, []));
  const organisations = [...new Set(runs.map(({ organisation }) => organisation))].sort();
  const least = runs.map((run) => leastTakes(run, budgets));
  const left = budgets.map(({ amount }, b) => amount - sum(least.map((takes) => takes[b] ?? 0)));
  const setUps = memo((key: string) => setUpMatrix(JSON.parse(key) as SetUpRule, runs));
  const places = indexOf(runs);
  const followers = followersOf(runs, places);
  const compileMode = modeCompiler(problem, openTimes);
  return {
    problem,
    runs: runs.map((run, index) => ({
      index,
      organisation: organisations.indexOf(run.organisation),
      weight: run.weight,
      release: run.release,
      due: run.due ?? NEVER,
      after: Int32Array.from(run.after, (id) => places.get(id) ?? 0),
      before: Int32Array.from(followers[index] ?? []),
      staffed: run.hours === 'staffed',
      paused: run.hours === 'paused',
      modes: run.modes.map((mode) => compileMode(mode, least[index] ?? [])),
    })),
    testbeds: testbeds.map(({ staffed, closed, setUp, holds }) => ({
      staffed: open(staffed, closed),
      up: open(null, closed),
      setUps: setUps(JSON.stringify(setUp)),
      firstSetUps: firstSetUps(setUp, holds, runs),
    })),
    ...unitsOf(resources.map(({ capacity }) => capacity)),
    openTimes,
    budgets: Int32Array.from(left),
    sorted: Int32Array.from(sortedRuns(problem)),
    organisations: organisations.length,
    shares: Float64Array.from(organisations, (id) => problem.shares[id] ?? 1),
  };
}

type CompileMode = (mode: PlannedMode, least: readonly number[]) => CompiledMode;

function modeCompiler(
  { testbeds, resources, budgets }: TimetableProblem,
  openTimes: readonly (OpenTimes | null)[],
): CompileMode {
  const [beds, things] = [indexOf(testbeds), indexOf(resources)];
  const needs = memo((key: string): Needed => {
    const some = Object.entries(JSON.parse(key) as Record<string, number>).filter(([, amount]) => amount > 0);
    return {
      resources: Int32Array.from(some, ([id]) => things.get(id) ?? 0),
      amounts: Int32Array.from(some, ([, amount]) => amount),
    };
  });
  return ({ testbed, duration, buffer, needs: wants, takes }, least) => {
    const needed = needs(JSON.stringify(wants));
    return {
      testbed: testbed === null ? -1 : (beds.get(testbed) ?? -1),
      duration,
      buffer,
      needed,
      timed: [...new Set([...needed.resources].flatMap((r) => openTimes[r] ?? []))],
      takes: Int32Array.from(budgets, ({ id }, b) => (takes[id] ?? 0) - (least[b] ?? 0)),
    };
  };
}

function indexOf(list: readonly { readonly id: string }[]): ReadonlyMap<string, number> {
  return new Map(list.map(({ id }, index) => [id, index]));
}

function unitsOf(capacities: readonly number[]): Pick<Compiled, 'firstUnit' | 'capacities' | 'units'> {
  let units = 0;
  const firstUnit = Int32Array.from(capacities, (capacity) => (units += capacity) - capacity);
  return { firstUnit, capacities: Int32Array.from(capacities), units };
}

function followersOf(runs: readonly PlannedRun[], places: ReadonlyMap<string, number>): readonly number[][] {
  const followers: number[][] = runs.map(() => []);
  for (const [index, { after }] of runs.entries())
    for (const id of after) followers[places.get(id) ?? 0]?.push(index);
  return followers;
}

function leastTakes(run: PlannedRun, budgets: TimetableProblem['budgets']): readonly number[] {
  return budgets.map(({ id }) => Math.min(...run.modes.map(({ takes }) => takes[id] ?? 0)));
}

function setUpMatrix(rule: SetUpRule, runs: readonly PlannedRun[]): Int32Array {
  const count = runs.length;
  const matrix = new Int32Array(count * count);
  if (rule.kind === 'byRun') {
    for (const [i, before] of runs.entries())
      for (const [j, run] of runs.entries()) matrix[i * count + j] = rule.minutes[before.id]?.[run.id] ?? 0;
    return matrix;
  }
  for (const [role, minutes] of Object.entries(rule.minutes)) {
    const names = [...new Set(runs.flatMap(({ roles }) => roles[role] ?? []))];
    const numbers = new Map(names.map((name, index) => [name, index + 1]));
    const wanted = Int32Array.from(runs, ({ roles }) => numbers.get(roles[role] ?? '') ?? 0);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++)
        if (wanted[j] !== 0 && wanted[j] !== wanted[i])
          matrix[i * count + j] = (matrix[i * count + j] ?? 0) + minutes;
  }
  return matrix;
}

function firstSetUps(
  rule: SetUpRule,
  holds: Readonly<Record<string, string>>,
  runs: readonly PlannedRun[],
): Int32Array {
  if (rule.kind === 'byRun') return new Int32Array(runs.length);
  const minutes = Object.entries(rule.minutes);
  return Int32Array.from(runs, ({ roles }) =>
    sum(minutes.map(([role, each]) => (roles[role] === undefined || roles[role] === holds[role] ? 0 : each))),
  );
}

/** Runs with all that they wait for before them; shorter than the list of runs when they wait in a circle. */
export function sortedRuns({ runs }: Pick<TimetableProblem, 'runs'>): readonly number[] {
  const places = new Map(runs.map(({ id }, index) => [id, index]));
  const followers = followersOf(runs, places);
  const waits = runs.map(({ after }) => after.length);
  const ready = waits.flatMap((count, index) => (count === 0 ? [index] : []));
  for (const index of ready)
    for (const follower of followers[index] ?? []) {
      const left = (waits[follower] ?? 0) - 1;
      waits[follower] = left;
      if (left === 0) ready.push(follower);
    }
  return ready;
}

function memo<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
