// npm run bench -- planning [--rounds N] [--json]
// Planning beside a server: how soon a search that is cancelled answers with its best plan, and how long others on the
// main thread wait meanwhile; for a timetable of 1,000 runs, and for coverage of 70 products in ten roles,
// where no search reaches its bound.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { makeCoveragePlanner } from '../../dist/src/adapters/planning-threads/coverage-planner.js';
import { makeTimetablePlanner } from '../../dist/src/adapters/planning-threads/timetable-planner.js';
import { compileModel } from '../../dist/src/planning/coverage/compile.js';
import { round, say } from './_house.mjs';
import { CAMPAIGNS, openRanCampaign } from './_open-ran-campaign.mjs';

const SEARCH_MS = 1_000;
const ROLES = 10;
const PRODUCTS = 7;

export async function run(options) {
  const { values } = parseArgs({ args: options, options: { rounds: { type: 'string', default: '10' } } });
  const rounds = Number(values.rounds);
  return {
    rounds,
    timetable: await timetable(rounds),
    coverage2: await coverage(rounds, 2),
    coverage3: await coverage(rounds, 3),
  };
}

async function timetable(rounds) {
  const planner = makeTimetablePlanner();
  const problem = openRanCampaign(CAMPAIGNS[1000], 1);
  const figures = await cancelOften('timetable', rounds, async (signal, onProgress) => {
    const result = await planner.plan(problem, { seed: 1, budget: { ms: 60_000 }, signal, onProgress });
    if (!result.ok || result.value.entries.length !== problem.runs.length)
      throw new Error('no plan came back');
  });
  await planner[Symbol.asyncDispose]();
  return { runs: problem.runs.length, ...figures };
}

async function coverage(rounds, strength) {
  const planner = makeCoveragePlanner();
  const factors = Array.from({ length: ROLES }, (_, r) => ({
    name: `role ${r + 1}`,
    levels: Array.from({ length: PRODUCTS }, (_, product) => `product ${r + 1}.${product + 1}`),
  }));
  const model = compileModel({ factors, strength }, 0).value.compiled;
  let rows = 0;
  const figures = await cancelOften(`strength ${strength}`, rounds, async (signal, onProgress) => {
    const found = await planner.plan(model, { seed: 1, signal, onProgress });
    if (found.uncovered > 0) throw new Error('something is not covered');
    rows = found.rows.length;
  });
  await planner[Symbol.asyncDispose]();
  return { rows, ...figures };
}

async function cancelOften(what, rounds, plan) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const latencies = [];
  for (let i = 0; i < rounds; i++) {
    latencies.push(await cancelled(plan, delay));
    say(`${what}: cancelled after ${round(latencies.at(-1), 1)} ms`);
  }
  latencies.sort((a, b) => a - b);
  return {
    cancelMs: { p50: round(latencies[latencies.length >> 1], 1), max: round(latencies.at(-1), 1) },
    eventLoopDelayMs: {
      p50: round(delay.percentile(50) / 1e6, 1),
      p99: round(delay.percentile(99) / 1e6, 1),
    },
  };
}

/** From the order to stop until the plan is there. */
async function cancelled(plan, delay) {
  const stop = new AbortController();
  let found = 0;
  delay.enable();
  const planned = plan(stop.signal, () => {
    found++;
  });
  while (found === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, SEARCH_MS));
  const toldAt = performance.now();
  stop.abort();
  await planned;
  const latency = performance.now() - toldAt;
  delay.disable();
  return latency;
}
