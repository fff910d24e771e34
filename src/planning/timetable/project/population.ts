/** The schedules that are bred from: rows of flat arrays, so that a new one replaces an old one without a copy more. */
export interface Population {
  readonly size: number;
  readonly count: number;
  /** By member: its activities by start. */
  readonly orders: readonly Int32Array[];
  readonly starts: readonly Int32Array[];
  /** By member: the mode of each activity. */
  readonly modes: readonly Int32Array[];
  readonly costs: Float64Array;
  /** Equal schedules have equal prints. */
  readonly prints: Int32Array;
  /** How many rows hold a member: the first ones. */
  filled: number;
}

export function makePopulation(size: number, count: number): Population {
  const rows = (): readonly Int32Array[] => Array.from({ length: size }, () => new Int32Array(count));
  return {
    size,
    count,
    orders: rows(),
    starts: rows(),
    modes: rows(),
    costs: new Float64Array(size),
    prints: new Int32Array(size),
    filled: 0,
  };
}

export interface Member {
  readonly starts: Int32Array;
  readonly modes: Int32Array;
  readonly cost: number;
}

/**
 * Fills an empty row or takes the place of a worst member, unless it is worse than that, or there already.
 *
 * @returns where its activities are to be listed by start; nothing when it was not let in
 */
export function admit(population: Population, { starts, modes, cost }: Member): Int32Array | undefined {
  const { costs, prints, filled } = population;
  const print = printOf(starts, modes);
  let worst = 0;
  for (let i = 0; i < filled; i++) {
    const other = costs[i] ?? 0;
    if (other === cost && prints[i] === print) return undefined;
    // Of those equally bad the last takes the blow: `print` makes which one that is as good as random.
    if (other > (costs[worst] ?? 0) || (other === costs[worst] && ((print + i) & 3) === 0)) worst = i;
  }
  if (filled < population.size) worst = population.filled++;
  else if (cost > (costs[worst] ?? 0)) return undefined;
  population.starts[worst]?.set(starts);
  population.modes[worst]?.set(modes);
  costs[worst] = cost;
  prints[worst] = print;
  return population.orders[worst];
}

function printOf(starts: Int32Array, modes: Int32Array): number {
  let print = 0x811c9dc5;
  for (let i = 0; i < starts.length; i++)
    print = Math.imul(print ^ ((starts[i] ?? 0) * 31 + (modes[i] ?? 0)), 0x01000193);
  return print;
}
