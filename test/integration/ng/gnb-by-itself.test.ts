import { expect, it } from 'vitest';
import { NG_GNB_PROCEDURES } from '../../../runners/procedures/ng-gnb/procedures.ts';
import { aPlan, runCase } from '../../support/bench.ts';
import { aGnbByItself } from '../../support/ng/gnb-by-itself.ts';

const PARAMETERS = { responseTimeMs: 1_000, triggerWithinMs: 4_000 };

it.each([
  ['NG-001', { requested: 'pass', 'well-formed': 'pass', node: 'pass', areas: 'pass', serves: 'pass' }],
  ['NG-003-02', { acknowledged: 'pass', 'well-formed': 'pass', alive: 'pass' }],
])('judges a gNB that comes by itself by what it was asked: %s', async (id, clauses) => {
  await using product = await aGnbByItself();
  const found = (await aPlan('ng-gnb')).cases.find((each) => each.id === id);
  const procedure = NG_GNB_PROCEDURES.find((each) => each.id === found?.procedure);
  if (found === undefined || procedure === undefined) throw new Error(`${id} is not there`);
  const subjects = [product.equipment];
  const running = runCase({ case: found, procedure, subjects, parameters: PARAMETERS });
  const [run] = await Promise.all([running, product.run()]);
  expect(run.clauses).toEqual(clauses);
});
