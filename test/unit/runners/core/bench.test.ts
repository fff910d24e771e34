import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_CASE_BYTES, MAX_OBSERVATION_BYTES, openBench } from '../../../../runners/core/bench.ts';
import { makeRedactor } from '../../../../src/evidence/redact.ts';
import { aCase, anEquipment } from '../../../support/a-procedure.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function open() {
  const elapsed = { ms: 1000 };
  const counted = { progress: 0 };
  const opened = openBench({
    planCase: aCase({ parameters: { waitMs: { value: 5 }, name: { value: 'x' }, on: { value: true } } }),
    subjects: [anEquipment()],
    redactor: makeRedactor({ mark: () => '00000000' }),
    clock: { now: () => 0 as never, elapsedMs: () => elapsed.ms },
    sink: { caseStarted: () => Promise.resolve(), caseRecord: () => Promise.resolve(), log: () => {} },
    secrets: { folder: dir },
    dir: join(dir, 'run'),
    progressed: () => (counted.progress += 1),
  });
  return { ...opened, elapsed, counted };
}

describe('a bench', () => {
  it('numbers and times what is observed, redacted', () => {
    const { bench, observations, elapsed, counted } = open();
    bench.observe('a', 'note', { password: 'x' });
    elapsed.ms += 1204.4;
    expect(bench.observe('b', 'note', 2)).toEqual({ n: 1, t: 1.204, step: 'b', kind: 'note', data: 2 });
    expect(observations[0]).toMatchObject({ n: 0, t: 0, data: { password: '[redacted password 00000000]' } });
    expect(counted.progress).toBe(2);
  });

  it('marks the stimulus once, as an observation that judges do not see', () => {
    const opened = open();
    const { bench, observations } = opened;
    expect(opened.stimulated()).toBe(false);
    bench.stimulated();
    bench.stimulated();
    expect(opened.stimulated()).toBe(true);
    expect(observations.map(({ kind }) => kind)).toEqual(['stimulated']);
  });

  it('cuts an observation that is too large, where it is too large', () => {
    const { bench, observations, remarks } = open();
    bench.observe('a', 'http', {
      status: 200,
      body: 'ä'.repeat(1_000_000),
      list: new Array<number>(100_000).fill(1),
    });
    const [cut] = observations;
    expect(JSON.stringify(cut?.data).length).toBeLessThanOrEqual(MAX_OBSERVATION_BYTES);
    expect(cut?.data).toMatchObject({
      status: 200,
      body: expect.stringMatching(/\[cut: \d+ characters more\]$/u) as string,
    });
    bench.observe('b', 'odd', Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i])));
    expect(JSON.stringify(observations[1]?.data).length).toBeLessThanOrEqual(MAX_OBSERVATION_BYTES);
    expect(remarks).toEqual(['an observation was cut to 64 KiB']);
  });

  it('takes no more after 16 MiB, but still the stimulus', () => {
    const { bench, observations, remarks } = open();
    const data = 'x'.repeat(60_000);
    for (let i = 0; i < 300; i++) bench.observe('a', 'note', data);
    const before = observations.length;
    expect(before * 60_000).toBeLessThanOrEqual(MAX_CASE_BYTES);
    expect(before).toBeGreaterThan(270);
    bench.observe('small', 'note', 1);
    expect(observations.length).toBe(before);
    bench.stimulated();
    expect(observations.at(-1)).toMatchObject({ n: before, kind: 'stimulated' });
    expect(remarks).toEqual(['observations beyond 16 MiB were left out']);
  });

  it('reads parameters by type and refuses others with PLAN_INVALID', () => {
    const { bench } = open();
    expect([bench.number('waitMs'), bench.text('name'), bench.flag('on')]).toEqual([5, 'x', true]);
    for (const read of [() => bench.number('name'), () => bench.text('no'), () => bench.flag('toString')])
      expect(read).toThrow(expect.objectContaining({ code: 'PLAN_INVALID' }) as Error);
  });

  it('reads secrets by reference and keeps them out of what is observed', async () => {
    const { bench, observations } = open();
    await writeFile(join(dir, 'key'), 'swordfish\n');
    expect(await bench.secret({ file: join(dir, 'key') })).toBe('swordfish');
    bench.observe('a', 'note', { text: 'I know swordfish' });
    expect(JSON.stringify(observations)).not.toContain('swordfish');
    await expect(bench.secret({ file: '/etc/hostname' })).rejects.toMatchObject({ code: 'SECRET_REFUSED' });
  });

  it('takes nothing from a procedure that goes on after its end', () => {
    const opened = open();
    const { bench, observations } = opened;
    opened.close();
    expect(() => bench.observe('late', 'note', 1)).toThrow(
      expect.objectContaining({ code: 'UNEXPECTED' }) as Error,
    );
    expect(observations).toEqual([]);
  });
});
