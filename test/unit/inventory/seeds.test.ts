import { join } from 'node:path';
import { shippedProperties } from '../../support/judge/catalogue.ts';
import { describe, expect, it } from 'vitest';
import { checkShelf } from '../../../src/plans/check-shelf.ts';
import { readPlans } from '../../../src/plans/read-plans.ts';
import { CATALOGUE } from '../../../src/app/catalogue.ts';
import { renderProblem } from '../../../src/documents/problem.ts';
import { checkSimulator } from '../../../src/inventory/equipment.ts';
import { readSeeds } from '../../../src/inventory/read-seeds.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('what is shipped', () => {
  it('has seeds without a mistake', async () => {
    const seeds = await readSeeds(join(ROOT, 'seeds'));
    const simulators = seeds.equipment.flatMap(({ equipment, locate }) =>
      locate(checkSimulator(equipment, CATALOGUE.simulators)),
    );
    expect([...seeds.problems, ...simulators].map(renderProblem)).toEqual([]);
    expect(seeds.testbeds.length).toBeGreaterThanOrEqual(2);
    expect(seeds.equipment.length).toBeGreaterThanOrEqual(3);
  });

  it('has plans without a mistake', async () => {
    const [shelf, seeds, properties] = await Promise.all([
      readPlans(join(ROOT, 'testplans')),
      readSeeds(join(ROOT, 'seeds')),
      shippedProperties(),
    ]);
    const objectives = new Set(seeds.objectives.map(({ id }) => id));
    const problems = [
      ...shelf.problems,
      ...checkShelf(shelf.plans, { ...CATALOGUE, objectives, properties }),
    ];
    expect(problems.map(renderProblem)).toEqual([]);
    expect(shelf.plans.length).toBeGreaterThanOrEqual(1);
  });
});
