import { addMissing, linkMember, makeMissing, removeMissing, type Missing } from './missing.ts';
import type { Problem } from './problem.ts';
import { combinationsAround, eachOf, valuesOf, type Stratum } from './stratum.ts';

/**
 * Rows being worked on, and all that follows from them, kept up to date with every change of a cell.
 *
 * `counts` holds a word for each combination: in its low bits how many rows hold it, above them the sum of their numbers;
 * so when one row holds it, that row's number stands there. What need not be covered starts at 2 and so never comes down
 * to 0 or 1.
 */
export interface Board {
  readonly problem: Problem;
  readonly strata: readonly Stratum[];
  readonly counts: Int32Array;
  rows: number;
  /** For each cell, row by row: its value; how many combinations it is in that no other row holds; 1 when a seed set it. */
  readonly cells: Int32Array;
  readonly losses: Int32Array;
  readonly fixed: Uint8Array;
  /** For each value, the rows that hold it: `words` words of 32 bits. */
  readonly holders: Int32Array;
  readonly words: number;
  readonly missing: Missing;
  readonly scratch: Scratch;
}

interface Scratch {
  readonly out: Int32Array;
  readonly around: { others: Int32Array; count: number; split: number; value: number };
}

const COUNT_BITS = 14;
const COUNT_MASK = (1 << COUNT_BITS) - 1;
/** More rows cannot be counted. */
export const MAX_ROWS = 16_000;

export interface BoardInput {
  readonly problem: Problem;
  readonly strata: readonly Stratum[];
  /** For each combination 0, or `NOT_NEEDED`; belongs to the board from then on. */
  readonly counts: Int32Array;
  /** Together they hold every combination that is needed. */
  readonly rows: readonly Int32Array[];
  /** For some rows, from the first on: the factors that a seed has set. */
  readonly fixed: readonly (readonly number[])[];
}

export function makeBoard({ problem, strata, counts, rows, fixed }: BoardInput): Board {
  const { factors } = problem;
  const values = problem.factorOf.length;
  const words = Math.ceil(rows.length / 32);
  const widest = Math.max(1, ...strata.map(({ companionSets }) => companionSets));
  const board: Board = {
    ...{ problem, strata, counts, words, rows: 0 },
    cells: new Int32Array(rows.length * factors),
    losses: new Int32Array(rows.length * factors),
    fixed: new Uint8Array(rows.length * factors),
    holders: new Int32Array(values * words),
    missing: makeMissing(counts.length, values),
    scratch: {
      out: new Int32Array(widest),
      around: { others: new Int32Array(factors), count: 0, split: 0, value: 0 },
    },
  };
  for (const row of rows) {
    board.cells.set(row, board.rows * factors);
    countRow(board, board.rows, 1);
    for (const value of row) flipHolder(board, value, board.rows);
    board.rows += 1;
  }
  for (const [row, cells] of fixed.entries()) for (const f of cells) board.fixed[row * factors + f] = 1;
  sumLosses(board);
  return board;
}

/** How many combinations would be missing without this row, times the strength. */
export function lossOf({ losses, problem: { factors } }: Board, row: number): number {
  let sum = 0;
  for (let cell = row * factors; cell < (row + 1) * factors; cell += 1) sum += losses[cell] ?? 0;
  return sum;
}

/** Puts another value into a cell. */
export function setCell(board: Board, row: number, value: number): void {
  const { problem, strata, cells } = board;
  const factor = problem.factorOf[value] ?? 0;
  const cell = row * problem.factors + factor;
  const old = cells[cell] ?? 0;
  for (let index = 0; index < strata.length; index += 1) {
    const stratum = strata[index];
    if (stratum === undefined || (stratum.place[factor] ?? -1) < 0) continue;
    lookAround(board, stratum, cell);
    const turn = { stratum, row, value, old };
    if (stratum.strength === 2) swapPairs(board, turn);
    else swap(board, turn);
  }
  cells[cell] = value;
  flipHolder(board, old, row);
  flipHolder(board, value, row);
}

interface Turn {
  readonly stratum: Stratum;
  readonly row: number;
  readonly value: number;
  readonly old: number;
}

