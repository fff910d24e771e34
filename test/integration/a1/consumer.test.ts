import { describe, expect, it } from 'vitest';
import { A1_PROCEDURES } from '../../../runners/procedures/a1/procedures.ts';
import { aPlan, runCase } from '../../support/bench.ts';
import { anEquipment } from '../../support/equipment.ts';

const LIMITS = { responseTimeMs: 400, triggerWithinMs: 300, settleMs: 60 };

describe('a1-consumer without a hook', () => {
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
