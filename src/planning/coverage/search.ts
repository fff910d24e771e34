import { dropRow, lossOf, setCell, type Board } from './board.ts';
import { MAX_STRENGTH } from './missing.ts';
import { mayHold } from './problem.ts';
import type { Draw } from '../random.ts';
import type { Solver } from './solver.ts';

export interface SearchInput {
  /** Rows that hold everything that is needed; changed by the search. */
  readonly board: Board;
  readonly solver: Solver;
  readonly random: Draw;
  /** It is known that fewer rows cannot do. */
  readonly bound: number;
  /** So many rows, the first ones, come from seeds and are never taken out. */
  readonly seeds: number;
  readonly shouldStop: (moves: number) => boolean;
  /** Gets the rows each time that fewer hold everything. */
  readonly onBest: (rows: readonly Int32Array[], moves: number) => void;
}

/** A changed cell keeps its value for so many moves, and by chance for some more. */
const TABU_MOVES = 2;
const TABU_SPREAD = 3;
/** One move in so many is taken at random. */
const WALK_EVERY = 2_000;
/** So many rows are looked at when no row can take a combination by one change. */
const REPAIRS = 5;

interface Search extends SearchInput {
  /** For each cell, the move from which it may change again. */
  readonly tabu: Int32Array;
  readonly pick: { row: number; value: number; score: number; ties: number };
  moves: number;
}

/**
 * Takes out the row that is missed the least, then changes cells until nothing is missing, and so on: each move gives some missing
 * combination to the row for which that is best, among those that lack it by one cell (tabu search).
 *
 * @returns the number of moves made
 */
export function search(input: SearchInput): number {
  const { board, random, shouldStop } = input;
  const tabu = new Int32Array(board.cells.length);
  const state: Search = { ...input, tabu, moves: 0, pick: { row: -1, value: -1, score: 0, ties: 0 } };
  while (dropRows(state)) {
    for (let missing = board.missing.count; missing > 0; missing = board.missing.count) {
      if (shouldStop(state.moves)) return state.moves;
      state.moves += 1;
      const slot = board.missing.slots[random(missing)] ?? 0;
      const first = slot * MAX_STRENGTH;
      state.pick.row = -1;
      if (random(WALK_EVERY) !== 0) findMove(state, first);
      if (state.pick.row >= 0) change(state, state.pick.row, state.pick.value);
      else repair(state, first);
    }
  }
  return state.moves;
}

/** Down to where something is missing; `false` when no row can be spared. */
function dropRows({ board, bound, seeds, tabu, onBest, moves }: Search): boolean {
  onBest(rowsOf(board), moves);
  while (isComplete(board)) {
    if (board.rows <= Math.max(bound, seeds)) return false;
    let least = seeds;
    for (let row = seeds; row < board.rows; row += 1)
      if (lossOf(board, row) < lossOf(board, least)) least = row;
    dropRow(board, least);
    if (isComplete(board)) onBest(rowsOf(board), moves);
  }
  tabu.fill(0);
  return true;
}

function isComplete({ missing }: Board): boolean {
  return missing.count === 0;
}

function rowsOf({ cells, rows, problem: { factors } }: Board): readonly Int32Array[] {
  return Array.from({ length: rows }, (_, row) => cells.slice(row * factors, (row + 1) * factors));
}

function change({ board, tabu, random, moves }: Search, row: number, value: number): void {
  const { factors, factorOf } = board.problem;
  tabu[row * factors + (factorOf[value] ?? 0)] = moves + TABU_MOVES + random(TABU_SPREAD);
  setCell(board, row, value);
}

/** For each value of a missing combination: the rows that hold the others. */
function findMove(state: Search, first: number): void {
  const { holders, words, missing, rows } = state.board;
  const { members } = missing;
  for (let link = first; link < first + MAX_STRENGTH; link += 1) {
    const value = members[link] ?? -1;
    if (value < 0) return;
    for (let word = 0; word < words; word += 1) {
      let bits = ~(holders[value * words + word] ?? 0);
      if (rows < (word + 1) * 32) bits &= (1 << Math.max(0, rows - word * 32)) - 1;
      for (let other = first; other < first + MAX_STRENGTH; other += 1) {
        const needed = members[other] ?? -1;
        if (needed < 0) break;
        if (other !== link) bits &= holders[needed * words + word] ?? 0;
      }
      while (bits !== 0) {
        const low = bits & -bits;
        bits ^= low;
        weigh(state, word * 32 + 31 - Math.clz32(low), value);
      }
    }
  }
}

/** Whether this change is better than the best so far, or as good and luckier. */
function weigh({ board, tabu, pick, random, moves }: Search, row: number, value: number): void {
  const { problem, losses, fixed, missing } = board;
  const at = row * problem.factors;
  const cell = at + (problem.factorOf[value] ?? 0);
  const score = gainOf(board, at, value) - (losses[cell] ?? 0);
  if (pick.row >= 0 && score < pick.score) return;
  if ((tabu[cell] ?? 0) > moves && score < missing.count) return;
  if (fixed[cell] === 1 || !mayHold(problem, board, { value, at })) return;
  if (pick.row >= 0 && score === pick.score) {
    pick.ties += 1;
    if (random(pick.ties) !== 0) return;
  } else pick.ties = 1;
  pick.row = row;
  pick.value = value;
  pick.score = score;
}

/** How many missing combinations the row at `at` would hold if it held `value`. */
function gainOf({ problem, cells, missing }: Board, at: number, value: number): number {
  const { heads, after, members } = missing;
  const { factorOf } = problem;
  let gain = 0;
  for (let link = heads[value] ?? -1; link >= 0; link = after[link] ?? -1) {
    const first = link & -MAX_STRENGTH;
    let holds = 1;
    for (let other = first; other < first + MAX_STRENGTH; other += 1) {
      const needed = members[other] ?? -1;
      if (needed < 0) break;
      if (other !== link && cells[at + (factorOf[needed] ?? 0)] !== needed) holds = 0;
    }
    gain += holds;
  }
  return gain;
}

/** Gives the combination to one of a few rows, with all changes that the clauses ask for. */
function repair(state: Search, first: number): void {
  const { board, solver, random } = state;
  const { cells, losses, fixed, missing, problem } = board;
  const wanted = [...missing.members.subarray(first, first + MAX_STRENGTH)].filter((value) => value >= 0);
  let best: { readonly row: number; readonly next: Int32Array; readonly cost: number } | undefined;
  for (let turn = 0; turn < REPAIRS; turn += 1) {
    const row = random(board.rows);
    const at = row * problem.factors;
    const near = cells.slice(at, at + problem.factors);
    const next = solver.extend(wanted, near);
    if (next === null || next === undefined) continue;
    let cost = 0;
    for (let factor = 0; factor < problem.factors; factor += 1) {
      if (near[factor] === next[factor]) continue;
      cost += fixed[at + factor] === 1 ? Infinity : (losses[at + factor] ?? 0);
    }
    if (cost < (best?.cost ?? Infinity)) best = { row, next, cost };
  }
  if (best === undefined) return;
  for (const [factor, value] of best.next.entries()) {
    if (cells[best.row * problem.factors + factor] !== value) change(state, best.row, value);
  }
}
