import type { Links, Project } from './project.ts';

/** The room in which one schedule after the other is made: nothing is allocated while searching. */
export interface Desk {
  readonly project: Project;
  /** Of the modes chosen, by activity. */
  readonly durations: Int32Array;
  /** Of the modes chosen, packed, `words` by activity. */
  readonly needs: Int32Array;
  /** What is free at each moment, `words` each. */
  readonly profile: Int32Array;
  /** Where counting sort counts. */
  readonly counts: Int32Array;
  /** Activities in a fixed order with every predecessor first, and the same backwards: how ties are broken. */
  readonly inOrder: Int32Array;
  readonly backwards: Int32Array;
}

export function makeDesk(project: Project): Desk {
  const { count, words, horizon } = project;
  const inOrder = Int32Array.from({ length: count }, (_, i) => i);
  return {
    project,
    durations: new Int32Array(count),
    needs: new Int32Array(count * words),
    profile: new Int32Array((horizon + 2) * words),
    counts: new Int32Array(Math.max(horizon, count * FINENESS) + 2),
    inOrder,
    backwards: inOrder.slice().reverse(),
  };
}

/** Keys that lists are sorted by are less than so many times the number of activities, or the horizon. */
export const FINENESS = 8;

/** Puts the modes chosen (indices into the modes of the project) on the desk. */
export function chooseModes(desk: Desk, modes: Int32Array): void {
  const { count, durations, needs, words } = desk.project;
  for (let i = 0; i < count; i++) {
    const mode = modes[i] ?? 0;
    desk.durations[i] = durations[mode] ?? 0;
    for (let w = 0; w < words; w++) desk.needs[i * words + w] = needs[mode * words + w] ?? 0;
  }
}

/**
 * Serial schedule generation: one activity after the other in the order given, each as early as what it waits for and
 * what is free allow. With the links turned round it plans from the end towards the start.
 *
 * @param order every activity after all those it is linked to
 * @param starts filled, by activity
 * @returns when the last one ends
 */
export function place(desk: Desk, order: Int32Array, { before, starts, known = 0 }: Placing): number {
  if (desk.project.words > 1) return placeWide(desk, order, { before, starts });
  const { durations, needs, profile } = desk;
  const { from, ids } = before;
  const guards = desk.project.guards[0] ?? 0;
  profile.fill(desk.project.free[0] ?? 0, 0, desk.project.horizon + 1);
  let makespan = 0;
  for (let x = 0; x < known; x++) {
    const i = order[x] ?? 0;
    const need = needs[i] ?? 0;
    const start = starts[i] ?? 0;
    const end = start + (durations[i] ?? 0);
    for (let at = start; at < end; at++) profile[at] = (profile[at] ?? 0) - need;
    if (end > makespan) makespan = end;
  }
  for (let x = known; x < order.length; x++) {
    const i = order[x] ?? 0;
    let start = 0;
    for (let y = from[i] ?? 0, last = from[i + 1] ?? 0; y < last; y++) {
      const j = ids[y] ?? 0;
      const end = (starts[j] ?? 0) + (durations[j] ?? 0);
      if (end > start) start = end;
    }
    const duration = durations[i] ?? 0;
    const need = needs[i] ?? 0;
    let end = start + duration;
    // From the end of the window back: where it does not fit, the window moves beyond and what was seen is not seen again.
    for (let checked = start, at = end - 1; at >= checked;) {
      if ((((profile[at] ?? 0) - need) & guards) !== guards) {
        checked = end;
        start = at + 1;
        end = start + duration;
        at = end - 1;
      } else at--;
    }
    for (let at = start; at < end; at++) profile[at] = (profile[at] ?? 0) - need;
    starts[i] = start;
    if (end > makespan) makespan = end;
  }
  return makespan;
}

export interface Placing {
  readonly before: Links;
  readonly starts: Int32Array;
  /** So many of the first in the order have their starts already. */
  readonly known?: number;
}

function placeWide(desk: Desk, order: Int32Array, { before, starts }: Placing): number {
  const { durations, needs, profile, project } = desk;
  const { words, guards, free } = project;
  for (let at = 0; at < profile.length; at++) profile[at] = free[at % words] ?? 0;
  let makespan = 0;
  for (const i of order) {
    let start = 0;
    for (let y = before.from[i] ?? 0; y < (before.from[i + 1] ?? 0); y++) {
      const j = before.ids[y] ?? 0;
      start = Math.max(start, (starts[j] ?? 0) + (durations[j] ?? 0));
    }
    const duration = durations[i] ?? 0;
    const fits = (at: number): boolean => {
      for (let w = 0; w < words; w++) {
        const guard = guards[w] ?? 0;
        if ((((profile[at * words + w] ?? 0) - (needs[i * words + w] ?? 0)) & guard) !== guard) return false;
      }
      return true;
    };
    for (let at = start; at < start + duration; at++) if (!fits(at)) start = at + 1;
    for (let at = start * words; at < (start + duration) * words; at++)
      profile[at] = (profile[at] ?? 0) - (needs[i * words + (at % words)] ?? 0);
    starts[i] = start;
    makespan = Math.max(makespan, start + duration);
  }
  return makespan;
}

/** Sorts activities by a time of each (counting sort); ties stay in the order of `ties`. */
export function sortByTime(desk: Desk, times: Int32Array, { ties, into }: Sorting): void {
  const { counts } = desk;
  let latest = 0;
  for (let i = 0; i < times.length; i++) if ((times[i] ?? 0) > latest) latest = times[i] ?? 0;
  counts.fill(0, 0, latest + 2);
  for (let i = 0; i < times.length; i++) {
    const at = (times[i] ?? 0) + 1;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  for (let t = 1; t <= latest; t++) counts[t] = (counts[t] ?? 0) + (counts[t - 1] ?? 0);
  for (let x = 0; x < ties.length; x++) {
    const i = ties[x] ?? 0;
    const at = times[i] ?? 0;
    const to = counts[at] ?? 0;
    into[to] = i;
    counts[at] = to + 1;
  }
}

export interface Sorting {
  readonly ties: Int32Array;
  readonly into: Int32Array;
}
