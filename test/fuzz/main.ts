/**
 * `npm run fuzz -- verify|sctp --rounds N --seed S`. `verify` changes a sound report in every way we know and counts what is accepted; `sctp`
 * gives changed packets to our own SCTP stack in every state. The last line on standard output is JSON; the exit code is 1 when there was a problem.
 */
import { parseArgs } from 'node:util';
import { fuzzSctp } from './sctp/run.ts';
import { fuzzVerify } from './verify/run.ts';

interface Fuzzed {
  readonly figures: object;
  readonly problems: readonly string[];
}

interface Options {
  readonly rounds: number;
  readonly seed: number;
  readonly onRound: (done: number) => void;
}

const FUZZERS: Readonly<Record<string, (options: Options) => Promise<Fuzzed>>> = {
  verify: async (options) => {
    const findings = await fuzzVerify(options);
    const { wronglyAccepted, different } = findings;
    const counts = { wronglyAccepted: wronglyAccepted.length, different: different.length };
    return { figures: { ...findings, ...counts }, problems: [...wronglyAccepted, ...different] };
  },
  sctp: async (options) => {
    const findings = await fuzzSctp(options);
    const heapMiB = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
    return {
      figures: { ...findings, problems: findings.problems.length, heapMiB },
      problems: findings.problems,
    };
  },
};
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
const name = positionals.join(' ');
const fuzz = Object.hasOwn(FUZZERS, name) ? FUZZERS[name] : undefined;
if (fuzz === undefined || !Number.isInteger(rounds) || rounds <= 0 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run fuzz -- verify|sctp [--rounds N] [--seed N]\n');
  process.exit(2);
}

const startedAt = performance.now();
const { figures, problems } = await fuzz({ rounds, seed, onRound: showProgress });
for (const line of problems) process.stderr.write(`${line}\n`);
const durationMs = Math.round(performance.now() - startedAt);
process.stdout.write(`${JSON.stringify({ fuzz: name, seed, ...figures, durationMs })}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function showProgress(done: number): void {
  if (!process.stderr.isTTY || (done % EVERY !== 0 && done !== rounds)) return;
  const filled = Math.round((done / rounds) * BAR_WIDTH);
  const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░');
  process.stderr.write(`\r${bar} ${done}/${rounds}${done === rounds ? '\n' : ''}`);
}
