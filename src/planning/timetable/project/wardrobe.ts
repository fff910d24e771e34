import type { Random } from '../../random.ts';
import { overdrawn, placeChoosing, spareOf, withinBudgets } from './choose.ts';
import type { Parents } from './breed.ts';
import { justified, type Bench } from './justify.ts';
import { chooseModes, type Desk, type place } from './place.ts';

/** Which mode each activity of the child is in. Without alternatives there is nothing to choose. */
export interface Wardrobe {
  readonly desk: Desk;
  readonly random: Random;
  readonly modes: Int32Array;
  readonly spare: Int32Array;
  readonly alternatives: boolean;
}

/** How often an activity of a child takes a mode of neither parent, and how often a faster mode while it is placed. */
const WHIM = 0.02;
const FASTER = 0.5;

export function makeWardrobe(desk: Desk, random: Random): Wardrobe {
  const { count, firstMode, budgets } = desk.project;
  return {
    desk,
    random,
    modes: firstMode.slice(0, count),
    spare: budgets.slice(),
    alternatives: (firstMode[count] ?? 0) > count,
  };
}

/** Random modes; half of the time the faster of two. */
export function dressAnew(wardrobe: Wardrobe): void {
  if (!wardrobe.alternatives) return;
  const { desk, random, modes } = wardrobe;
  const { durations, count } = desk.project;
  const pick = (i: number): number => randomMode(wardrobe, i);
  const hurry = random.next();
  for (let i = 0; i < count; i++) {
    const [a, b] = [pick(i), pick(i)];
    const faster = (durations[a] ?? 0) <= (durations[b] ?? 0) ? a : b;
    modes[i] = random.next() < hurry ? faster : a;
  }
  settle(wardrobe);
}

/** The modes of the parent that each activity follows, but for a whim now and then. */
export function dressLike(wardrobe: Wardrobe, marks: Uint8Array, { first, second }: Parents): void {
  if (!wardrobe.alternatives) return;
  const { random, modes } = wardrobe;
  for (let i = 0; i < modes.length; i++) {
    const own = (marks[i] === 0 ? second : first).modes[i] ?? 0;
    modes[i] = random.next() < WHIM ? randomMode(wardrobe, i) : own;
  }
  settle(wardrobe);
}

/** @returns the makespan, or `AGAIN`; more than the horizon when a budget is overdrawn, by how much */
export function evaluate(wardrobe: Wardrobe, bench: Bench, { order, parents }: Child): number {
  if (!wardrobe.alternatives) return justified(bench, order, { parents });
  const { desk, spare } = wardrobe;
  chooseModes(desk, wardrobe.modes);
  const choosing = { ...wardrobe, likelihood: FASTER };
  const again: typeof place = (at, list, { before, starts }) =>
    placeChoosing(at, list, { ...choosing, before, starts });
  const makespan = justified(bench, order, { parents: null, again });
  const missing = overdrawn(spare);
  return missing === 0 ? makespan : desk.project.horizon + missing;
}

export interface Child {
  readonly order: Int32Array;
  /** None of the first lot. */
  readonly parents: Parents | null;
}

function randomMode({ desk, random }: Wardrobe, i: number): number {
  const { firstMode } = desk.project;
  const from = firstMode[i] ?? 0;
  return from + random.below((firstMode[i + 1] ?? 0) - from);
}

function settle({ desk, modes, spare, random }: Wardrobe): void {
  if (spare.length === 0) return;
  spareOf(desk.project, { modes, into: spare });
  withinBudgets(desk.project, { modes, spare, random });
}
