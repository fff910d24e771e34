/** Most values in a combination. */
export const MAX_STRENGTH = 4;

/** The combinations that no row holds: a list to choose from, and a chain through those of each value. */
export interface Missing {
  count: number;
  /** Slots in use, in no order; free ones behind. */
  slots: Int32Array;
  /** For each combination, the place of its slot in `slots`. */
  readonly places: Int32Array;
  /** For each slot: its combination, and its values from `slot * MAX_STRENGTH` on, filled up with -1. */
  combinations: Int32Array;
  members: Int32Array;
  /** For each value, the first link of its chain, or -1; a link is the place of that value in `members`. */
  readonly heads: Int32Array;
  after: Int32Array;
  before: Int32Array;
}

export function makeMissing(combinations: number, values: number): Missing {
  return {
    count: 0,
    slots: Int32Array.from({ length: FIRST_ROOM }, (_, slot) => slot),
    places: new Int32Array(combinations),
    combinations: new Int32Array(FIRST_ROOM),
    members: new Int32Array(FIRST_ROOM * MAX_STRENGTH).fill(-1),
    heads: new Int32Array(values).fill(-1),
    after: new Int32Array(FIRST_ROOM * MAX_STRENGTH),
    before: new Int32Array(FIRST_ROOM * MAX_STRENGTH),
  };
}

/** Takes a free slot, for the caller to write its values to with `linkMember`. */
export function addMissing(missing: Missing, combination: number): number {
  if (missing.count === missing.slots.length) growMissing(missing);
  const slot = missing.slots[missing.count] ?? 0;
  missing.places[combination] = missing.count;
  missing.count += 1;
  missing.combinations[slot] = combination;
  return slot * MAX_STRENGTH;
}

export function linkMember({ members, heads, after, before }: Missing, link: number, value: number): void {
  const head = heads[value] ?? -1;
  members[link] = value;
  after[link] = head;
  before[link] = -1;
  if (head >= 0) before[head] = link;
  heads[value] = link;
}

export function removeMissing(missing: Missing, combination: number): void {
  const { slots, places, combinations, members, heads, after, before } = missing;
  const place = places[combination] ?? 0;
  const slot = slots[place] ?? 0;
  missing.count -= 1;
  const moved = slots[missing.count] ?? 0;
  slots[place] = moved;
  slots[missing.count] = slot;
  places[combinations[moved] ?? 0] = place;
  for (let link = slot * MAX_STRENGTH; link < (slot + 1) * MAX_STRENGTH; link += 1) {
    const value = members[link] ?? -1;
    if (value < 0) break;
    members[link] = -1;
    const [next, previous] = [after[link] ?? -1, before[link] ?? -1];
    if (next >= 0) before[next] = previous;
    if (previous >= 0) after[previous] = next;
    else heads[value] = next;
  }
}

const FIRST_ROOM = 1024;

function growMissing(missing: Missing): void {
  const room = missing.slots.length * 2;
  missing.slots = longer(missing.slots, room);
  for (let slot = room / 2; slot < room; slot += 1) missing.slots[slot] = slot;
  missing.combinations = longer(missing.combinations, room);
  missing.after = longer(missing.after, room * MAX_STRENGTH);
  missing.before = longer(missing.before, room * MAX_STRENGTH);
  const members = new Int32Array(room * MAX_STRENGTH).fill(-1);
  members.set(missing.members);
  missing.members = members;
}

function longer(items: Int32Array, room: number): Int32Array {
  const all = new Int32Array(room);
  all.set(items);
  return all;
}
