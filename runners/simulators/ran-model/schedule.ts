/** A UE that wants PRBs in one direction. */
export interface Want {
  readonly ue: number;
  /** Number of the group of slices that it belongs to. */
  readonly group: number;
  /** PRBs for all that it wants, and for what is guaranteed to it. */
  readonly prbs: number;
  readonly guaranteedPrbs: number;
}

/** Shares of the PRBs, 0 to 1. */
export interface Group {
  readonly min: number;
  readonly max: number;
  readonly dedicated: number;
}

/**
 * PRBs for each UE, fractions of them too. Groups get what is theirs, then share what is left by what they still want; what is
 * dedicated to one is not lent. In a group guarantees come first, and the rest is shared in the same way.
 */
export function schedule(
  prbs: number,
  groups: readonly Group[],
  wants: readonly Want[],
): ReadonlyMap<number, number> {
  const members = groups.map((_, group) => wants.filter((want) => want.group === group));
  const wanted = groups.map(({ max }, group) => Math.min(sum(members[group] ?? [], 'prbs'), max * prbs));
  const granted = new Map<number, number>();
  for (const [group, share] of sharesOf(prbs, groups, wanted).entries())
    for (const [ue, amount] of within(share, members[group] ?? [])) granted.set(ue, amount);
  return granted;
}

function sharesOf(prbs: number, groups: readonly Group[], wanted: readonly number[]): readonly number[] {
  const promised = groups.map(({ min, dedicated, max }) => Math.min(max, Math.max(min, dedicated)) * prbs);
  const scale = Math.min(1, prbs / Math.max(total(promised), prbs));
  const first = wanted.map((want, group) => Math.min(want, (promised[group] ?? 0) * scale));
  const kept = groups.map(({ dedicated }, group) => Math.max(first[group] ?? 0, dedicated * prbs * scale));
  const left = Math.max(0, prbs - total(kept));
  const missing = wanted.map((want, group) => want - (first[group] ?? 0));
  const part = Math.min(1, left / Math.max(total(missing), Number.MIN_VALUE));
  return first.map((amount, group) => amount + part * (missing[group] ?? 0));
}

function within(prbs: number, wants: readonly Want[]): ReadonlyMap<number, number> {
  const guaranteed = wants.map((want) => Math.min(want.prbs, want.guaranteedPrbs));
  const sure = Math.min(1, prbs / Math.max(total(guaranteed), Number.MIN_VALUE));
  const left = Math.max(0, prbs - sure * total(guaranteed));
  const missing = wants.map((want, index) => want.prbs - sure * (guaranteed[index] ?? 0));
  const part = Math.min(1, left / Math.max(total(missing), Number.MIN_VALUE));
  return new Map(
    wants.map(({ ue }, index) => [ue, sure * (guaranteed[index] ?? 0) + part * (missing[index] ?? 0)]),
  );
}

function sum(wants: readonly Want[], of: 'prbs'): number {
  return wants.reduce((amount, want) => amount + want[of], 0);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((amount, number) => amount + number, 0);
}
