import { PerError } from '../../runners/interfaces/per/error.ts';
import type { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';

/** Octets cut off, changed, with more behind them, and of noise alone. */
export function spoiledBytes(bytes: Uint8Array, random: RandomValues): readonly Uint8Array[] {
  const short = bytes.slice(0, 2_000);
  const changed = short.slice();
  for (let round = 0; round < 4 && changed.length > 0; round += 1)
    changed[random.below(changed.length)] = random.below(256);
  return [
    short.slice(0, random.below(short.length + 1)),
    changed,
    Uint8Array.from([...short, random.below(256)]),
    random.octets(random.below(80)),
  ];
}

/** `read`, or the code of the one error that codecs may throw. */
export function outcomeOf(act: () => unknown): string {
  try {
    act();
    return 'read';
  } catch (error) {
    if (error instanceof PerError) return error.code;
    throw error;
  }
}
