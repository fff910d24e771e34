import type { Problem } from './problem.ts';

/** A row that is being filled: what has been assigned, what clauses make follow from it, and the way back. */
export interface Assignment {
  readonly problem: Problem;
  /** For each factor its value, or -1. */
  readonly values: Int32Array;
  /** For each value, how many clauses forbid it as things stand; for each factor, how many values are left. */
  readonly bans: Int32Array;
  readonly left: Int32Array;
  /** For each clause, how many of its values are assigned. */
  readonly held: Int32Array;
  /** An assigned value as itself, a banned one as its complement. */
  readonly trail: number[];
  readonly queue: number[];
}

export function makeAssignment(problem: Problem): Assignment {
  const { first, factors, factorOf, clauses } = problem;
  return {
    problem,
    values: new Int32Array(factors).fill(-1),
    bans: new Int32Array(factorOf.length),
    left: Int32Array.from(
      { length: factors },
      (_, factor) => (first[factor + 1] ?? 0) - (first[factor] ?? 0),
    ),
    held: new Int32Array(clauses.length),
    trail: [],
    queue: [],
  };
}

/** What clauses of one value forbid from the start; `false` when no row is possible. */
export function start(state: Assignment): boolean {
  for (const clause of state.problem.clauses) {
    if (clause.length > 1) continue;
    state.queue.length = 0;
    if (clause.length === 0 || !ban(state, clause[0] ?? 0) || !propagate(state)) return false;
  }
  return true;
}

/** `false` when that cannot be, together with what has been assigned; then it has to be undone. */
export function assign(state: Assignment, value: number): boolean {
  state.queue.length = 0;
  state.queue.push(value);
  return propagate(state);
}

export function undo({ problem, values, bans, left, held, trail }: Assignment, to: number): void {
  const { clausesOf, factorOf } = problem;
  while (trail.length > to) {
    const entry = trail.pop() ?? 0;
    const value = entry >= 0 ? entry : ~entry;
    const factor = factorOf[value] ?? 0;
    if (entry >= 0) {
      values[factor] = -1;
      for (const clause of clausesOf[value] ?? []) held[clause] = (held[clause] ?? 0) - 1;
    } else {
      bans[value] = (bans[value] ?? 0) - 1;
      if (bans[value] === 0) left[factor] = (left[factor] ?? 0) + 1;
    }
  }
}

function propagate(state: Assignment): boolean {
  const { problem, values, bans, held, trail, queue } = state;
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    const factor = problem.factorOf[value] ?? 0;
    if (values[factor] === value) continue;
    if ((values[factor] ?? 0) >= 0 || (bans[value] ?? 0) > 0) return false;
    values[factor] = value;
    trail.push(value);
    const around = problem.clausesOf[value] ?? [];
    for (const clause of around) held[clause] = (held[clause] ?? 0) + 1;
    for (const clause of around) if (!look(state, clause)) return false;
  }
  return true;
}

/** Bans the only value that is missing in a clause. */
function look(state: Assignment, clause: number): boolean {
  const { problem, values, held } = state;
  const members = problem.clauses[clause] ?? [];
  const missing = members.length - (held[clause] ?? 0);
  if (missing === 0) return false;
  if (missing > 1) return true;
  for (const member of members) {
    const has = values[problem.factorOf[member] ?? 0] ?? -1;
    if (has !== member) return has >= 0 || ban(state, member);
  }
  return true;
}

function ban(state: Assignment, value: number): boolean {
  const { problem, bans, left, trail, queue } = state;
  trail.push(~value);
  bans[value] = (bans[value] ?? 0) + 1;
  if (bans[value] !== 1) return true;
  const factor = problem.factorOf[value] ?? 0;
  left[factor] = (left[factor] ?? 0) - 1;
  if (left[factor] === 0) return false;
  if (left[factor] === 1) {
    let only = problem.first[factor] ?? 0;
    while ((bans[only] ?? 0) > 0) only += 1;
    queue.push(only);
  }
  return true;
}
