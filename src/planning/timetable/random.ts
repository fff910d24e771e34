/** Random numbers that are the same for the same seed, everywhere (xorshift, 32 bits). */
export interface Random {
  /** From 0 up to, but not, 1. */
  readonly next: () => number;
  /** A whole number from 0 up to, but not, `bound`. */
  readonly below: (bound: number) => number;
}

export function makeRandom(seed: number): Random {
  let state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  for (let i = 0; i < 8; i++) next();
  return { next, below: (bound) => Math.floor(next() * bound) };
}
