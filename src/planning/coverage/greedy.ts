import { HarnessError } from '../../kernel/errors.ts';
import { MAX_ROWS } from './board.ts';
import { makeGains, type Gains } from './gains.ts';
import type { Needed } from './needed.ts';
import type { Problem } from './problem.ts';
import { shuffle, type Draw } from '../random.ts';
import type { Solver } from './solver.ts';
import { eachOf, valuesOf, type Stratum } from './stratum.ts';

export interface GreedyInput {
  readonly problem: Problem;
  readonly strata: readonly Stratum[];
  readonly solver: Solver;
  readonly random: Draw;
  readonly needed: Needed;
  /** What the first rows must hold. */
  readonly seeds: readonly (readonly number[])[];
  /** How many rows are tried for each that is taken. */
  readonly candidates: number;
  readonly shouldStop: () => boolean;
}

export interface Greedy {
  readonly rows: readonly Int32Array[];
  /** Whether they hold all that is needed. */
  readonly complete: boolean;
}

/** Rows that hold what is needed, each the best of a few, their factors filled in random order with what adds the most. */
export function coverGreedily(input: GreedyInput): Greedy {
  const { strata, needed, random } = input;
  const counts = needed.counts.slice();
  const gains = makeGains(strata, counts);
  const rows: Int32Array[] = [];
  let open = needed.open;
  const take = (row: Int32Array): void => {
    rows.push(row);
    for (const stratum of strata) {
      eachOf(stratum, row, (combination) => {
        if (counts[combination] === 0) open -= 1;
        counts[combination] = 1;
      });
    }
    gains.take(row);
  };
  for (const seed of input.seeds) take(buildRow(input, gains, seed).row);
  let cursor = 0;
  while (open > 0 && rows.length < MAX_ROWS && !input.shouldStop()) {
    let best: Built | undefined;
    for (let candidate = 0; candidate < input.candidates; candidate += 1) {
      cursor = nextOpen(counts, candidate === 0 ? cursor : random(counts.length));
      const built = buildRow(input, gains, valuesAt(strata, cursor));
      if (best === undefined || built.gain > best.gain) best = built;
    }
    if (best !== undefined) take(best.row);
  }
  return { rows, complete: open === 0 };
}

function valuesAt(strata: readonly Stratum[], combination: number): readonly number[] {
  const stratum = strata.find(({ start, size }) => combination < start + size);
  return stratum === undefined ? [] : valuesOf(stratum, combination);
}

function nextOpen(counts: Int32Array, from: number): number {
  const at = counts.indexOf(0, from);
  return at >= 0 ? at : counts.indexOf(0);
}

interface Built {
  readonly row: Int32Array;
  /** Open combinations that it holds, at least. */
  readonly gain: number;
}

function buildRow({ problem, solver, random }: GreedyInput, gains: Gains, wanted: readonly number[]): Built {
  const { partial } = solver;
  const order = Int32Array.from({ length: problem.factors }, (_, factor) => factor);
  shuffle(order, order.length, random);
  gains.reset();
  let gain = 0;
  const hold = (factor: number): void => {
    const value = partial.valueOf(factor);
    gain += gains.of(value);
    gains.hold(value);
  };
  try {
    if (!partial.start() || !wanted.every((value) => partial.assign(value))) return anyRow(solver, wanted);
    const waiting = [...order].filter((factor) => partial.valueOf(factor) < 0);
    for (const factor of order) if (partial.valueOf(factor) >= 0) hold(factor);
    for (const factor of waiting) {
      const done = partial.valueOf(factor) >= 0 || assignBest({ problem, solver, random }, gains, factor);
      if (!done) return anyRow(solver, wanted);
      hold(factor);
    }
    return { row: Int32Array.from(order.keys(), (factor) => partial.valueOf(factor)), gain };
  } finally {
    partial.undo(0);
  }
}

/** When filling ended where no value is possible any more. */
function anyRow(solver: Solver, wanted: readonly number[]): Built {
  solver.partial.undo(0);
  const row = solver.extend(wanted);
  if (row === null || row === undefined)
    throw new HarnessError('INPUT_TOO_LARGE', 'the constraints are too entangled to find a row');
  return { row, gain: wanted.length > 0 ? 1 : 0 };
}

function assignBest(
  { problem, solver: { partial }, random }: Pick<GreedyInput, 'problem' | 'solver' | 'random'>,
  gains: Gains,
  factor: number,
): boolean {
  const refused = new Set<number>();
  for (;;) {
    let best = -1;
    let most = -1;
    let ties = 0;
    for (let value = problem.first[factor] ?? 0; value < (problem.first[factor + 1] ?? 0); value += 1) {
      if (partial.isBanned(value) || refused.has(value)) continue;
      const gain = gains.of(value);
      if (gain > most) [best, most, ties] = [value, gain, 1];
      else if (gain === most && random(++ties) === 0) best = value;
    }
    if (best < 0) return false;
    const mark = partial.mark();
    if (partial.assign(best)) return true;
    partial.undo(mark);
    refused.add(best);
  }
}
