import type { Range, Ranges } from '../schema.ts';

export const EVERYTHING: Ranges = [{ min: null, max: null }];
export const NATURAL: Ranges = [{ min: 0n, max: null }];

/** The same numbers, sorted and disjoint. */
export function normalised(ranges: Ranges): Ranges {
  const sorted = ranges
    .filter(({ min, max }) => min === null || max === null || min <= max)
    .toSorted((a, b) => compareFrom(a.min, b.min));
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && touches(last, range))
      merged[merged.length - 1] = { min: last.min, max: larger(last.max, range.max) };
    else merged.push(range);
  }
  return merged;
}

export function intersection(left: Ranges, right: Ranges): Ranges {
  const shared = left.flatMap((a) =>
    right.map((b) => ({ min: compareFrom(a.min, b.min) < 0 ? b.min : a.min, max: smaller(a.max, b.max) })),
  );
  return normalised(shared);
}

/** `null` as a lower end is below everything. */
function compareFrom(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return a < b ? -1 : Number(a > b);
}

function touches(left: Range, right: Range): boolean {
  return left.max === null || right.min === null || right.min <= left.max + 1n;
}

function larger(a: bigint | null, b: bigint | null): bigint | null {
  return a === null || b === null ? null : a > b ? a : b;
}

function smaller(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null) return b;
  return b === null || a < b ? a : b;
}
