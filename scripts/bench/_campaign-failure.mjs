// A quarter into a campaign a testbed fails for two days, in the middle of a run: how fast there is a valid plan again, how good it is after two
// seconds beside a plan made from scratch, and how many runs had to move.
import { performance } from 'node:perf_hooks';
import { checkTimetable } from '../../dist/src/planning/check/timetable.js';
import { solveTimetable } from '../../dist/src/planning/timetable/solve.js';
import { cpuMs } from './_cpu.mjs';
import { round } from './_house.mjs';

const OUTAGE_MINUTES = 2 * 1440;
const MAY_MOVE_SHARE = 0.2;

export function afterFailure(problem, { planSeconds, replanSeconds, scratchSeconds }) {
  const plan = solve(problem, planSeconds).value;
  const failure = failureIn(problem, plan.entries);
  const { broken, standing, changed } = failure;
  // So that what is timed is the planner and not its compilation: a server has planned before.
  for (let i = 0; i < 4; i++) solve(changed, 0.001, { standing });
  let first = null;
  const [from, cpu] = [performance.now(), cpuMs()];
  const replanned = solve(changed, replanSeconds, {
    standing,
    onProgress: ({ entries, makespan }) => {
      first ??= { entries, makespan, ms: performance.now() - from, cpuMs: cpuMs() - cpu };
    },
  }).value;
  const scratch = solve(remaining(failure), scratchSeconds).value;
  const waiting = problem.runs.length - standing.started.length;
  const moved = (entries) => movedRuns(entries, standing.entries);
  return {
    runs: problem.runs.length,
    waiting,
    broken: broken.length,
    makespanBefore: plan.objective.makespan,
    firstPlanMs: round(first.ms, 1),
    firstPlanCpuMs: round(first.cpuMs, 1),
    firstPlanMakespan: first.makespan,
    firstPlanMoved: moved(first.entries),
    makespanAfter: replanned.objective.makespan,
    moved: moved(replanned.entries),
    movedShare: round(moved(replanned.entries) / waiting, 3),
    scratchMakespan: scratch.objective.makespan,
    toScratch: round(replanned.objective.makespan / scratch.objective.makespan, 4),
    faults: checkTimetable(changed, first.entries).length + checkTimetable(changed, replanned.entries).length,
  };
}

function solve(problem, seconds, more = {}) {
  const from = cpuMs();
  const solved = solveTimetable(problem, {
    seed: 1,
    budget: { ms: seconds * 1000, spentMs: () => cpuMs() - from },
    ...more,
  });
  if (!solved.ok) throw new Error(solved.error.map(({ text }) => text).join('\n'));
  return solved;
}

function failureIn(problem, entries) {
  const quarter = 0.25 * Math.max(...entries.map(({ end }) => end));
  const hit = entries.find(
    ({ start, end }) => start >= quarter && isWorkingHour(problem, start) && end - start > 60,
  );
  const now = hit.start + 30;
  const bed = problem.testbeds.find(({ id }) => id === hit.testbed);
  const closed = [{ from: now, to: now + OUTAGE_MINUTES }];
  const begun = entries.filter(({ setUpStart }) => setUpStart < now);
  const broken = begun.filter(({ testbed, end }) => testbed === bed.id && end > now).map(({ run }) => run);
  const started = begun.map(({ run }) => run).filter((run) => !broken.includes(run));
  const changed = {
    ...problem,
    testbeds: problem.testbeds.map((testbed) => (testbed.id === bed.id ? { ...testbed, closed } : testbed)),
  };
  const standing = {
    entries: entries.filter(({ run }) => !broken.includes(run)),
    started,
    now,
    mayMove: Math.floor((problem.runs.length - started.length) * MAY_MOVE_SHARE),
  };
  return { now, broken, standing, changed };
}

function isWorkingHour({ testbeds }, at) {
  return testbeds[0].staffed.some(({ from, to }) => from <= at && at < to - 240);
}

/** What is left to do, as a problem of its own: runs under way are runs at their testbed, cabled already. */
function remaining({ now, changed, standing }) {
  const entries = new Map(standing.entries.map((entry) => [entry.run, entry]));
  const runs = changed.runs.flatMap((run) => {
    if (!standing.started.includes(run.id)) return [{ ...run, release: now }];
    const { end, mode } = entries.get(run.id);
    return end > now ? [{ ...run, release: now, modes: [{ ...run.modes[mode], duration: end - now }] }] : [];
  });
  const last = new Map();
  for (const { run, testbed, start } of standing.entries)
    if (standing.started.includes(run) && start >= (last.get(testbed)?.start ?? 0))
      last.set(testbed, { run, start });
  const roles = new Map(changed.runs.map((run) => [run.id, run.roles]));
  const testbeds = changed.testbeds.map((testbed) => ({
    ...testbed,
    holds: roles.get(last.get(testbed.id)?.run) ?? {},
  }));
  return { ...changed, runs, testbeds };
}

function movedRuns(entries, before) {
  const was = new Map(before.map((entry) => [entry.run, entry]));
  return entries.filter(({ run, start, testbed }) => {
    const old = was.get(run);
    return old !== undefined && (old.start !== start || old.testbed !== testbed);
  }).length;
}
