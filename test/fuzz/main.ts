/**
 * `npm run fuzz -- WHAT --rounds N --seed S`: hostile input for one part of the product, the same for the same seed.
 * The last line on standard output is JSON; the exit code is 1 when anything came out that must not.
 */
import { parseArgs } from 'node:util';
import type { Fuzzer } from './fuzzer.ts';
import { AP_FUZZERS } from './per/application-protocols.ts';
import { fuzzE2ap } from './per/e2ap.ts';
import { fuzzPlanning } from './planning/run.ts';
import { fuzzCapture } from './capture/run.ts';
import { fuzzJudge } from './judge/run.ts';
import { fuzzSctpStack } from './sctp/run.ts';
import { fuzzReports } from './verify/run.ts';
import { startWatchdog } from './watchdog.ts';

const FUZZERS: Readonly<Record<string, Fuzzer>> = {
  verify: fuzzReports,
  e2ap: fuzzE2ap,
  ...AP_FUZZERS,
  sctp: fuzzSctpStack,
  planning: fuzzPlanning,
  judge: fuzzJudge,
  capture: fuzzCapture,
};

const BAR_WIDTH = 40;
const EVERY = 100;
/** So long may one round take before it counts as a hang. */
const HANG_MS = 30_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
const what = positionals.join(' ');
const fuzzer = FUZZERS[what];
if (fuzzer === undefined || !Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  const names = Object.keys(FUZZERS).join('|');
  process.stderr.write(`usage: npm run fuzz -- ${names} [--rounds N] [--seed N]\n`);
  process.exit(2);
}

const startedAt = performance.now();
const watchdog = startWatchdog(HANG_MS);
const { findings, figures } = await fuzzer({ rounds, seed, onRound: showProgress });
await watchdog.stop();
for (const line of findings) process.stderr.write(`${line}\n`);
const durationMs = Math.round(performance.now() - startedAt);
process.stdout.write(
  `${JSON.stringify({ fuzz: what, seed, ...figures, findings: findings.length, durationMs })}\n`,
);
process.exitCode = findings.length === 0 ? 0 : 1;

function showProgress(done: number): void {
  watchdog.alive(done);
  if (!process.stderr.isTTY || (done % EVERY !== 0 && done !== rounds)) return;
  const filled = Math.round((done / rounds) * BAR_WIDTH);
  const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░');
  process.stderr.write(`\r${bar} ${done}/${rounds}${done === rounds ? '\n' : ''}`);
}
