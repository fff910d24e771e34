import { expect, it } from 'vitest';
import { F1_CU_PROCEDURES } from '../../../runners/procedures/cu-cp/f1-procedures.ts';
import { O_CU_CP } from '../../../runners/simulators/o-cu-cp/simulator.ts';
import { aPlan, runCase } from '../../support/bench.ts';
import { anEquipment } from '../../support/a-procedure.ts';
import { scratchFolder } from '../../support/scratch.ts';

const PARAMETERS = { responseTimeMs: 2_000, triggerWithinMs: 5_000 };

it('is the AMF of an O-CU-CP that takes a gNB-DU only while it has one, if the equipment file says so', async () => {
  await using folder = await scratchFolder();
  const signal = AbortSignal.timeout(30_000);
  const wanted = { defects: [], settings: { needsNg: true }, dir: folder.path };
  await using product = await O_CU_CP.start(wanted, { signal });
  const { cases } = await aPlan('f1-cu');
  const setUp = cases.find(({ id }) => id === 'F1-001-01');
  const procedure = F1_CU_PROCEDURES.find(({ id }) => id === setUp?.procedure);
  if (setUp === undefined || procedure === undefined) throw new Error('the plan has no such case');
  const findingWith = async (needsNg: boolean): Promise<unknown> => {
    const { interfaces, ixit } = product;
    const subject = anEquipment({ role: 'o-cu-cp', interfaces, ixit, ics: { 'f1.needsNg': needsNg } });
    const { clauses } = await runCase({
      ...{ case: setUp, procedure, subjects: [subject], parameters: PARAMETERS, signal },
    });
    return clauses['answered'];
  };
  expect(product.ics).toMatchObject({ 'f1.needsNg': true });
  expect(await findingWith(false)).toBe('fail');
  expect(await findingWith(true)).toBe('pass');
});
