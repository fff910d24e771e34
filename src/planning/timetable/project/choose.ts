import type { Random } from '../../random.ts';
import type { Desk, Placing } from './place.ts';
import type { Project } from './project.ts';

/** What is left of each budget when every activity takes what its mode takes; negative where there is too little. */
export function spareOf({ budgets, takes, count }: Project, { modes, into }: Spare): Int32Array {
  into.set(budgets);
  const kinds = budgets.length;
  for (let i = 0; i < count; i++)
    for (let b = 0; b < kinds; b++) into[b] = (into[b] ?? 0) - (takes[(modes[i] ?? 0) * kinds + b] ?? 0);
  return into;
}

export interface Spare {
  readonly modes: Int32Array;
  readonly into: Int32Array;
}

/** By how much budgets are overdrawn, in all. */
export function overdrawn(spare: Int32Array): number {
  let sum = 0;
  for (let b = 0; b < spare.length; b++) sum -= Math.min(0, spare[b] ?? 0);
  return sum;
}

/** Changes modes, at random places, until no budget is overdrawn or nothing helps; `spare` follows. */
export function withinBudgets(project: Project, { modes, spare, random }: Choice): boolean {
  const { count, firstMode, takes } = project;
  const kinds = spare.length;
  for (let tries = 0, missing = overdrawn(spare); tries < 4 * count; tries++) {
    if (missing === 0) return true;
    const i = random.below(count);
    const now = modes[i] ?? 0;
    let [best, least] = [now, missing];
    for (let mode = firstMode[i] ?? 0; mode < (firstMode[i + 1] ?? 0); mode++) {
      let sum = 0;
      for (let b = 0; b < kinds; b++)
        sum -= Math.min(0, (spare[b] ?? 0) + (takes[now * kinds + b] ?? 0) - (takes[mode * kinds + b] ?? 0));
      if (sum < least || (sum === least && sum < missing && random.next() < 0.5)) [best, least] = [mode, sum];
    }
    if (best === now) continue;
    exchange(project, spare, [now, best]);
    modes[i] = best;
    missing = least;
  }
  return overdrawn(spare) === 0;
}

export interface Choice {
  readonly modes: Int32Array;
  readonly spare: Int32Array;
  readonly random: Random;
}

function exchange({ takes }: Project, spare: Int32Array, [from, to]: readonly [number, number]): void {
  const kinds = spare.length;
  for (let b = 0; b < kinds; b++)
    spare[b] = (spare[b] ?? 0) + (takes[from * kinds + b] ?? 0) - (takes[to * kinds + b] ?? 0);
}

/**
 * As `place`, but an activity may, with the given likelihood, take the mode in which it ends first and budgets last;
 * what is chosen is on the desk and in `modes` afterwards.
 */
export function placeChoosing(desk: Desk, order: Int32Array, choosing: Choosing): number {
  const { project, durations, profile } = desk;
  const { words, free, firstMode } = project;
  const { before, starts, modes, random, likelihood } = choosing;
  const cells = (project.horizon + 1) * words;
  if (words === 1) profile.fill(free[0] ?? 0, 0, cells);
  else for (let at = 0; at < cells; at++) profile[at] = free[at % words] ?? 0;
  let makespan = 0;
  for (let x = 0; x < order.length; x++) {
    const i = order[x] ?? 0;
    let ready = 0;
    for (let y = before.from[i] ?? 0, last = before.from[i + 1] ?? 0; y < last; y++) {
      const j = before.ids[y] ?? 0;
      ready = Math.max(ready, (starts[j] ?? 0) + (durations[j] ?? 0));
    }
    let mode = modes[i] ?? 0;
    let start = earliest(desk, mode, ready);
    const several = (firstMode[i + 1] ?? 0) - (firstMode[i] ?? 0) > 1;
    if (several && random.next() < likelihood) {
      const other = firstToEnd(desk, choosing, { i, ready, mode, end: start + (durations[i] ?? 0) });
      if (other !== mode) {
        start = earliest(desk, other, ready);
        adopt(desk, choosing, { i, mode: other });
        mode = other;
      }
    }
    const end = start + (durations[i] ?? 0);
    for (let at = start * words; at < end * words; at++)
      profile[at] = (profile[at] ?? 0) - (project.needs[mode * words + (words === 1 ? 0 : at % words)] ?? 0);
    starts[i] = start;
    if (end > makespan) makespan = end;
  }
  return makespan;
}

export interface Choosing extends Placing, Choice {
  readonly likelihood: number;
}

function adopt(
  desk: Desk,
  { modes, spare }: Choice,
  { i, mode }: { readonly i: number; readonly mode: number },
): void {
  const { words, durations, needs } = desk.project;
  exchange(desk.project, spare, [modes[i] ?? 0, mode]);
  modes[i] = mode;
  desk.durations[i] = durations[mode] ?? 0;
  for (let w = 0; w < words; w++) desk.needs[i * words + w] = needs[mode * words + w] ?? 0;
}

/** The mode that ends first without overdrawing a budget; the one it has when none is better. */
function firstToEnd(desk: Desk, { spare }: Choice, now: Now): number {
  const { firstMode, durations, takes } = desk.project;
  const kinds = spare.length;
  let [best, bestEnd] = [now.mode, now.end];
  for (let mode = firstMode[now.i] ?? 0, last = firstMode[now.i + 1] ?? 0; mode < last; mode++) {
    const duration = durations[mode] ?? 0;
    if (mode === now.mode || now.ready + duration >= bestEnd) continue;
    let allowed = true;
    for (let b = 0; b < kinds; b++) {
      const left = (spare[b] ?? 0) + (takes[now.mode * kinds + b] ?? 0) - (takes[mode * kinds + b] ?? 0);
      if (left < 0 && left < (spare[b] ?? 0)) allowed = false;
    }
    if (!allowed) continue;
    const end = earliest(desk, mode, now.ready) + duration;
    if (end < bestEnd) [best, bestEnd] = [mode, end];
  }
  return best;
}

interface Now {
  readonly i: number;
  readonly ready: number;
  readonly mode: number;
  readonly end: number;
}

/** The earliest start in this mode, given what is free. */
function earliest({ project, profile }: Desk, mode: number, ready: number): number {
  const { words, guards, needs } = project;
  const duration = project.durations[mode] ?? 0;
  let start = ready;
  for (let w = 0; w < words; w++) {
    const [need, guard] = [needs[mode * words + w] ?? 0, guards[w] ?? 0];
    const found = start;
    let end = start + duration;
    for (let checked = start, at = end - 1; at >= checked;) {
      if ((((profile[at * words + w] ?? 0) - need) & guard) === guard) at--;
      else {
        checked = end;
        start = at + 1;
        end = start + duration;
        at = end - 1;
      }
    }
    // A word that moved it makes the words before it uncertain again.
    if (start !== found && w > 0) w = -1;
  }
  return start;
}
