import { expect, it } from 'vitest';
import { fuzzE2ap } from '../../../../fuzz/per/e2ap.ts';

/** Two turns of E2AP and one of a service model; `npm run fuzz -- e2ap` has no end. */
const ROUNDS = 750;

it('reads or refuses mutants of E2AP and its service models alike by functions and by walking the schema', async () => {
  const { findings, figures } = await fuzzE2ap({ rounds: ROUNDS, seed: 20 });
  expect(findings).toEqual([]);
  expect(Number(figures['accepted'])).toBeGreaterThan(ROUNDS / 10);
  expect(Number(figures['accepted'])).toBeLessThan(ROUNDS / 2);
});
