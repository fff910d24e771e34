import { expect, it } from 'vitest';
import { fuzzSctp } from '../../../../fuzz/sctp/run.ts';
import { PLACES } from '../../../../fuzz/sctp/stage.ts';

it('lives through changed packets in every state, and an honest peer with it (see npm run fuzz -- sctp)', async () => {
  const { problems, byPlace, endings } = await fuzzSctp({ rounds: 2_000, seed: 11 });
  expect(problems).toEqual([]);
  expect(Object.keys(byPlace)).toEqual([...PLACES]);
  expect(endings['lived on']).toBeGreaterThan(0);
  expect(endings['lost: peerViolation']).toBeGreaterThan(0);
});
