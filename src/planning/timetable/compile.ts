import { makeOpenTimes, NEVER, openSpans, type OpenTimes } from './calendar.ts';
import type {
  PlannedMode,
  PlannedRun,
  PlannedTestbed,
  SetUpRule,
  Span,
  TimetableProblem,
} from './problem.ts';

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
  /** Set-up minutes by run before and run: a table, made when it is first asked for. */
  readonly setUps: () => Int32Array;
  /** One cell of the table. */
  readonly setUpAfter: (before: number, run: number) => number;
  /** Set-up minutes of the first run there. */
  readonly firstSetUps: Int32Array;
}

/** @param problem one that `checkProblem` has nothing against */
export function compile(problem: TimetableProblem): Compiled {
  const { runs, testbeds, resources, budgets, horizon } = problem;
  const open = timesMaker(horizon);
  const openTimes = resources.map((resource) => open(resource.open, []));
  const organisations = [...new Set(runs.map(({ organisation }) => organisation))].sort();
  const least = runs.map((run) => leastTakes(run, budgets));
  const left = budgets.map(({ amount }, b) => amount - sum(least.map((takes) => takes[b] ?? 0)));
  const setUps = memo((key: string) => setUpsOf(JSON.parse(key) as SetUpRule, runs));
  const first = memo((key: string) => firstSetUps(JSON.parse(key) as PlannedTestbed, runs));
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
      ...setUps(JSON.stringify(setUp)),
      firstSetUps: first(JSON.stringify({ setUp, holds })),
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
  const needsOf = (wants: PlannedMode['needs']): Pick<CompiledMode, 'needed' | 'timed'> => {
    const some = Object.entries(wants).filter(([, amount]) => amount > 0);
    const indices = some.map(([id]) => things.get(id) ?? 0);
    const amounts = Int32Array.from(some.map(([, amount]) => amount));
    return {
      needed: { resources: Int32Array.from(indices), amounts },
      timed: [...new Set(indices.flatMap((r) => openTimes[r] ?? []))],
    };
  };
  // The modes of a run mostly need the same: then they share what is made of it.
  let last: { readonly wants: PlannedMode['needs']; readonly made: ReturnType<typeof needsOf> } | null = null;
  const nothing = new Int32Array(0);
  return ({ testbed, duration, buffer, needs: wants, takes }, least) => {
    if (last === null || !sameNeeds(last.wants, wants)) last = { wants, made: needsOf(wants) };
    const { needed, timed } = last.made;
    return {
      testbed: testbed === null ? -1 : (beds.get(testbed) ?? -1),
      duration,
      buffer,
      needed,
      timed,
      takes:
        budgets.length === 0
          ? nothing
          : Int32Array.from(budgets, ({ id }, b) => (takes[id] ?? 0) - (least[b] ?? 0)),
    };
  };
}

function sameNeeds(a: PlannedMode['needs'], b: PlannedMode['needs']): boolean {
  for (const id in a) if (a[id] !== b[id]) return false;
  for (const id in b) if (a[id] !== b[id]) return false;
  return true;
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

function setUpsOf(
  rule: SetUpRule,
  runs: readonly PlannedRun[],
): Pick<CompiledTestbed, 'setUps' | 'setUpAfter'> {
  let table: Int32Array | null = null;
  return {
    setUps: () => (table ??= setUpMatrix(rule, runs)),
    setUpAfter: (before, run) => {
      if (table !== null) return table[before * runs.length + run] ?? 0;
      const [first, second] = [runs[before], runs[run]];
      if (first === undefined || second === undefined) return 0;
      if (rule.kind === 'byRun') return rule.minutes[first.id]?.[second.id] ?? 0;
      let minutes = 0;
      for (const role in rule.minutes) {
        const wanted = second.roles[role];
        if (wanted !== undefined && wanted !== first.roles[role]) minutes += rule.minutes[role] ?? 0;
      }
      return minutes;
    },
  };
}

/** Equal calendars become one. */
function timesMaker(
  horizon: number,
): (spans: readonly Span[] | null, closed: readonly Span[]) => OpenTimes | null {
  const made: {
    readonly spans: readonly Span[] | null;
    readonly closed: readonly Span[];
    readonly times: OpenTimes;
  }[] = [];
  return (spans, closed) => {
    if (spans === null && closed.length === 0) return null;
    const known = made.find((each) => sameSpans(each.spans, spans) && sameSpans(each.closed, closed));
    if (known !== undefined) return known.times;
    const times = makeOpenTimes(openSpans(spans, closed, horizon), horizon);
    made.push({ spans, closed, times });
    return times;
  };
}

function sameSpans(a: readonly Span[] | null, b: readonly Span[] | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  return a.length === b.length && a.every(({ from, to }, i) => b[i]?.from === from && b[i].to === to);
}

function setUpMatrix(rule: SetUpRule, runs: readonly PlannedRun[]): Int32Array {
  const count = runs.length;
  const matrix = new Int32Array(count * count);
  if (rule.kind === 'byRun') {
    for (const [i, before] of runs.entries())
      for (const [j, run] of runs.entries()) matrix[i * count + j] = rule.minutes[before.id]?.[run.id] ?? 0;
    return matrix;
  }
  // All that each run ever needs, less what is there already after a run with the same product.
  const roles = Object.entries(rule.minutes).map(([role, minutes]) => ({
    minutes,
    users: usersOf(role, runs),
  }));
  const whole = Int32Array.from(runs, (run) =>
    sum(Object.entries(rule.minutes).map(([role, minutes]) => (run.roles[role] === undefined ? 0 : minutes))),
  );
  for (const [i, run] of runs.entries()) {
    const row = matrix.subarray(i * count, (i + 1) * count);
    row.set(whole);
    for (const { minutes, users } of roles) for (const j of users(run)) row[j] = (row[j] ?? 0) - minutes;
  }
  return matrix;
}

/** By run: the runs with the same product in a role. */
function usersOf(role: string, runs: readonly PlannedRun[]): (run: PlannedRun) => readonly number[] {
  const users = new Map<string, number[]>();
  for (const [j, { roles }] of runs.entries()) {
    const product = roles[role];
    if (product === undefined) continue;
    const list = users.get(product);
    if (list === undefined) users.set(product, [j]);
    else list.push(j);
  }
  return ({ roles }) => users.get(roles[role] ?? '') ?? [];
}

function firstSetUps(
  { setUp, holds }: Pick<PlannedTestbed, 'setUp' | 'holds'>,
  runs: readonly PlannedRun[],
): Int32Array {
  const rows = new Int32Array(runs.length);
  if (setUp.kind === 'byRun') return rows;
  for (const [role, minutes] of Object.entries(setUp.minutes))
    for (const [j, { roles }] of runs.entries())
      if (roles[role] !== undefined && roles[role] !== holds[role]) rows[j] = (rows[j] ?? 0) + minutes;
  return rows;
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
