import { expect, it } from 'vitest';
import { AP_FUZZERS } from '../../../../fuzz/per/application-protocols.ts';

/** One turn and a half of each; `npm run fuzz -- ngap` has no end. */
const ROUNDS = 400;

it.each(Object.entries(AP_FUZZERS))(
  'reads or refuses mutants of %s alike by functions and by walking the schema',
  async (_name, fuzz) => {
    const { findings, figures } = await fuzz({ rounds: ROUNDS, seed: 20 });
    expect(findings).toEqual([]);
    expect(Number(figures['accepted'])).toBeGreaterThan(ROUNDS / 20);
    expect(Number(figures['accepted'])).toBeLessThan(ROUNDS / 2);
  },
);
