import { afterOpenMinutes, NEVER } from './calendar.ts';
import type { Compiled, CompiledRun } from './compile.ts';
import type { Bound } from './plan.ts';

/** The best of: the longest chain of runs, the work that each resource has to do, the work that the testbeds have to do. */
export function boundOf(compiled: Compiled): Bound {
  return [chainBound(compiled), ...resourceBounds(compiled), testbedBound(compiled)].reduce((a, b) =>
    b.makespan > a.makespan ? b : a,
  );
}

function shortest({ modes }: CompiledRun): number {
  return Math.min(...modes.map(({ duration }) => duration));
}

function chainBound({ runs, sorted, problem }: Compiled): Bound {
  const ends = new Float64Array(runs.length);
  let last = -1;
  for (const index of sorted) {
    const run = runs[index];
    if (run === undefined) continue;
    const ready = run.after.reduce((latest, before) => Math.max(latest, ends[before] ?? 0), run.release);
    ends[index] = ready + shortest(run);
    if (last < 0 || (ends[index] ?? 0) > (ends[last] ?? 0)) last = index;
  }
  const id = problem.runs[last]?.id ?? 'no run';
  return { makespan: ends[last] ?? 0, because: `the chain of runs that ends with ${id}` };
}

/** Every mode of a run needs a product: it is busy that long at least, in its own time. */
function resourceBounds({ runs, problem, openTimes }: Compiled): readonly Bound[] {
  const works = new Float64Array(problem.resources.length);
  const releases = new Int32Array(works.length).fill(NEVER);
  for (const run of runs) {
    const [first] = run.modes;
    const alike = run.modes.every(({ needed }) => needed === first?.needed);
    for (const [x, r] of (first?.needed.resources ?? []).entries()) {
      const least = alike
        ? (first?.needed.amounts[x] ?? 0) * shortest(run)
        : Math.min(...run.modes.map((mode) => amountOf(mode.needed, r) * mode.duration));
      works[r] = (works[r] ?? 0) + least;
      if (least > 0) releases[r] = Math.min(releases[r] ?? NEVER, run.release);
    }
  }
  return problem.resources.map(({ id, capacity }, r) => {
    const [minutes, release] = [Math.ceil((works[r] ?? 0) / capacity), releases[r] ?? NEVER];
    if (minutes === 0) return { makespan: 0, because: id };
    const times = openTimes[r] ?? null;
    const makespan = times === null ? release + minutes : afterOpenMinutes(times, release, minutes);
    return { makespan, because: `the work that needs ${id}` };
  });
}

function amountOf({ resources, amounts }: CompiledRun['modes'][number]['needed'], resource: number): number {
  const at = resources.indexOf(resource);
  return at < 0 ? 0 : (amounts[at] ?? 0);
}

/** All runs that need a testbed, with the least set-up that can come before each but the first of every testbed. */
function testbedBound({ runs, testbeds }: Compiled): Bound {
  const bound = runs.filter(({ modes }) => modes.every(({ testbed }) => testbed >= 0));
  if (bound.length === 0 || testbeds.length === 0) return { makespan: 0, because: 'the testbeds' };
  const setUps = bound.map((run) => leastSetUp(run, { runs, testbeds })).sort((a, b) => a - b);
  const work = bound.reduce((sum, run) => sum + shortest(run), 0);
  // The longest of the least set-ups may each be the first of a testbed, which may stand ready.
  const setUp = setUps.slice(0, Math.max(0, setUps.length - testbeds.length)).reduce((a, b) => a + b, 0);
  const release = Math.min(...bound.map((run) => run.release));
  return {
    makespan: release + Math.ceil((work + setUp) / testbeds.length),
    because: 'the work of all testbeds',
  };
}

function leastSetUp(run: CompiledRun, { runs, testbeds }: Pick<Compiled, 'runs' | 'testbeds'>): number {
  let least = Infinity;
  const rules = new Set(run.modes.map(({ testbed }) => testbeds[testbed]?.setUps()));
  for (const setUps of rules)
    for (let i = 0; i < runs.length; i++)
      if (i !== run.index) least = Math.min(least, setUps?.[i * runs.length + run.index] ?? 0);
  return Number.isFinite(least) ? least : 0;
}
