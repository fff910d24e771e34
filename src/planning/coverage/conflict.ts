import { makeProblem } from './problem.ts';
import { makeRandom } from '../random.ts';
import { makeSolver } from './solver.ts';

export interface Clauses {
  readonly id: string;
  readonly forbidden: readonly (readonly number[])[];
}

interface ConflictInput {
  readonly levels: readonly number[];
  readonly constraints: readonly Clauses[];
  /** Values that are to stand in the row. */
  readonly assumed: readonly number[];
}

/** So much is looked at before a set from which nothing can be left out is taken for an answer, be it the smallest or not. */
const MAX_ROUNDS = 500;
const MAX_CHOICES = 200_000;

/**
 * The smallest set of constraints that leave no row with these values, by id; empty when there is a row.
 *
 * Whatever the conflict is, it has a member among the constraints without which a row becomes possible. So: the smallest set that has a
 * member of each such group that is known; when it is no conflict yet, it shows another group. (Implicit hitting sets.)
 */
export function findConflict(input: ConflictInput): readonly string[] {
  const all = input.constraints.map((_, index) => index);
  if (isPossible(input, all)) return [];
  const minimal = reduce(input, all);
  const groups: number[][] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const smallest = hit(groups, minimal.length - 1);
    if (smallest === undefined) return named(input, minimal);
    if (!isPossible(input, smallest)) return named(input, smallest);
    const inside = new Set(grow(input, smallest));
    groups.push(all.filter((index) => !inside.has(index)));
  }
  return named(input, minimal);
}

function named({ constraints }: ConflictInput, indices: readonly number[]): readonly string[] {
  return indices.map((index) => constraints[index]?.id ?? '').sort();
}

function isPossible({ levels, constraints, assumed }: ConflictInput, chosen: readonly number[]): boolean {
  const forbidden = chosen.flatMap((index) => constraints[index]?.forbidden ?? []);
  const problem = makeProblem({ levels, forbidden, strata: [] });
  return makeSolver(problem, makeRandom(1).below).extend(assumed) !== null;
}

/** A conflict from which nothing can be left out, in halves: those at the end are tried to be left out first. */
function reduce(input: ConflictInput, all: readonly number[]): readonly number[] {
  let kept = all;
  for (let size = Math.ceil(all.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length;) {
      const fewer = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (isPossible(input, fewer)) from += size;
      else kept = fewer;
    }
  }
  return kept;
}

/** A largest set around this one that leaves a row possible. */
function grow(input: ConflictInput, start: readonly number[]): readonly number[] {
  const inside = [...start];
  const waiting = input.constraints.map((_, index) => index).filter((index) => !start.includes(index));
  const add = (group: readonly number[]): void => {
    if (group.length === 0) return;
    if (isPossible(input, [...inside, ...group])) inside.push(...group);
    else if (group.length > 1) {
      add(group.slice(0, group.length >> 1));
      add(group.slice(group.length >> 1));
    }
  };
  add(waiting);
  return inside;
}

/** The smallest set, of `most` members at most, that has one in each group. */
function hit(groups: readonly (readonly number[])[], most: number): readonly number[] | undefined {
  let choices = 0;
  const extend = (chosen: readonly number[], size: number): readonly number[] | undefined => {
    const open = groups.find((group) => !group.some((member) => chosen.includes(member)));
    if (open === undefined) return chosen;
    for (const member of size === 0 ? [] : open) {
      choices += 1;
      const found = choices > MAX_CHOICES ? undefined : extend([...chosen, member], size - 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (let size = 0; size <= most; size += 1) {
    const found = extend([], size);
    if (found !== undefined) return found;
  }
  return undefined;
}
