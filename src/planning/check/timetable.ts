import { reason, type Reason } from '../../kernel/errors.ts';
import type { PlannedEntry } from '../timetable/plan.ts';
import type {
  PlannedMode,
  PlannedResource,
  PlannedRun,
  PlannedTestbed,
  Span,
  TimetableProblem,
} from '../timetable/problem.ts';

/**
 * Holds a plan against its problem, and knows nothing of how plans are made: events in time, plain lists and sums. For
 * whoever must not trust a solver: tests, the store before it writes reservations, `campaign check`.
 *
 * @returns everything that is wrong, `PLAN_BROKEN` each; nothing for a valid plan
 */
export function checkTimetable(
  problem: TimetableProblem,
  entries: readonly PlannedEntry[],
): readonly Reason[] {
  const runs = new Map(problem.runs.map((run) => [run.id, run]));
  const rows: Row[] = [];
  const faults: string[] = [];
  for (const entry of entries) {
    const run = runs.get(entry.run);
    const mode = run?.modes[entry.mode];
    if (run === undefined) faults.push(`${entry.run} is planned, but not in the problem`);
    else if (mode === undefined) faults.push(`${entry.run} has no mode ${entry.mode}`);
    else rows.push({ entry, run, mode });
  }
  for (const run of problem.runs) {
    const times = entries.filter(({ run: id }) => id === run.id).length;
    if (times !== 1) faults.push(`${run.id} is planned ${times} times`);
  }
  faults.push(
    ...rows.flatMap((row) => alone(problem, row)),
    ...precedence(problem, rows),
    ...problem.testbeds.flatMap((testbed) => onTestbed(testbed, rows)),
    ...problem.resources.flatMap((resource) => onResource(resource, rows)),
    ...problem.budgets.flatMap(({ id, amount }) => onBudget(id, amount, rows)),
    ...problem.lines.flatMap(({ testbeds }) => onLine(testbeds, rows)),
  );
  return faults.map((fault) => reason('PLAN_BROKEN', fault));
}

interface Row {
  readonly entry: PlannedEntry;
  readonly run: PlannedRun;
  readonly mode: PlannedMode;
}

/** What can be said of a run by itself. */
function alone({ horizon, testbeds }: TimetableProblem, { entry, run, mode }: Row): readonly string[] {
  const { setUpStart, start, end, testbed } = entry;
  const faults: string[] = [];
  const say = (bad: boolean, text: string): void => {
    if (bad) faults.push(`${run.id}: ${text}`);
  };
  say(![setUpStart, start, end].every(Number.isSafeInteger), 'its times are not whole minutes');
  say(testbed !== mode.testbed, `it is at ${testbed}, its mode is for ${mode.testbed}`);
  say(setUpStart < run.release, `it begins at ${setUpStart}, before its release at ${run.release}`);
  say(setUpStart > start || setUpStart < 0, `set-up from ${setUpStart} to ${start} is no span of time`);
  say(end > horizon, `it ends at ${end}, after the horizon`);
  const bed = testbeds.find(({ id }) => id === testbed);
  if (run.hours === 'paused' && bed !== undefined) {
    const worked = usable(bed, start, end);
    say(
      worked !== mode.duration,
      `${worked} staffed minutes from ${start} to ${end}, it needs ${mode.duration}`,
    );
    say(mode.duration > 0 && usable(bed, end - 1, end) === 0, 'it ends when nobody is there');
    return faults;
  }
  say(end - start !== mode.duration, `it lasts from ${start} to ${end}, not ${mode.duration} minutes`);
  if (bed === undefined) return faults;
  say(covered(bed.closed, start, end) > 0, `${bed.id} is closed while it runs`);
  say(run.hours === 'staffed' && usable(bed, start, end) !== end - start, 'nobody is there all the time');
  return faults;
}

/** Set-up needs the products of the run, so that it cannot begin before; by a line it is done ahead. */
function precedence(problem: TimetableProblem, rows: readonly Row[]): readonly string[] {
  const ends = new Map(rows.map(({ entry, run }) => [run.id, entry.end]));
  const ahead = new Set(problem.lines.flatMap(({ testbeds }) => testbeds));
  return rows.flatMap(({ entry, run }) => {
    const begin = ahead.has(entry.testbed ?? '') ? entry.start : entry.setUpStart;
    return run.after
      .filter((id) => (ends.get(id) ?? 0) > begin)
      .map((id) => `${run.id} begins at ${begin}, before ${id} has ended at ${ends.get(id) ?? 0}`);
  });
}

