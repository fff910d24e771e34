import { HarnessError } from '../../kernel/errors.ts';
import type { Problem } from './problem.ts';
import type { Draw } from '../random.ts';
import type { Solver } from './solver.ts';
import { eachOf, valuesOf, type Stratum } from './stratum.ts';

export interface Needed {
  /** For each combination 0, or `NOT_NEEDED` when no valid row holds it. */
  readonly counts: Int32Array;
  readonly feasible: number;
  /** Those of them that are not covered already. */
  readonly open: number;
}

/** Where the count of a combination starts that no row has to hold. */
export const NOT_NEEDED = 2;

/** Draw rows show most combinations to be feasible; about the others the solver is asked. */
const SAMPLES = 60;

/** @param base any valid row */
export function findNeeded(input: NeededInput, base: Int32Array): Needed {
  const { problem, strata, solver, random } = input;
  const last = strata.at(-1);
  const counts = new Int32Array(last === undefined ? 0 : last.start + last.size);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const row = solver.approach(randomRow(problem, base, random)) ?? base;
    for (const stratum of strata) eachOf(stratum, row, (combination) => (counts[combination] = 1));
  }
  const isFeasible = makeFeasible(input, base);
  let feasible = 0;
  for (const stratum of strata) {
    for (let combination = stratum.start; combination < stratum.start + stratum.size; combination += 1) {
      if (counts[combination] === 1 || isFeasible(valuesOf(stratum, combination))) {
        counts[combination] = 0;
        feasible += 1;
      } else counts[combination] = NOT_NEEDED;
    }
  }
  return { counts, feasible, open: feasible - takeCovered(counts, input) };
}

export interface NeededInput {
  readonly problem: Problem;
  readonly strata: readonly Stratum[];
  readonly solver: Solver;
  readonly random: Draw;
  /** What has been run before. */
  readonly covered: readonly (readonly number[])[];
}

/** What has been run need not be run again; returns how many combinations that are. */
function takeCovered(counts: Int32Array, { problem, strata, covered }: NeededInput): number {
  let taken = 0;
  for (const values of covered) {
    const row = new Int32Array(problem.factors).fill(-1);
    for (const value of values) row[problem.factorOf[value] ?? 0] = value;
    for (const stratum of strata) {
      eachOf(stratum, row, (combination) => {
        if (counts[combination] !== 0) return;
        counts[combination] = NOT_NEEDED;
        taken += 1;
      });
    }
  }
  return taken;
}

/**
 * Whether some valid row holds these values. Values of different components do not disturb each other, so each component is asked
 * by itself, and once.
 */
function makeFeasible(
  { problem, solver }: NeededInput,
  base: Int32Array,
): (values: readonly number[]) => boolean {
  const known = new Map<string, boolean>();
  const ask = (values: readonly number[]): boolean => {
    const key = values.join();
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const row = solver.extend(values, base);
    if (row === undefined) throw new HarnessError('INPUT_TOO_LARGE', TOO_HARD);
    known.set(key, row !== null);
    return row !== null;
  };
  const componentOf = (value: number): number => problem.component[problem.factorOf[value] ?? 0] ?? -1;
  return (values) => {
    for (let at = 0; at < values.length; at += 1) {
      const component = componentOf(values[at] ?? 0);
      if (component < 0 || values.slice(0, at).some((value) => componentOf(value) === component)) continue;
      if (!ask(values.filter((value) => componentOf(value) === component))) return false;
    }
    return true;
  };
}

const TOO_HARD = 'the constraints are too entangled to tell which combinations are possible';

/** Valid or not. */
function randomRow({ first }: Problem, base: Int32Array, random: Draw): Int32Array {
  return base.map((_, factor) => {
    const begin = first[factor] ?? 0;
    return begin + random((first[factor + 1] ?? 0) - begin);
  });
}
