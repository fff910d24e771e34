/** A whole number from 0 up to, not including, `limit`. */
export type Random = (limit: number) => number;

/** Numbers that look random and are the same for the same seed, on every machine (xorshift, 32 bits). */
export function makeRandom(seed: number): Random {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995) | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) * limit * 2 ** -32) | 0;
  };
}

export function shuffle(items: Int32Array, count: number, random: Random): void {
  for (let last = count - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    const kept = items[last] ?? 0;
    items[last] = items[other] ?? 0;
    items[other] = kept;
  }
}