/** One after the other, with all the set-up in between, in staffed minutes. */
function onTestbed(testbed: PlannedTestbed, rows: readonly Row[]): readonly string[] {
  const here = rows.filter(({ entry }) => entry.testbed === testbed.id);
  here.sort((a, b) => a.entry.start - b.entry.start || a.entry.end - b.entry.end);
  return here.flatMap((row, place) => {
    const before = here[place - 1];
    const { setUpStart, start } = row.entry;
    const faults: string[] = [];
    if (before !== undefined && before.entry.end > setUpStart)
      faults.push(`${row.run.id} and ${before.run.id} are on ${testbed.id} at the same time`);
    const wanted = cabling(testbed, before?.run, row.run);
    const done = usable(testbed, setUpStart, start);
    if (done < wanted) faults.push(`${row.run.id}: ${done} staffed minutes of set-up, ${wanted} are needed`);
    return faults;
  });
}

function cabling({ setUp, holds }: PlannedTestbed, before: PlannedRun | undefined, run: PlannedRun): number {
  if (setUp.kind === 'byRun') return before === undefined ? 0 : (setUp.minutes[before.id]?.[run.id] ?? 0);
  let minutes = 0;
  for (const role of Object.keys(run.roles)) {
    const there = before === undefined ? holds[role] : before.roles[role];
    if (there !== run.roles[role]) minutes += setUp.minutes[role] ?? 0;
  }
  return minutes;
}

/** Never more in use than there is, and only when it can be had: by events, ends before beginnings. */
function onResource({ id, capacity, open }: PlannedResource, rows: readonly Row[]): readonly string[] {
  const users = rows.filter(({ mode }) => (mode.needs[id] ?? 0) > 0);
  const events = users.flatMap(({ entry, run, mode }) => {
    const amount = mode.needs[id] ?? 0;
    return [
      { at: entry.setUpStart, change: amount, who: run.id },
      { at: entry.end, change: -amount, who: run.id },
    ];
  });
  events.sort((a, b) => a.at - b.at || a.change - b.change);
  const faults: string[] = [];
  let used = 0;
  for (const { at, change, who } of events) {
    used += change;
    if (used > capacity && change > 0)
      faults.push(`${who}: ${used} of ${id} are in use at ${at}, ${capacity} are there`);
  }
  if (open !== null)
    for (const { entry, run } of users)
      if (covered(open, entry.setUpStart, entry.end) < entry.end - entry.setUpStart)
        faults.push(`${run.id}: ${id} cannot be had all the time from ${entry.setUpStart} to ${entry.end}`);
  return faults;
}

function onBudget(id: string, amount: number, rows: readonly Row[]): readonly string[] {
  const taken = rows.reduce((sum, { mode }) => sum + (mode.takes[id] ?? 0), 0);
  return taken > amount ? [`${taken} of ${id} are taken, ${amount} are there`] : [];
}

/** The order in which runs pass a testbed of the line is the order of those before which they passed the first. */
function onLine(testbeds: readonly string[], rows: readonly Row[]): readonly string[] {
  const orders = testbeds.map((id) =>
    rows
      .filter(({ entry }) => entry.testbed === id)
      .sort((a, b) => a.entry.start - b.entry.start)
      .map((row) => row.run),
  );
  return orders.slice(1).flatMap((order, k) =>
    order.flatMap((run, place) => {
      const expected = orders[k]?.[place];
      if (expected === undefined || run.after.includes(expected.id)) return [];
      return [`${run.id} passes ${testbeds[k + 1] ?? ''} out of turn`];
    }),
  );
}

/** Minutes from one moment to another that lie in spans of which none meets another. */
function covered(spans: readonly Span[], from: number, to: number): number {
  return spans.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0);
}

/** Minutes in which somebody is there and the testbed is not closed. */
function usable({ staffed, closed }: PlannedTestbed, from: number, to: number): number {
  const shifts = staffed ?? [{ from, to }];
  return shifts.reduce((sum, shift) => {
    const [begin, end] = [Math.max(from, shift.from), Math.min(to, shift.to)];
    return begin < end ? sum + (end - begin) - covered(closed, begin, end) : sum;
  }, 0);
}
