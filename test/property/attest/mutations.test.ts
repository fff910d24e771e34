import { expect, it } from 'vitest';
import { fuzzVerify } from '../../fuzz/verify/run.ts';

// The short version of `npm run fuzz -- verify`.
it('accepts none of 2,000 random and over 60 named changes, and other spellings say and prove the very same', async () => {
  const { structural, wronglyAccepted, different, reasons } = await fuzzVerify({
    rounds: 2000,
    seed: 20261129,
  });
  expect(structural).toBeGreaterThanOrEqual(60);
  expect({ wronglyAccepted, different }).toEqual({ wronglyAccepted: [], different: [] });
  expect(Object.keys(reasons).length).toBeGreaterThan(15);
});
