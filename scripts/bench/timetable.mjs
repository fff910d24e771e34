// npm run bench -- timetable --data DIR --set j30|j60|j120|mmlib|sdst [--cpu-seconds S] [--every N] [--seed N] [--json]
// Published instances through the planner, by CPU-seconds of this thread; every plan is checked by the validator, which
// shares nothing with the planner.
import { parseArgs } from 'node:util';
import { checkTimetable } from '../../dist/src/planning/check/timetable.js';
import { solveTimetable } from '../../dist/src/planning/timetable/solve.js';
import { say } from './_house.mjs';
import { WrongUse } from './_wrong-use.mjs';
import { cpuMs } from './_cpu.mjs';
import { instances, SET_NAMES } from './_timetable-sets.mjs';

export async function run(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      data: { type: 'string' },
      set: { type: 'string', default: 'j30' },
      'cpu-seconds': { type: 'string', default: '1' },
      every: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
    },
  });
  if (values.data === undefined || !SET_NAMES.includes(values.set))
    throw new WrongUse(`--data DIR and --set ${SET_NAMES.join('|')} are needed`);
  const [seconds, every, seed] = [values['cpu-seconds'], values.every, values.seed].map(Number);
  const results = [];
  for (const { name, best, problem } of instances(values.data, values.set, every)) {
    const result = solve(problem, { seconds, seed });
    results.push({ name, best, ...result, deviation: (result.makespan - best) / best });
    say(`${name} ${result.makespan} (best known ${best}, bound ${result.bound}), ${result.moves} moves`);
  }
  return { set: values.set, cpuSeconds: seconds, every, seed, ...summary(results), instances: results };
}

function solve(problem, { seconds, seed }) {
  const from = cpuMs();
  const spentMs = () => cpuMs() - from;
  const solved = solveTimetable(problem, { seed, budget: { ms: seconds * 1000, spentMs } });
  const cpuSeconds = spentMs() / 1000;
  if (!solved.ok) return { makespan: Infinity, bound: 0, moves: 0, cpuSeconds, faults: solved.error.length };
  const { entries, objective, bound, moves } = solved.value;
  // The end of the last run, from the entries: what the planner says of itself is not taken for true.
  const makespan = Math.max(...entries.map(({ end }) => end));
  const faults = checkTimetable(problem, entries).length + (makespan === objective.makespan ? 0 : 1);
  return { makespan, bound: bound.makespan, moves, cpuSeconds, faults };
}

function summary(results) {
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    count: results.length,
    meanDeviationPercent: 100 * mean(results.map(({ deviation }) => deviation)),
    bestKnownReached: results.filter(({ deviation }) => deviation <= 0).length,
    bestKnownBeaten: results.filter(({ deviation }) => deviation < 0).length,
    provenOptimal: results.filter(({ makespan, bound }) => makespan <= bound).length,
    meanGapToBoundPercent: 100 * mean(results.map(({ makespan, bound }) => (makespan - bound) / bound)),
    meanCpuSeconds: mean(results.map(({ cpuSeconds }) => cpuSeconds)),
    invalid: results.filter(({ faults }) => faults > 0).length,
  };
}
