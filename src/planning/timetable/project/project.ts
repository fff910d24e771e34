/** Links from each activity to others, in one list: those of `i` stand at `ids[from[i]]` to `ids[from[i + 1] - 1]`. */
export interface Links {
  readonly from: Int32Array;
  readonly ids: Int32Array;
}

/**
 * Activities that need amounts of shared resources, and nothing else: the plain case, in typed arrays.
 *
 * Amounts are packed so that one subtraction compares four resources at a time: each has a lane of a 32-bit word whose
 * highest bit is a guard. With guards set, a lane keeps its guard exactly when as much is free as is wanted.
 */
export interface Project {
  /** Activities, in an order in which nothing comes before what it waits for. */
  readonly count: number;
  readonly before: Links;
  readonly after: Links;
  /** Modes of activity `i` are `firstMode[i]` to `firstMode[i + 1] - 1`. */
  readonly firstMode: Int32Array;
  /** By mode. */
  readonly durations: Int32Array;
  /** By mode: `words` packed words each. */
  readonly needs: Int32Array;
  /** By mode and resource, not packed. */
  readonly amounts: Int32Array;
  readonly capacities: Int32Array;
  readonly words: number;
  /** What is free when nothing runs, packed, guards set. */
  readonly free: Int32Array;
  readonly guards: Int32Array;
  /** By mode and budget: what it takes from what exists once for the whole plan. */
  readonly takes: Int32Array;
  readonly budgets: Int32Array;
  /** Longer than any schedule that wastes no time. */
  readonly horizon: number;
}

export interface ProjectSpec {
  readonly capacities: readonly number[];
  readonly budgets: readonly number[];
  readonly activities: readonly {
    /** Indices of activities that must have ended. */
    readonly after: readonly number[];
    readonly modes: readonly {
      readonly duration: number;
      readonly amounts: readonly number[];
      readonly takes: readonly number[];
    }[];
  }[];
}

/** Largest amount in a lane of 8 and of 16 bits, and in a word of its own. */
const LANES = [
  { most: 0x7f, lanes: 4, bits: 8 },
  { most: 0x7fff, lanes: 2, bits: 16 },
  { most: 0x3fffffff, lanes: 1, bits: 31 },
] as const;

/** @param spec activities in an order in which nothing comes before what it waits for */
export function makeProject({ capacities, budgets, activities }: ProjectSpec): Project {
  const modes = activities.flatMap(({ modes: own }) => own);
  const before = links(activities.map(({ after }) => after));
  const packing = makePacking(capacities);
  const most = (own: readonly { readonly duration: number }[]): number =>
    own.reduce((longest, { duration }) => Math.max(longest, duration), 0);
  return {
    count: activities.length,
    before,
    after: reversed(before),
    firstMode: Int32Array.from(offsets(activities.map(({ modes: own }) => own.length))),
    durations: Int32Array.from(modes, ({ duration }) => duration),
    needs: Int32Array.from(modes.flatMap(({ amounts }) => packing.pack(amounts))),
    amounts: Int32Array.from(modes.flatMap(({ amounts }) => amounts)),
    capacities: Int32Array.from(capacities),
    words: packing.words,
    free: Int32Array.from(packing.pack(capacities), (word, i) => word | (packing.guards[i] ?? 0)),
    guards: packing.guards,
    takes: Int32Array.from(modes.flatMap(({ takes }) => takes)),
    budgets: Int32Array.from(budgets),
    horizon: activities.reduce((sum, { modes: own }) => sum + most(own), 0) + 1,
  };
}

function makePacking(capacities: readonly number[]): {
  readonly words: number;
  readonly guards: Int32Array;
  readonly pack: (amounts: readonly number[]) => readonly number[];
} {
  const largest = Math.max(0, ...capacities);
  const { lanes, bits } = LANES.find(({ most }) => largest <= most) ?? LANES[2];
  const words = Math.max(1, Math.ceil(capacities.length / lanes));
  const pack = (amounts: readonly number[]): readonly number[] => {
    const packed = new Int32Array(words);
    for (const [i, amount] of amounts.entries()) {
      const word = Math.floor(i / lanes);
      packed[word] = (packed[word] ?? 0) | (amount << (bits * (i % lanes)));
    }
    return [...packed];
  };
  const guard = Array.from({ length: lanes }, (_, lane) => 1 << (bits * (lane + 1) - 1));
  const guards = new Int32Array(words).fill(lanes === 1 ? 0x40000000 : guard.reduce((a, b) => a | b, 0));
  return { words, guards, pack };
}

function offsets(lengths: readonly number[]): readonly number[] {
  const from = [0];
  for (const length of lengths) from.push((from.at(-1) ?? 0) + length);
  return from;
}

function links(lists: readonly (readonly number[])[]): Links {
  return {
    from: Int32Array.from(offsets(lists.map(({ length }) => length))),
    ids: Int32Array.from(lists.flat()),
  };
}

function reversed({ from, ids }: Links): Links {
  const lists: number[][] = Array.from({ length: from.length - 1 }, () => []);
  for (let i = 0; i < lists.length; i++)
    for (let at = from[i] ?? 0; at < (from[i + 1] ?? 0); at++) lists[ids[at] ?? 0]?.push(i);
  return links(lists);
}
