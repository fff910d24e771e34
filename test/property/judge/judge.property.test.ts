import { expect, it } from 'vitest';
import { differenceAt, slanderAt } from '../../support/judge/compare.ts';

/** `npm run fuzz -- judge` tries many more. */
const SEEDS = Array.from({ length: 400 }, (_, index) => 1_000_000 + index);

it('judges random traces as the slow evaluator does', () => {
  expect(SEEDS.map(differenceAt).filter((found) => found !== '')).toEqual([]);
});

it('blames nobody for messages that are only missing from the trace', () => {
  expect(SEEDS.map(slanderAt).filter((found) => found !== '')).toEqual([]);
});