/** Notes the other cells of a row. */
function lookAround({ problem, cells, scratch }: Board, stratum: Stratum, cell: number): void {
  const { factors, place, local } = stratum;
  const { around } = scratch;
  const factor = cell % problem.factors;
  const at = cell - factor;
  const split = place[factor] ?? 0;
  const { others } = around;
  for (let i = 0; i < split; i += 1) others[i] = local[cells[at + (factors[i] ?? 0)] ?? 0] ?? 0;
  for (let i = split + 1; i < factors.length; i += 1) {
    others[i - 1] = local[cells[at + (factors[i] ?? 0)] ?? 0] ?? 0;
  }
  around.count = factors.length - 1;
  around.split = split;
}

/** The combinations of the old value lose a row, those of the new one gain it. */
function swap(board: Board, turn: Turn): void {
  const { counts, scratch } = board;
  const { around, out } = scratch;
  const { stratum, row, value, old } = turn;
  const unit = (row << COUNT_BITS) + 1;
  around.value = stratum.local[old] ?? 0;
  const count = combinationsAround(stratum, around, out);
  for (let index = 0; index < count; index += 1) {
    const combination = out[index] ?? 0;
    const word = ((counts[combination] ?? 0) - unit) | 0;
    counts[combination] = word;
    if ((word & COUNT_MASK) <= 1) afterLeaving(board, turn, { index, combination, word });
  }
  around.value = stratum.local[value] ?? 0;
  combinationsAround(stratum, around, out);
  for (let index = 0; index < count; index += 1) {
    const combination = out[index] ?? 0;
    const word = counts[combination] ?? 0;
    counts[combination] = (word + unit) | 0;
    if ((word & COUNT_MASK) <= 1) afterJoining(board, turn, { index, combination, word });
  }
}

/** The same for pairs, in one pass: most of the time of a search is spent here. */
function swapPairs(board: Board, turn: Turn): void {
  const { counts, scratch } = board;
  const { stratum, row } = turn;
  const { others, count, split } = scratch.around;
  const step = stratum.steps[0] ?? NONE;
  const unit = (row << COUNT_BITS) + 1;
  const [old, value] = [stratum.local[turn.old] ?? 0, stratum.local[turn.value] ?? 0];
  const [ofOld, ofValue] = [step[old] ?? 0, step[value] ?? 0];
  for (let index = 0; index < count; index += 1) {
    const other = others[index] ?? 0;
    const before = step[other] ?? 0;
    const left = index < split ? before + old : ofOld + other;
    const joined = index < split ? before + value : ofValue + other;
    const less = ((counts[left] ?? 0) - unit) | 0;
    counts[left] = less;
    if ((less & COUNT_MASK) <= 1) afterLeaving(board, turn, { index, combination: left, word: less });
    const word = counts[joined] ?? 0;
    counts[joined] = (word + unit) | 0;
    if ((word & COUNT_MASK) <= 1) afterJoining(board, turn, { index, combination: joined, word });
  }
}

const NONE = new Int32Array(0);

interface Change {
  readonly index: number;
  readonly combination: number;
  readonly word: number;
}

/** @param change with the word after it */
function afterLeaving(board: Board, turn: Turn, { index, combination, word }: Change): void {
  if ((word & COUNT_MASK) === 1) addLoss(board, turn, { index, row: word >>> COUNT_BITS, by: 1 });
  else {
    addLoss(board, turn, { index, row: turn.row, by: -1 });
    lack(board, turn, { index, combination, word });
  }
}

/** @param change with the word before it */
function afterJoining(board: Board, turn: Turn, { index, combination, word }: Change): void {
  if ((word & COUNT_MASK) === 1) addLoss(board, turn, { index, row: word >>> COUNT_BITS, by: -1 });
  else {
    removeMissing(board.missing, combination);
    addLoss(board, turn, { index, row: turn.row, by: 1 });
  }
}

interface Loss {
  readonly index: number;
  readonly row: number;
  readonly by: number;
}

