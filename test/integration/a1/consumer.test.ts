import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { A1_PROCEDURES } from '../../../runners/procedures/a1/procedures.ts';
import { NON_RT_RIC } from '../../../runners/simulators/non-rt-ric/simulator.ts';
import { aPlan, runCase } from '../../support/bench.ts';
import { anEquipment, equipmentOf } from '../../support/equipment.ts';

const LIMITS = { responseTimeMs: 400, triggerWithinMs: 300, settleMs: 60 };
const signal = new AbortController().signal;

interface Expected {
  readonly defects: Record<string, Record<string, { verdict: string; clauses?: Record<string, string> }>>;
}

async function findings(defects: readonly string[]) {
  const plan = await aPlan('a1-consumer');
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-non-rt-'));
  await using running = await NON_RT_RIC.start({ defects, settings: {}, dir }, { signal });
  const subjects = [equipmentOf(NON_RT_RIC, running)];
  const found: Record<string, unknown> = {};
  for (const one of plan.cases) {
    const procedure = A1_PROCEDURES.find(({ id }) => id === one.procedure)!;
    const { finding, clauses } = await runCase({ case: one, procedure, subjects, parameters: LIMITS });
    const notPassed = Object.entries(clauses).filter(([, verdict]) => verdict !== 'pass');
    if (finding !== 'pass') found[one.id] = { verdict: finding, clauses: Object.fromEntries(notPassed) };
  }
  return found;
}

describe('a1-consumer against the non-RT RIC simulator', async () => {
  const file = new URL('../../../testplans/a1-consumer/expected.yaml', import.meta.url);
  const expected = parse(await readFile(file, 'utf8')) as Expected;

  it('passes every clause when it is correct', async () => {
    expect(await findings([])).toEqual({});
  });

  it('expects something of every defect mode', () => {
    expect(Object.keys(expected.defects).sort()).toEqual(Object.keys(NON_RT_RIC.defects).sort());
  });

  it.each(Object.keys(NON_RT_RIC.defects))('finds %s and nothing else', async (defect) => {
    expect(await findings([defect])).toEqual(expected.defects[defect]);
  });

  it('asks the person at the testbed when there is no hook, and is inconclusive when nobody does it', async () => {
    const plan = await aPlan('a1-consumer');
    const one = plan.cases.find(({ id }) => id === 'A1-009-03')!;
    const procedure = A1_PROCEDURES.find(({ id }) => id === one.procedure)!;
    const subjects = [anEquipment({ role: 'non-rt-ric', ixit: { 'a1.prepare': 'manual' } })];
    const run = await runCase({
      case: one,
      procedure,
      subjects,
      parameters: { ...LIMITS, triggerWithinMs: 50 },
    });
    expect(run.finding).toBe('inconc');
    expect(run.asked).toHaveLength(1);
  });
});
