import { assign, makeAssignment, start, undo, type Assignment } from './assignment.ts';
import { mayHold, type Problem } from './problem.ts';
import { shuffle, type Draw } from '../random.ts';

/**
 * Finds rows that hold given values, by unit propagation and backtracking, with restarts in another order. Only factors that
 * clauses tie to those asked about are looked at.
 */
export interface Solver {
  /**
   * A valid row that holds `values`; `null` when there is none; `undefined` when that is not known after `MAX_NODES` tries.
   * Elsewhere it is `near`, a valid row, as far as clauses allow; without `near` it is any row.
   */
  extend(values: readonly number[], near?: Int32Array): Int32Array | null | undefined;
  /** Any valid row, near one that need not be valid. */
  approach(near: Int32Array): Int32Array | null | undefined;
  /** For filling a row step by step: begins with `start`, ends with `undo(0)`. */
  readonly partial: Partial;
}

export interface Partial {
  /** Whether any row is possible. */
  start(): boolean;
  /** `false` when that cannot be, together with what has been assigned; then it has to be undone. */
  assign(value: number): boolean;
  mark(): number;
  undo(mark: number): void;
  /** -1 when none has been assigned. */
  valueOf(factor: number): number;
  isBanned(value: number): boolean;
}

/** So many assignments are tried, at last, before a question counts as too hard. */
const MAX_NODES = 2_000_000;
const RESTARTS = 6;
const FIRST_NODES = 200;

export function makeSolver(problem: Problem, random: Draw): Solver {
  const assignment = makeAssignment(problem);
  const state: Solving = { assignment, random, order: new Int32Array(problem.factors), count: 0, nodes: 0 };
  return {
    extend: (values, near) => {
      const touched = values.map((value) => problem.component[problem.factorOf[value] ?? 0] ?? -1);
      return solve(state, { values, near, components: near === undefined ? null : new Set(touched) });
    },
    approach: (near) => solve(state, { values: [], near, components: null }),
    partial: {
      start: () => start(assignment),
      assign: (value) => assign(assignment, value),
      mark: () => assignment.trail.length,
      undo: (mark) => undo(assignment, mark),
      valueOf: (factor) => assignment.values[factor] ?? -1,
      isBanned: (value) => (assignment.bans[value] ?? 0) > 0,
    },
  };
}

export function isValidRow(problem: Problem, row: Int32Array): boolean {
  return row.every((value) => mayHold(problem, { cells: row }, { value, at: 0 }));
}

interface Solving {
  readonly assignment: Assignment;
  readonly random: Draw;
  /** The factors to be assigned, the first `count` of them. */
  readonly order: Int32Array;
  count: number;
  nodes: number;
}

interface Question {
  readonly values: readonly number[];
  readonly near: Int32Array | undefined;
  /** Those to be looked at; null: all. */
  readonly components: ReadonlySet<number> | null;
}

function solve(state: Solving, question: Question): Int32Array | null | undefined {
  const { assignment, random, order } = state;
  const from = assignment.trail.length;
  try {
    if (!start(assignment) || !question.values.every((value) => assign(assignment, value))) return null;
    listFactors(state, question);
    let answer: boolean | undefined;
    for (let attempt = 0; answer === undefined && attempt <= RESTARTS; attempt += 1) {
      state.nodes = attempt < RESTARTS ? FIRST_NODES * 4 ** attempt : MAX_NODES;
      shuffle(order, state.count, random);
      const before = assignment.trail.length;
      answer = fill(state, 0, question.near);
      if (answer !== true) undo(assignment, before);
    }
    if (answer === undefined) return undefined;
    return answer ? rowOf(state, question.near) : null;
  } finally {
    undo(assignment, from);
  }
}

function listFactors(state: Solving, { components }: Question): void {
  state.count = 0;
  for (const [index, group] of state.assignment.problem.components.entries()) {
    if (components !== null && !components.has(index)) continue;
    for (const factor of group) state.order[state.count++] = factor;
  }
}

/** `undefined` when there were not enough nodes. */
function fill(state: Solving, from: number, near: Int32Array | undefined): boolean | undefined {
  const { assignment, random, order, count } = state;
  const { problem, values, bans, trail } = assignment;
  let at = from;
  while (at < count && (values[order[at] ?? 0] ?? -1) >= 0) at += 1;
  if (at === count) return true;
  const factor = order[at] ?? 0;
  const begin = problem.first[factor] ?? 0;
  const levels = (problem.first[factor + 1] ?? 0) - begin;
  const wanted = near?.[factor] ?? begin + random(levels);
  for (let turn = 0; turn < levels; turn += 1) {
    const value = begin + ((wanted - begin + turn) % levels);
    if ((bans[value] ?? 0) > 0) continue;
    state.nodes -= 1;
    if (state.nodes < 0) return undefined;
    const before = trail.length;
    const found = assign(assignment, value) ? fill(state, at + 1, near) : false;
    if (found !== false) return found;
    undo(assignment, before);
  }
  return false;
}

function rowOf({ assignment, random }: Solving, near: Int32Array | undefined): Int32Array {
  const { problem, values } = assignment;
  return values.map((value, factor) => {
    if (value >= 0) return value;
    const begin = problem.first[factor] ?? 0;
    return near?.[factor] ?? begin + random((problem.first[factor + 1] ?? 0) - begin);
  });
}
