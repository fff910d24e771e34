/** A whole number from 0 up to, not including, `limit`. */
export type Draw = (limit: number) => number;

/** Random numbers that are the same for the same seed, on every machine (xorshift, 32 bits). */
export interface Random {
  /** From 0 up to, but not, 1. */
  readonly next: () => number;
  readonly below: Draw;
}

/** Seeds that are close to each other begin alike: so many numbers are not used. */
const SKIPPED = 8;

export function makeRandom(seed: number): Random {
  let state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) * 2 ** -32;
  };
  for (let skipped = 0; skipped < SKIPPED; skipped += 1) next();
  return { next, below: (limit) => (next() * limit) | 0 };
}

/** The first `count` of them, in place. */
export function shuffle(items: Int32Array, count: number, draw: Draw): void {
  for (let last = count - 1; last > 0; last -= 1) {
    const other = draw(last + 1);
    const kept = items[last] ?? 0;
    items[last] = items[other] ?? 0;
    items[other] = kept;
  }
}
