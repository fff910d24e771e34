// npm run bench -- planning [--rounds N] [--json]
// Planning beside a server: how soon a search that is cancelled answers with its best plan, and how long others on the
// main thread wait meanwhile.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { planTimetable } from '../../dist/src/adapters/planning-threads/timetable-planner.js';
import { round, say } from './_house.mjs';
import { CAMPAIGNS, openRanCampaign } from './_open-ran-campaign.mjs';

const SEARCH_MS = 1_000;

export async function run(options) {
  const { values } = parseArgs({ args: options, options: { rounds: { type: 'string', default: '10' } } });
  const problem = openRanCampaign(CAMPAIGNS[1000], 1);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const latencies = [];
  for (let i = 0; i < Number(values.rounds); i++) {
    latencies.push(await cancelled(problem, delay));
    say(`cancelled after ${round(latencies.at(-1), 1)} ms`);
  }
  latencies.sort((a, b) => a - b);
  return {
    runs: problem.runs.length,
    rounds: latencies.length,
    cancelMs: { p50: round(latencies[latencies.length >> 1], 1), max: round(latencies.at(-1), 1) },
    eventLoopDelayMs: {
      p50: round(delay.percentile(50) / 1e6, 1),
      p99: round(delay.percentile(99) / 1e6, 1),
    },
  };
}

/** From the order to stop until the plan is there. */
async function cancelled(problem, delay) {
  const stop = new AbortController();
  let toldAt = 0;
  let found = 0;
  const planned = planTimetable(problem, {
    seed: 1,
    budget: { ms: 60_000 },
    signal: stop.signal,
    onProgress: () => {
      found++;
    },
  });
  delay.enable();
  while (found === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, SEARCH_MS));
  toldAt = performance.now();
  stop.abort();
  const result = await planned;
  delay.disable();
  if (!result.ok || result.value.entries.length !== problem.runs.length) throw new Error('no plan came back');
  return performance.now() - toldAt;
}
