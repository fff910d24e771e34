import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayWindow } from '../../../../../runners/interfaces/esp/replay-window.ts';

const [WINDOW, LAST] = [64, 0xffff_ffff];

/** What RFC 4303 §3.4.3 says, with every number that was ever taken kept. */
class SlowWindow {
  readonly #taken = new Set<number>();

  take(sequence: number): boolean {
    const highest = Math.max(0, ...this.#taken);
    const isNew = sequence > 0 && sequence > highest - WINDOW && !this.#taken.has(sequence);
    if (isNew) this.#taken.add(sequence);
    return isNew;
  }
}

function taken(window: { take(sequence: number): boolean }, sequences: readonly number[]): boolean[] {
  return sequences.map((sequence) => window.take(sequence));
}

/** Steps from one number to the next: repeated, reordered, lost, far ahead; 32 bits, which they leave at the end and begin anew. */
function sequences(): fc.Arbitrary<readonly number[]> {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 }) },
    { weight: 4, arbitrary: fc.integer({ min: -70, max: 70 }) },
    { weight: 1, arbitrary: fc.integer({ min: -LAST, max: LAST }) },
  );
  const start = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: LAST - 200, max: LAST }));
  return fc
    .array(fc.oneof(step, fc.constantFrom(WINDOW - 1, WINDOW, 1 - WINDOW, -WINDOW)), { maxLength: 120 })
    .chain((steps) =>
      start.map((first) => {
        let number = first;
        return [first, ...steps.map((by) => (number = (number + by) >>> 0))];
      }),
    );
}

describe('a window against what is said again', () => {
  it('takes what the rule takes, whatever is repeated, reordered, lost or counted over', () => {
    fc.assert(
      fc.property(sequences(), (numbers) => {
        expect(taken(new ReplayWindow(), numbers)).toEqual(taken(new SlowWindow(), numbers));
      }),
      { numRuns: 400 },
    );
  });

  it('takes each packet once, in any order within the window, and none that is older', () => {
    expect(taken(new ReplayWindow(), [1, 3, 2, 3, 200, 137, 136, 200, 0])).toEqual([
      ...[true, true, true, false, true, true, false, false, false],
    ]);
  });

  it('takes nothing any more when 32 bits are used up', () => {
    const window = new ReplayWindow();
    expect(taken(window, [LAST - 1, LAST])).toEqual([true, true]);
    expect(taken(window, [0, 1, 2, WINDOW, LAST - WINDOW, LAST - 1, LAST])).toEqual(Array(7).fill(false));
    expect(window.take(LAST - WINDOW + 1)).toBe(true);
  });
});
