import { makeOpenTimes, NEVER, openMinutesUntil, openSpans, spanAt, type OpenTimes } from './calendar.ts';
import type { Compiled, CompiledRun } from './compile.ts';
import type { Bound } from './plan.ts';

/**
 * What people’s hours leave: set-up is done while somebody is there, so that of all runs that need the same thing at most one goes
 * on after hours, each time. The staffed time until the end must therefore hold all the work and set-up but the longest runs, one for each time that
 * nobody is there. For things of which a run takes one; runs that may need no set-up count as done after hours.
 *
 * @param least by run, the least staffed minutes of set-up that it can need
 */
export function shiftBounds(compiled: Compiled, least: ArrayLike<number>): readonly Bound[] {
  const { problem, runs, capacities, testbeds } = compiled;
  if (problem.lines.length > 0) return [];
  const hoursOf = makeHoursOf(compiled);
  const users: CompiledRun[][] = problem.resources.map(() => []);
  for (const run of runs) for (const r of commonNeeds(run)) users[r]?.push(run);
  const byResource = problem.resources.flatMap(({ id }, r) => {
    const work = users[r] ?? [];
    const hours = hoursOf(work);
    const units = Array.from({ length: capacities[r] ?? 1 }, () => hours);
    return boundBy({ units, work, least, because: `the work that needs ${id}, set up in staffed hours` });
  });
  const work = runs.filter(({ modes }) => modes.every(({ testbed }) => testbed >= 0));
  const units = testbeds.map(({ staffed }) => staffed);
  return [
    ...byResource,
    ...boundBy({
      ...{ units, work, least, atLeast: setUpOfAll(compiled) },
      because: 'the work of all testbeds, set up in staffed hours',
    }),
  ];
}

/** Of what every mode of the run takes exactly one. */
function commonNeeds({ modes }: CompiledRun): readonly number[] {
  const [first] = modes;
  if (first === undefined) return [];
  return [...first.needed.resources]
    .filter((r) =>
      modes.every(
        ({ needed }) => needed === first.needed || needed.amounts[needed.resources.indexOf(r)] === 1,
      ),
    )
    .filter((r) => first.needed.amounts[first.needed.resources.indexOf(r)] === 1);
}

/** When somebody is at one of the testbeds that these runs may take place at; null: always, or nobody knows. */
function makeHoursOf({ testbeds, problem }: Compiled): (runs: readonly CompiledRun[]) => OpenTimes | null {
  const made = new Map<string, OpenTimes | null>();
  return (runs) => {
    const beds = new Set(runs.flatMap(({ modes }) => modes.map(({ testbed }) => testbed)));
    const hours = new Set([...beds].map((bed) => testbeds[bed]?.staffed ?? null));
    if (hours.has(null)) return null;
    const [only = null] = hours;
    if (hours.size <= 1) return only;
    const key = [...beds].sort((a, b) => a - b).join();
    const known = made.get(key);
    if (known !== undefined) return known;
    const spans = [...hours].flatMap((each) =>
      each === null ? [] : Array.from(each.from, (from, i) => ({ from, to: each.to[i] ?? from })),
    );
    const union = makeOpenTimes(openSpans(spans, [], problem.horizon), problem.horizon);
    made.set(key, union);
    return union;
  };
}

/** Every product that no testbed holds has to be set up somewhere, once at least. */
function setUpOfAll({ problem: { testbeds, runs } }: Compiled): number {
  const minutesOf = (role: string): number =>
    Math.min(...testbeds.map(({ setUp }) => (setUp.kind === 'byRole' ? (setUp.minutes[role] ?? 0) : 0)));
  const held = new Set(testbeds.flatMap(({ holds }) => Object.entries(holds).map((pair) => pair.join())));
  const wanted = new Map(
    runs
      .filter(({ modes }) => modes.every(({ testbed }) => testbed !== null))
      .flatMap(({ roles }) => Object.entries(roles).map((pair) => [pair.join(), pair[0]] as const)),
  );
  return [...wanted].reduce((sum, [pair, role]) => sum + (held.has(pair) ? 0 : minutesOf(role)), 0);
}

interface Shift {
  /** The hours of each unit; null: always. */
  readonly units: readonly (OpenTimes | null)[];
  readonly work: readonly CompiledRun[];
  readonly least: ArrayLike<number>;
  /** Of all of them together, where more is known than what each needs. */
  readonly atLeast?: number;
  readonly because: string;
}

function boundBy({ units, work, least, atLeast = 0, because }: Shift): readonly Bound[] {
  const hours = units.flatMap((each) => each ?? []);
  if (hours.length === 0 || hours.length < units.length) return [];
  const setUp = work.filter(({ index }) => (least[index] ?? 0) > 0);
  if (setUp.length === 0) return [];
  const lengths = setUp.map(({ modes }) => Math.min(...modes.map(({ duration }) => duration)));
  const minutes = setUp.reduce((sum, { index }) => sum + (least[index] ?? 0), 0);
  const needed = lengths.reduce((sum, length) => sum + length, Math.max(atLeast, minutes));
  const longest = sums(lengths.sort((a, b) => b - a));
  const release = Math.min(...work.map((run) => run.release));
  const holds = (end: number): boolean => {
    let [staffed, gaps] = [0, 0];
    for (const each of hours) {
      staffed += openMinutesUntil(each, end) - openMinutesUntil(each, release);
      gaps += spanAt(each, end) - spanAt(each, release) + 1;
    }
    return staffed + (longest[Math.min(gaps, longest.length - 1)] ?? 0) >= needed;
  };
  let [low, high] = [release, Math.max(...hours.map(({ to }) => to[to.length - 1] ?? 0))];
  if (!holds(high)) return [{ makespan: Math.min(high, NEVER), because }];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return [{ makespan: low, because }];
}

/** The first, the first two, … of a list; 0 for none. */
function sums(list: readonly number[]): readonly number[] {
  const result = [0];
  for (const each of list) result.push((result[result.length - 1] ?? 0) + each);
  return result;
}
