import { afterOpenMinutes, NEVER } from './calendar.ts';
import type { Compiled, CompiledRun } from './compile.ts';
import type { Bound } from './plan.ts';
import { shiftBounds } from './shift-bounds.ts';

/**
 * The best of: the longest chain of runs, the work that each resource has to do, the work that the testbeds have to do, and
 * what people’s hours leave.
 */
export function boundOf(compiled: Compiled): Bound {
  const least = leastSetUps(compiled);
  return [
    chainBound(compiled),
    ...resourceBounds(compiled),
    testbedBound(compiled, least),
    ...shiftBounds(compiled, least),
  ].reduce((a, b) => (b.makespan > a.makespan ? b : a));
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

/** All runs that need a testbed, with the least set-up of each. */
function testbedBound({ runs, testbeds }: Compiled, least: Float64Array): Bound {
  const bound = runs.filter(({ modes }) => modes.every(({ testbed }) => testbed >= 0));
  if (bound.length === 0 || testbeds.length === 0) return { makespan: 0, because: 'the testbeds' };
  const work = bound.reduce((sum, run) => sum + shortest(run) + (least[run.index] ?? 0), 0);
  const release = Math.min(...bound.map((run) => run.release));
  return {
    makespan: release + Math.ceil(work / testbeds.length),
    because: 'the work of all testbeds',
  };
}

/** By run: the least set-up that it can need, as the first at one of its testbeds, or after some other run. */
function leastSetUps({ runs, testbeds }: Compiled): Float64Array {
  return Float64Array.from(runs, ({ modes, index }) => {
    let least = Infinity;
    const beds = new Set(modes.flatMap(({ testbed }) => testbeds[testbed] ?? []));
    for (const { firstSetUps } of beds) least = Math.min(least, firstSetUps[index] ?? 0);
    for (const setUps of new Set([...beds].map((bed) => bed.setUps())))
      for (let i = 0; i < runs.length && least > 0; i++)
        if (i !== index) least = Math.min(least, setUps[i * runs.length + index] ?? 0);
    return Number.isFinite(least) ? least : 0;
  });
}
