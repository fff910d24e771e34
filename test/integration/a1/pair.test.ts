import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { A1_PROCEDURES } from '../../../runners/procedures/a1/procedures.ts';
import { NEAR_RT_RIC } from '../../../runners/simulators/near-rt-ric/simulator.ts';
import { NON_RT_RIC } from '../../../runners/simulators/non-rt-ric/simulator.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { aPlan, runCase } from '../../support/bench.ts';
import { equipmentOf } from '../../support/equipment.ts';

const signal = new AbortController().signal;

interface Expected {
  readonly defects: Record<string, Record<string, { verdict: string; clauses: Record<string, string> }>>;
}

async function runPair(defect: string, settings: Record<string, Json> = {}) {
  const [owner, name = ''] = defect.split('/');
  const [one] = (await aPlan('a1-pair')).cases;
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-pair-'));
  const defectsOf = (simulator: string) => (owner === simulator ? [name] : []);
  await using consumer = await NON_RT_RIC.start(
    { defects: defectsOf('non-rt-ric'), settings: {}, dir },
    { signal },
  );
  await using producer = await NEAR_RT_RIC.start(
    { defects: defectsOf('near-rt-ric'), settings: { slowMs: 700, ...settings }, dir },
    { signal },
  );
  const procedure = A1_PROCEDURES.find(({ id }) => id === one!.procedure)!;
  const subjects = [equipmentOf(NON_RT_RIC, consumer), equipmentOf(NEAR_RT_RIC, producer)];
  return await runCase({
    case: one!,
    procedure,
    subjects,
    parameters: { responseTimeMs: 400, settleMs: 60 },
  });
}

describe('a1-pair between the two simulators', async () => {
  const file = new URL('../../../testplans/a1-pair/expected.yaml', import.meta.url);
  const expected = parse(await readFile(file, 'utf8')) as Expected;

  it.each([{}, { tls: true, mutualTls: true }])('passes every clause with %o', async (settings) => {
    const { clauses } = await runPair('', settings);
    expect(new Set(Object.values(clauses))).toEqual(new Set(['pass']));
  });

  it.each(Object.keys(expected.defects))('finds %s and nothing else, on the right side', async (defect) => {
    const { finding, clauses, judged } = await runPair(defect);
    const notPassed = Object.fromEntries(Object.entries(clauses).filter(([, verdict]) => verdict !== 'pass'));
    expect({ verdict: finding, clauses: notPassed }).toEqual(expected.defects[defect]?.['A1-011']);
    if (finding === 'fail') expect(judged?.attributedTo).toBe(defect.startsWith('non-rt-ric/') ? 0 : 1);
  });
});
