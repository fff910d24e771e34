import { expect, it } from 'vitest';
import { fuzzCapture } from '../../../../fuzz/capture/run.ts';

/** `npm run fuzz -- capture --rounds 1000000` tries many more. */
it('survives captures and packets that are wrong somewhere, and says so of files', async () => {
  const { findings } = await fuzzCapture({ rounds: 4_000, seed: 3 });
  expect(findings).toEqual([]);
});
