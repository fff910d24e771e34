import { combinationsAround, type Stratum } from './stratum.ts';

/** While a row is filled: what each value would add to it. */
export interface Gains {
  /** Begins a new row. */
  readonly reset: () => void;
  /** How many combinations that are open `value` makes with what is held. */
  readonly of: (value: number) => number;
  readonly hold: (value: number) => void;
  /** The combinations of this row are not open any more; `counts` says so already. */
  readonly take: (row: Int32Array) => void;
}

/** @param counts 0 for what is open; changed by the caller before `take` */
export function makeGains(strata: readonly Stratum[], counts: Int32Array): Gains {
  const parts = strata.map((stratum) =>
    stratum.strength === 3 ? makeTripleGains(stratum, counts) : makeCountedGains(stratum, counts),
  );
  return {
    reset: () => parts.forEach((part) => part.reset()),
    of: (value) => {
      let gain = 0;
      for (const part of parts) gain += part.of(value);
      return gain;
    },
    hold: (value) => parts.forEach((part) => part.hold(value)),
    take: (row) => parts.forEach((part) => part.take(row)),
  };
}

/** Looks at every combination each time that it is asked. */
function makeCountedGains(stratum: Stratum, counts: Int32Array): Gains {
  const { factors, local, strength } = stratum;
  const around = { others: new Int32Array(factors.length), count: 0, split: 0, value: 0 };
  const out = new Int32Array(Math.max(1, stratum.companionSets));
  const placeOf = (value: number): number => {
    let split = around.count;
    while (split > 0 && (around.others[split - 1] ?? 0) > value) split -= 1;
    return split;
  };
  return {
    reset: () => (around.count = 0),
    of: (value) => {
      around.value = local[value] ?? -1;
      if (around.value < 0 || around.count < strength - 1) return 0;
      around.split = placeOf(around.value);
      const count = combinationsAround(stratum, around, out);
      let gain = 0;
      for (let at = 0; at < count; at += 1) if (counts[out[at] ?? 0] === 0) gain += 1;
      return gain;
    },
    hold: (value) => {
      const own = local[value] ?? -1;
      if (own < 0) return;
      const split = placeOf(own);
      around.others.copyWithin(split + 1, split, around.count);
      around.others[split] = own;
      around.count += 1;
    },
    take: () => undefined,
  };
}

/**
 * For triples: for each two values the third ones that are open with them, as bits, and for each value what it would add, kept
 * up to date with each value that is held. A row of 200 factors takes milliseconds.
 */
function makeTripleGains(stratum: Stratum, counts: Int32Array): Gains {
  const { local } = stratum;
  const all = stratum.values.length;
  const words = Math.ceil(all / 32);
  const open = openTriples(stratum, { counts, words });
  const held = new Int32Array(words);
  const gains = new Int32Array(all);
  return {
    reset: () => {
      held.fill(0);
      gains.fill(0);
    },
    of: (value) => gains[local[value] ?? -1] ?? 0,
    hold: (value) => {
      const own = local[value] ?? -1;
      if (own < 0) return;
      for (let other = 0, at = own * all * words; other < all; other += 1) {
        let more = 0;
        for (let word = 0; word < words; word += 1, at += 1) {
          const bits = (open[at] ?? 0) & (held[word] ?? 0);
          if (bits !== 0) more += countBits(bits);
        }
        gains[other] = (gains[other] ?? 0) + more;
      }
      held[own >>> 5] = (held[own >>> 5] ?? 0) | (1 << (own & 31));
    },
    take: (row) => {
      held.fill(0);
      const values = [...stratum.factors].map((factor) => local[row[factor] ?? 0] ?? 0);
      for (const value of values) held[value >>> 5] = (held[value >>> 5] ?? 0) | (1 << (value & 31));
      for (const one of values) {
        for (const other of values) {
          const at = (one * all + other) * words;
          for (let word = 0; word < words; word += 1)
            open[at + word] = (open[at + word] ?? 0) & ~(held[word] ?? 0);
        }
      }
    },
  };
}

function openTriples(
  { steps, behind, values }: Stratum,
  { counts, words }: { readonly counts: Int32Array; readonly words: number },
): Int32Array {
  const all = values.length;
  const open = new Int32Array(all * all * words);
  const note = (one: number, other: number, third: number): void => {
    const low = (one * all + other) * words + (third >>> 5);
    const high = (other * all + one) * words + (third >>> 5);
    open[low] = (open[low] ?? 0) | (1 << (third & 31));
    open[high] = (open[high] ?? 0) | (1 << (third & 31));
  };
  for (let a = 0; a < all; a += 1) {
    for (let b = behind[a] ?? all; b < all; b += 1) {
      const base = steps[1]?.[(steps[0]?.[a] ?? 0) + b] ?? 0;
      for (let c = behind[b] ?? all; c < all; c += 1) {
        if (counts[base + c] !== 0) continue;
        note(a, b, c);
        note(a, c, b);
        note(b, c, a);
      }
    }
  }
  return open;
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
