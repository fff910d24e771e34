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

// What holds at any message, such as that one was not of some kind, was once taken for false before the first message; and what a gap had
// made possible, for possible ever after.
it.each([38, 213, 72_342])(
  'judges trace %i, on which it once differed, as the slow evaluator does',
  (seed) => {
    expect(differenceAt(seed)).toBe('');
  },
);
