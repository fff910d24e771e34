import { lowerBound } from './bound.ts';
import { makeBoard } from './board.ts';
import { coverGreedily, type Greedy } from './greedy.ts';
import type { CompiledModel } from './model.ts';
import { findNeeded, type Needed } from './needed.ts';
import { orderRows, type Ordered } from './order.ts';
import { makeProblem, type Problem } from './problem.ts';
import { makeRandom, type Draw } from '../random.ts';
import { search } from './search.ts';
import { makeSolver, type Solver } from './solver.ts';
import { makeStratum, type Stratum } from './stratum.ts';
import { HarnessError } from '../../kernel/errors.ts';

export interface CoverOptions {
  /** The same seed and the same `moves` give the same rows, as long as nothing stops it before. */
  readonly seed: number;
  /** So many changes are tried at most; without it, until it is stopped or cannot be better. */
  readonly moves?: number;
  /** Asked every few milliseconds: then what is there is put in order and returned. */
  readonly shouldStop: () => boolean;
  readonly onProgress?: (progress: CoverProgress) => void;
}

export interface CoverProgress {
  readonly rows: number;
  readonly bound: number;
  readonly moves: number;
}

export interface Coverage {
  /** The level of each factor, counted from 0; those that add the most weight first. */
  readonly rows: readonly (readonly number[])[];
  /** For each row the seed that it comes from, or -1. */
  readonly seeds: readonly number[];
  /** Combinations that some valid row holds, those of them that had not been covered before, and those that are not now. */
  readonly feasible: number;
  readonly needed: number;
  readonly uncovered: number;
  /** Fewer rows than this cannot do. */
  readonly bound: number;
  readonly moves: number;
  readonly prefixes: Ordered['prefixes'];
  readonly weight: number;
  readonly sets: number | null;
}

/**
 * Rows that hold every possible combination that is asked for, few of them. When it is stopped before that, the rows that there
 * are, with what they leave uncovered. Throws `INPUT_TOO_LARGE` when the constraints are too entangled to tell what is possible.
 */
export function cover(model: CompiledModel, options: CoverOptions): Coverage {
  const problem = makeProblem(model);
  const strata = makeStrata(problem);
  const random = makeRandom(options.seed).below;
  const solver = makeSolver(problem, random);
  const base = solver.extend([]);
  if (base === null || base === undefined)
    throw new HarnessError('CONSTRAINTS_CONTRADICT', 'no row is possible');
  const needed = findNeeded({ problem, strata, solver, random, covered: model.covered }, base);
  const bound = Math.max(lowerBound(strata, needed.counts), model.seeds.length);
  const work = { problem, strata, random, solver, needed, bound, model };
  const start = coverGreedily({
    ...work,
    seeds: model.seeds,
    candidates: CANDIDATES,
    shouldStop: options.shouldStop,
  });
  const { rows, moves } = improve(work, start, options);
  const ordered = orderRows({ strata, counts: needed.counts, rows, weights: model.weights });
  const { prefixes, weight, sets, order } = ordered;
  return {
    rows: order.map((index) => levelsOf(problem, rows[index] ?? new Int32Array(0))),
    seeds: order.map((index) => (index < model.seeds.length ? index : -1)),
    feasible: needed.feasible,
    needed: needed.open,
    uncovered: needed.open - (prefixes.at(-1)?.combinations ?? 0),
    ...{ bound, moves, prefixes, weight, sets },
  };
}

/** Rows that are tried for each that is taken: the search makes up for what a few more would have found. */
const CANDIDATES = 3;

interface Work {
  readonly problem: Problem;
  readonly strata: readonly Stratum[];
  readonly random: Draw;
  readonly solver: Solver;
  readonly needed: Needed;
  readonly bound: number;
  readonly model: CompiledModel;
}

function improve(
  { problem, strata, random, solver, needed, bound, model }: Work,
  start: Greedy,
  { moves: most = Infinity, shouldStop, onProgress }: CoverOptions,
): { readonly rows: readonly Int32Array[]; readonly moves: number } {
  if (!start.complete || most === 0) return { rows: start.rows, moves: 0 };
  const fixed = model.seeds.map((values) => values.map((value) => problem.factorOf[value] ?? 0));
  const board = makeBoard({ problem, strata, counts: needed.counts.slice(), rows: start.rows, fixed });
  const often = strata.some(({ strength }) => strength > 2) ? 15 : 255;
  let rows = start.rows;
  const moves = search({
    ...{ board, solver, random, bound, seeds: model.seeds.length },
    shouldStop: (made) => made >= most || ((made & often) === 0 && shouldStop()),
    onBest: (better, made) => {
      rows = better;
      onProgress?.({ rows: rows.length, bound, moves: made });
    },
  });
  return { rows, moves };
}

function makeStrata(problem: Problem): readonly Stratum[] {
  let start = 0;
  return problem.strata.map((spec) => {
    const stratum = makeStratum({ first: problem.first, spec, start });
    start += stratum.size;
    return stratum;
  });
}

function levelsOf({ first }: Problem, row: Int32Array): readonly number[] {
  return Array.from(row, (value, factor) => value - (first[factor] ?? 0));
}
