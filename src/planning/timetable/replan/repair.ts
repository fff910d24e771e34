import { afterOpenMinutes, NEVER } from '../calendar.ts';
import type { Compiled, CompiledRun } from '../compile.ts';
import type { PlannedEntry } from '../plan.ts';
import { bestSeat, makeChart, misfits, modeOf, seat, unseat, type Chart } from './chart.ts';

/** A plan that is being carried out. */
export interface Standing {
  readonly entries: readonly PlannedEntry[];
  /** Runs that have begun (set-up included): they stay where they are, and end as their mode says now. */
  readonly started: readonly string[];
  /** Nothing else may begin before this. */
  readonly now: number;
  /** So many runs may be moved at most; what cannot stay where it was is moved in any case. */
  readonly mayMove: number;
}

/**
 * The standing plan with as little changed as there must be: what still fits stays, what does not is put into gaps.
 *
 * @returns null when something finds no place before the horizon
 */
export function repair(compiled: Compiled, standing: Standing): Chart | null {
  const chart = makeChart(compiled);
  const places = new Map(compiled.problem.runs.map(({ id }, index) => [id, index]));
  const started = new Set(standing.started);
  const known = standing.entries.filter((entry) => {
    const run = places.get(entry.run);
    return run !== undefined && compiled.problem.runs[run]?.modes[entry.mode]?.testbed === entry.testbed;
  });
  const sorted = [...known].sort((a, b) => a.start - b.start || a.end - b.end);
  for (const entry of sorted) {
    const run = places.get(entry.run) ?? 0;
    if (started.has(entry.run)) chart.fixed[run] = 1;
    seat(chart, run, {
      mode: entry.mode,
      begin: entry.setUpStart,
      start: entry.start,
      end: endOf(compiled, run, entry),
    });
  }
  const pending = displace(chart, misfits(chart, compiled.sorted));
  for (const index of compiled.sorted) if ((chart.modes[index] ?? -1) < 0) pending.add(index);
  return settle(chart, pending) ? chart : null;
}

/** When it ends, given how long its mode takes now. */
function endOf({ runs, testbeds }: Compiled, index: number, { mode, start }: PlannedEntry): number {
  const [run, chosen] = [runs[index], runs[index]?.modes[mode]];
  const staffed = testbeds[chosen?.testbed ?? -1]?.staffed ?? null;
  const minutes = chosen?.duration ?? 0;
  return run?.paused === true && staffed !== null
    ? afterOpenMinutes(staffed, start, minutes)
    : start + minutes;
}

/** Takes runs off the chart, and those that no longer fit because of it. */
export function displace(chart: Chart, first: readonly number[]): Set<number> {
  const out = new Set<number>();
  for (let next = [...first]; next.length > 0;) {
    const beside: number[] = [];
    for (const run of next) {
      const bed = chart.beds[modeOf(chart, run)?.testbed ?? -1] ?? [];
      const after = bed[bed.indexOf(run) + 1];
      unseat(chart, run);
      out.add(run);
      if (after !== undefined) beside.push(after);
    }
    next = [
      ...new Set(
        misfits(
          chart,
          beside.filter((run) => !out.has(run)),
        ),
      ),
    ];
  }
  return out;
}

/** Finds a seat for each run that has none, and for those that wait for one which now ends too late. */
export function settle(chart: Chart, pending: Set<number>): boolean {
  const { runs } = chart.compiled;
  while (pending.size > 0) {
    const next = [...pending].find((index) =>
      (runs[index]?.after ?? []).every((before) => !pending.has(before)),
    );
    const run = runs[next ?? -1];
    if (run === undefined) return false;
    const found = bestSeat(chart, run);
    if (found === null) return false;
    pending.delete(run.index);
    seat(chart, run.index, found);
    for (const late of displace(chart, misfits(chart, followersOf(chart, run)))) pending.add(late);
  }
  return true;
}

function followersOf({ modes }: Chart, { before }: CompiledRun): readonly number[] {
  return [...before].filter((index) => (modes[index] ?? -1) >= 0);
}

export function makespanOf({ ends, modes }: Chart): number {
  let last = 0;
  for (let i = 0; i < ends.length; i++) if ((modes[i] ?? -1) >= 0) last = Math.max(last, ends[i] ?? 0);
  return Math.min(last, NEVER);
}
