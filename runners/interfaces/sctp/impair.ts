import type { Carrier, Timers } from './carrier.ts';

/** Shares of packets, from 0 to 1; the same seed gives the same choices. */
export interface Impairment {
  readonly loss?: number;
  readonly duplication?: number;
  /** Held back for `reorderMs`, so that others overtake them. */
  readonly reordering?: number;
  readonly reorderMs?: number;
  readonly seed?: number;
}

/** A carrier that treats what is sent as a bad network would. */
export function impair(carrier: Carrier, timers: Timers, impairment: Impairment): Carrier {
  const { loss = 0, duplication = 0, reordering = 0, reorderMs = 5, seed = 1 } = impairment;
  const random = seeded(seed);
  return {
    ...carrier,
    send: (packet, to) => {
      if (random() < loss) return;
      if (random() < duplication) carrier.send(packet, to);
      if (random() < reordering) timers.after(reorderMs, () => carrier.send(packet, to));
      else carrier.send(packet, to);
    },
  };
}

/** From 0 to 1, the same sequence for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
