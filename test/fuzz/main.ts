/**
 * `npm run fuzz -- verify --rounds N --seed S`: changes a sound report in every way we know and counts what is accepted.
 * The last line on standard output is JSON; the exit code is 1 when anything was taken that must not be.
 */
import { parseArgs } from 'node:util';
import { fuzzVerify } from './verify/run.ts';

const BAR_WIDTH = 40;
const EVERY = 100;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
const sound = Number.isInteger(rounds) && rounds > 0 && Number.isInteger(seed);
if (positionals.join(' ') !== 'verify' || !sound) {
  process.stderr.write('usage: npm run fuzz -- verify [--rounds N] [--seed N]\n');
  process.exit(2);
}

const startedAt = performance.now();
const findings = await fuzzVerify({ rounds, seed, onRound: showProgress });
const { wronglyAccepted, different } = findings;
for (const line of [...wronglyAccepted, ...different]) process.stderr.write(`${line}\n`);
process.stdout.write(
  `${JSON.stringify({
    ...{ fuzz: 'verify', seed, ...findings },
    ...{ wronglyAccepted: wronglyAccepted.length, different: different.length },
    durationMs: Math.round(performance.now() - startedAt),
  })}\n`,
);
process.exitCode = wronglyAccepted.length + different.length === 0 ? 0 : 1;

function showProgress(done: number): void {
  if (!process.stderr.isTTY || (done % EVERY !== 0 && done !== rounds)) return;
  const filled = Math.round((done / rounds) * BAR_WIDTH);
  const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░');
  process.stderr.write(`\r${bar} ${done}/${rounds}${done === rounds ? '\n' : ''}`);
}
