import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { postgresBin } from '../support/postgres.ts';
import { hasRedis } from '../support/redis.ts';

/** The short version of `npm run chaos`: a few rounds, the same judgement. */
function chaos(backend: string, rounds: number): unknown {
  const args = [
    'node_modules/.bin/tsx',
    'test/chaos/main.ts',
    '--rounds',
    String(rounds),
    '--seed',
    '5',
    '--backend',
    backend,
  ];
  const { stdout, stderr } = spawnSync('sh', ['-c', 'exec "$@"', 'sh', ...args], {
    cwd: new URL('../..', import.meta.url).pathname,
    encoding: 'utf8',
  });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`no result; it said: ${stderr.slice(-2_000)}`);
  return JSON.parse(last);
}

const NOTHING_BAD = { lost: 0, duplicated: 0, stuck: 0, leaked: 0 };

describe('an installation whose processes are killed at random', () => {
  it('loses and repeats nothing on the embedded store', () => {
    expect(chaos('pglite+store', 2)).toMatchObject({ rounds: 2, ...NOTHING_BAD });
  });

  it.skipIf(postgresBin === null || !hasRedis)(
    'loses and repeats nothing on PostgreSQL and Redis (needs postgresql and redis-server)',
    () => {
      expect(chaos('postgres+redis', 3)).toMatchObject({ rounds: 3, ...NOTHING_BAD });
    },
  );
});
