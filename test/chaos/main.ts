/**
 * `npm run chaos -- --rounds N --seed S`: kills orchestrator, runner and Redis (-9) at random moments over many short
 * campaigns, the rounds shared over the backends, then looks for what must never be: lost, duplicated, stuck, leaked.
 * The last line on standard output is JSON; the exit code is 1 when one of the four is not 0.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeRandom } from './random.ts';
import { playStage, type StageResult } from './stage.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { startPostgres } from '../support/postgres.ts';

const BACKENDS = [
  { name: 'pglite+store', postgres: false, redis: false },
  { name: 'postgres+redis', postgres: true, redis: true },
  { name: 'pglite+redis', postgres: false, redis: true },
  { name: 'postgres+store', postgres: true, redis: false },
] as const;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', multiple: true },
    keep: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
const chosen = BACKENDS.filter(({ name }) => values.backend === undefined || values.backend.includes(name));
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed) || chosen.length === 0) {
  process.stderr.write(
    `usage: chaos [--rounds N] [--seed N] [--backend ${BACKENDS.map(({ name }) => name).join('|')}]\n`,
  );
  process.exit(2);
}

const results: StageResult[] = [];
{
  await using undo = new Teardown();
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-chaos-'));
  if (values.keep) process.stderr.write(`everything stays in ${dir}\n`);
  else undo.defer(() => rm(dir, { recursive: true, force: true }));
  for (const [index, { name, postgres, redis }] of chosen.entries()) {
    const share = Math.floor(rounds / chosen.length) + (index < rounds % chosen.length ? 1 : 0);
    if (share === 0) continue;
    await using services = new Teardown();
    const server = postgres ? services.use(await startPostgres()) : null;
    results.push(
      await playStage(
        {
          name,
          dir: join(dir, name),
          redis,
          random: makeRandom(seed * 1_000 + index),
          talk: (text) => process.stderr.write(text),
          ...(server === null ? {} : { databaseUrl: server.url }),
        },
        share,
      ),
    );
  }
}

const all = (of: (result: StageResult) => readonly string[]): readonly string[] => results.flatMap(of);
const found = {
  lost: all((result) => result.lost),
  duplicated: all((result) => result.duplicated),
  stuck: all((result) => result.stuck),
  leaked: all((result) => result.leaked),
};
for (const [what, items] of Object.entries(found))
  for (const item of items) process.stderr.write(`${what}: ${item}\n`);
const sum = (of: (result: StageResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0);
process.stdout.write(
  `${JSON.stringify({
    rounds,
    seed,
    backends: chosen.map(({ name }) => name),
    runs: sum((result) => result.runs),
    kills: sum((result) => result.kills),
    lost: found.lost.length,
    duplicated: found.duplicated.length,
    stuck: found.stuck.length,
    leaked: found.leaked.length,
  })}\n`,
);
process.exitCode = Object.values(found).some((items) => items.length > 0) ? 1 : 0;