/** The same cells in another row, which may have become the only one to hold the combination, or has ceased to be. */
function addLoss({ problem, losses }: Board, { stratum, value }: Turn, { index, row, by }: Loss): void {
  const { factors, companions, place, strength } = stratum;
  const at = row * problem.factors;
  const factor = problem.factorOf[value] ?? 0;
  const split = place[factor] ?? 0;
  losses[at + factor] = (losses[at + factor] ?? 0) + by;
  if (strength === 2) {
    const cell = at + (factors[index < split ? index : index + 1] ?? 0);
    losses[cell] = (losses[cell] ?? 0) + by;
    return;
  }
  for (let c = index * (strength - 1); c < (index + 1) * (strength - 1); c += 1) {
    const other = companions[c] ?? 0;
    const cell = at + (factors[other < split ? other : other + 1] ?? 0);
    losses[cell] = (losses[cell] ?? 0) + by;
  }
}

function lack({ problem, cells, missing }: Board, { stratum, row, old }: Turn, change: Change): void {
  const { factors, companions, place, strength } = stratum;
  const { index, combination } = change;
  const split = place[problem.factorOf[old] ?? 0] ?? 0;
  let link = addMissing(missing, combination);
  linkMember(missing, link++, old);
  for (let turn = 0; turn < strength - 1; turn += 1) {
    const other = strength === 2 ? index : (companions[index * (strength - 1) + turn] ?? 0);
    const factor = factors[other < split ? other : other + 1] ?? 0;
    linkMember(missing, link++, cells[row * problem.factors + factor] ?? 0);
  }
}

function flipHolder({ holders, words }: Board, value: number, row: number): void {
  const word = value * words + (row >>> 5);
  holders[word] = (holders[word] ?? 0) ^ (1 << (row & 31));
}

function rowOf({ cells, problem: { factors } }: Board, row: number): Int32Array {
  return cells.subarray(row * factors, (row + 1) * factors);
}

function countRow(board: Board, row: number, by: 1 | -1): void {
  const unit = by * ((row << COUNT_BITS) + 1);
  const { counts } = board;
  for (const stratum of board.strata) {
    eachOf(stratum, rowOf(board, row), (each) => (counts[each] = ((counts[each] ?? 0) + unit) | 0));
  }
}

function sumLosses({ strata, counts, losses, problem }: Board): void {
  for (const stratum of strata) {
    for (let each = stratum.start; each < stratum.start + stratum.size; each += 1) {
      const word = counts[each] ?? 0;
      if ((word & COUNT_MASK) !== 1) continue;
      for (const value of valuesOf(stratum, each)) {
        const cell = (word >>> COUNT_BITS) * problem.factors + (problem.factorOf[value] ?? 0);
        losses[cell] = (losses[cell] ?? 0) + 1;
      }
    }
  }
}

/** Takes a row out; the last row takes its number. */
export function dropRow(board: Board, row: number): void {
  const { problem, counts, cells, losses, missing } = board;
  const { factors } = problem;
  countRow(board, row, -1);
  for (const stratum of board.strata) {
    eachOf(stratum, rowOf(board, row), (each) => {
      const word = counts[each] ?? 0;
      if ((word & COUNT_MASK) > 1) return;
      const values = valuesOf(stratum, each);
      if ((word & COUNT_MASK) === 0) {
        let link = addMissing(missing, each);
        for (const value of values) linkMember(missing, link++, value);
        return;
      }
      for (const value of values) {
        const cell = (word >>> COUNT_BITS) * factors + (problem.factorOf[value] ?? 0);
        losses[cell] = (losses[cell] ?? 0) + 1;
      }
    });
  }
  const last = board.rows - 1;
  for (let f = 0; f < factors; f += 1) flipHolder(board, cells[row * factors + f] ?? 0, row);
  if (row !== last) moveRow(board, last, row);
  board.rows = last;
}

function moveRow(board: Board, from: number, to: number): void {
  const { factors } = board.problem;
  countRow(board, from, -1);
  for (const array of [board.cells, board.losses, board.fixed]) {
    array.copyWithin(to * factors, from * factors, (from + 1) * factors);
  }
  countRow(board, to, 1);
  for (let f = 0; f < factors; f += 1) {
    flipHolder(board, board.cells[to * factors + f] ?? 0, from);
    flipHolder(board, board.cells[to * factors + f] ?? 0, to);
  }
}
