// npm run bench -- campaign [--sizes 48,229,1000] [--seeds N] [--cpu-seconds S] [--replan-seconds S] [--scratch-seconds S] [--json]
// Seeded Open RAN campaigns (_open-ran-campaign.mjs): makespan beside first come, first served and a set-up-aware greedy;
// for the largest, planning again when a testbed fails. Every plan is checked by the independent validator.
import { parseArgs } from 'node:util';
import { checkTimetable } from '../../dist/src/planning/check/timetable.js';
import { solveTimetable } from '../../dist/src/planning/timetable/solve.js';
import { cpuMs } from './_cpu.mjs';
import { round, say } from './_house.mjs';
import { firstComeFirstServed, setUpAwareGreedy } from './_campaign-baselines.mjs';
import { CAMPAIGNS, openRanCampaign } from './_open-ran-campaign.mjs';
import { afterFailure } from './_campaign-failure.mjs';

export async function run(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      sizes: { type: 'string', default: '48,229,1000' },
      seeds: { type: 'string', default: '3' },
      'cpu-seconds': { type: 'string', default: '5' },
      'replan-seconds': { type: 'string', default: '2' },
      'scratch-seconds': { type: 'string', default: '10' },
    },
  });
  const [seeds, seconds] = [values.seeds, values['cpu-seconds']].map(Number);
  const sizes = values.sizes.split(',');
  const unknown = sizes.find((size) => CAMPAIGNS[size] === undefined);
  if (unknown !== undefined)
    throw new Error(`no campaign of ${unknown} runs: ${Object.keys(CAMPAIGNS).join(', ')}`);
  const campaigns = sizes.flatMap((size) =>
    Array.from({ length: seeds }, (_, i) => compare(size, { seed: i + 1, seconds })),
  );
  const largest = sizes.at(-1);
  say(`a testbed fails in the campaign of ${largest} runs`);
  const replan = afterFailure(openRanCampaign(CAMPAIGNS[largest], 1), {
    planSeconds: seconds,
    replanSeconds: Number(values['replan-seconds']),
    scratchSeconds: Number(values['scratch-seconds']),
  });
  const bySize = Object.fromEntries(
    sizes.map((size) => [size, ratios(campaigns.filter((one) => one.size === size))]),
  );
  const invalid = campaigns.filter(({ faults }) => faults > 0).length + (replan.faults > 0 ? 1 : 0);
  return { cpuSeconds: seconds, bySize, invalid, replan, campaigns };
}

function compare(size, { seed, seconds }) {
  const problem = openRanCampaign(CAMPAIGNS[size], seed);
  const fcfs = firstComeFirstServed(problem);
  const greedy = setUpAwareGreedy(problem);
  const from = cpuMs();
  const budget = { ms: seconds * 1000, spentMs: () => cpuMs() - from };
  const solved = solveTimetable(problem, { seed, budget });
  if (!solved.ok) throw new Error(solved.error.map(({ text }) => text).join('\n'));
  const { entries, objective, bound, gap, moves } = solved.value;
  const faults = [fcfs, greedy, entries].reduce((sum, plan) => sum + checkTimetable(problem, plan).length, 0);
  const [makespan, fcfsSpan, greedySpan] = [entries, fcfs, greedy].map(spanOf);
  say(`${size} runs, seed ${seed}: ${makespan} minutes, in turn ${fcfsSpan}, greedy ${greedySpan}`);
  return {
    size,
    seed,
    makespan,
    firstComeFirstServed: fcfsSpan,
    setUpAwareGreedy: greedySpan,
    toFcfs: round(makespan / fcfsSpan, 3),
    toGreedy: round(makespan / greedySpan, 3),
    setUpMinutes: objective.setUpMinutes,
    bound: bound.makespan,
    gap: round(gap, 3),
    moves,
    faults,
  };
}

function spanOf(entries) {
  return Math.max(...entries.map(({ end }) => end));
}

function ratios(campaigns) {
  const mean = (key) => round(campaigns.reduce((sum, one) => sum + one[key], 0) / campaigns.length, 3);
  return { toFcfs: mean('toFcfs'), toGreedy: mean('toGreedy') };
}
