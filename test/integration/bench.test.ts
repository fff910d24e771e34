import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BRIEF_NODE } from '../support/brief-node.ts';
import { scratchFolder } from '../support/scratch.ts';
import { isJsonObject, type Json } from '../../src/kernel/json.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));

/** The last line that a bench prints; how fast it was is nobody's business here. */
async function bench(...args: readonly string[]): Promise<Readonly<Record<string, Json>>> {
  const child = spawn(process.execPath, [...BRIEF_NODE, SCRIPT, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let talk = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (talk += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the bench ended with ${code}: ${talk.slice(-2_000)}`);
  const figures = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as Json;
  if (!isJsonObject(figures)) throw new Error('the bench printed no object');
  return figures;
}

const LONG_MS = 120_000;
const numbersIn = (value: Json | undefined): boolean =>
  isJsonObject(value) && Object.values(value).length > 0 && Object.values(value).every(Number.isFinite);
const positive = (value: Json | undefined): boolean => typeof value === 'number' && value > 0;

it(
  'gets every case of a small pipeline judged and stored, beside the raw rates',
  async () => {
    const sizes = ['--slots', '2', '--runs', '2', '--cases', '20', '--campaigns', '1', '--jobs', '0'];
    const { pglite } = await bench('pipeline', '--backends', 'pglite', ...sizes);
    if (!isJsonObject(pglite)) throw new Error('nothing was measured on the embedded store');
    expect(pglite['judgedCases']).toBe(40);
    for (const rate of ['judgedCasesPerSecond', 'rawGrpcCasesPerSecond', 'rawInsertedRowsPerSecond']) {
      expect([rate, positive(pglite[rate])]).toEqual([rate, true]);
    }
    for (const part of ['ratios', 'submitToFirstStepMs', 'rawBullmqAddToRunMs']) {
      expect([part, numbersIn(pglite[part])]).toEqual([part, true]);
    }
  },
  LONG_MS,
);

it(
  'keeps a few simulated runners attached and reaches each of them',
  async () => {
    const figures = await bench(
      ...['runners', '--runners', '5', '--clients', '1', '--pushes', '3', '--seconds', '1'],
    );
    expect(figures).toMatchObject({ runners: 5, attached: 5, pushes: 3 });
    expect(numbersIn(figures['pushMs'])).toBe(true);
  },
  LONG_MS,
);

it(
  'issues and verifies a small report, beside the raw rates',
  async () => {
    const figures = await bench('reports', '--cases', '20', '--seconds', '0.05', '--memory-cases', '50');
    expect(figures).toMatchObject({ cases: 20, memory: { cases: 50 } });
    for (const rate of ['issuePerCpuSecond', 'verifyAndRevealPerCpuSecond', 'verifyCoverPerCpuSecond']) {
      expect([rate, positive(figures[rate])]).toEqual([rate, true]);
    }
    expect(numbersIn(figures['canonicalJson'])).toBe(true);
  },
  LONG_MS,
);

it(
  'times a set-up request by generated functions and by the interpreter',
  async () => {
    const { perSecond } = await bench('codec', '--rounds', '1');
    if (!isJsonObject(perSecond)) throw new Error('nothing was measured');
    for (const way of ['generated', 'interpreter'])
      expect([way, numbersIn(perSecond[way])]).toEqual([way, true]);
  },
  LONG_MS,
);

it(
  'judges a small capture of every protocol, all of it and with nothing to object to',
  async () => {
    const figures = await bench('trace', '--bytes', '1000000', '--no-tshark', '--json');
    expect(figures).toMatchObject({ missing: 0, associations: 20, tshark: null });
    const { verdicts, rssMB } = figures;
    if (!isJsonObject(verdicts) || !isJsonObject(rssMB)) throw new Error('nothing was measured');
    expect(Object.keys(verdicts).sort()).toEqual(['none', 'pass']);
    expect(verdicts['pass']).toBeGreaterThan(50);
    expect(rssMB['quarters']).toHaveLength(4);
    for (const rate of [
      'packetsPerSecond',
      'packetsPerCpuSecond',
      'mbPerSecond',
      'wallSeconds',
      'cpuSeconds',
    ])
      expect([rate, positive(figures[rate])]).toEqual([rate, true]);
  },
  LONG_MS,
);

it(
  'covers the models of a folder, and has the checker count',
  async () => {
    await using folder = await scratchFolder();
    const forbidden = [
      [
        [0, 1],
        [1, 1],
      ],
    ];
    await writeFile(
      join(folder.path, 'small.json'),
      JSON.stringify({ name: 'small', levels: [3, 3, 3, 3], forbidden }),
    );
    const figures = await bench('coverage', '--data', folder.path, '--cpu-seconds', '0.2', '--json');
    expect(figures).toMatchObject({ uncovered: 0, invalid: 0, models: [{ name: 'small', feasible: 53 }] });
    expect(positive(figures['totalRows'])).toBe(true);
    await expect(bench('coverage', '--data', folder.path, '--t', '9')).rejects.toThrow(
      'the bench ended with 2: bench coverage: --t: 9 is not a number from 1 to 4',
    );
  },
  LONG_MS,
);
