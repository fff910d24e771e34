import { err, ok, type Result } from '../../kernel/result.ts';
import { reason, type Reason } from '../../kernel/errors.ts';
import { campaignEngine } from './campaign-engine.ts';
import { checkProblem } from './check-problem.ts';
import { compile } from './compile.ts';
import type { Budget, Engine } from './engine.ts';
import { lineEngine } from './line/engine.ts';
import { linePieces } from './line/pieces.ts';
import { objectiveOf } from './objective.ts';
import { WEIGHTS, type PlannedEntry, type Timetable, type Weights } from './plan.ts';
import type { TimetableProblem } from './problem.ts';
import { isProject, projectEngine } from './project/engine.ts';
import { makeRandom } from '../random.ts';
import { replanEngine } from './replan/engine.ts';
import type { Standing } from './replan/repair.ts';

export interface SolveOptions {
  readonly seed: number;
  /** Moves: the same problem, seed and moves give the same plan. Time: whatever is reached by then. */
  readonly budget: { readonly moves: number } | { readonly ms: number; readonly spentMs: () => number };
  /** Asked between moves; what was found so far is the answer. */
  readonly stop?: () => boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly weights?: Weights;
  /** A plan that is being carried out. */
  readonly standing?: Standing;
}

export interface Progress {
  readonly moves: number;
  readonly makespan: number;
  /** Share of the budget that is spent. */
  readonly spent: number;
  /** The best plan so far, which may be carried out at once. */
  readonly entries: readonly PlannedEntry[];
}

/** Moves between looks at the clock at first, and at whether to stop before there is any plan. */
const PACE = 16;
/** The share of the budget that may well pass between looks at the clock: reading CPU time takes as long as a move. */
const GLANCE = 0.002;

/**
 * When and where everything runs: the best plan found within the budget, with its bound. A plan that was found is
 * returned also when the search was stopped at once.
 *
 * @returns everything that is wrong with the problem; `TIMETABLE_FULL` when no plan fits before the horizon
 */
export function solveTimetable(
  problem: TimetableProblem,
  options: SolveOptions,
): Result<Timetable, readonly Reason[]> {
  const problems = checkProblem(problem);
  if (problems.length > 0) return err(problems);
  const run = { moves: 0 };
  const budget = budgetOf(options, run);
  const engine = chooseEngine(problem, { ...options, budget });
  const entries = search(engine, { ...options, budget, run });
  if (entries === null) return err([full(problem)]);
  return ok(
    timetableOf(problem, engine, {
      entries,
      seed: options.seed,
      moves: run.moves,
      standing: options.standing,
    }),
  );
}

function chooseEngine(
  problem: TimetableProblem,
  { seed, standing, budget, weights = WEIGHTS }: Omit<SolveOptions, 'budget'> & { readonly budget: Budget },
): Engine {
  const random = makeRandom(seed);
  if (standing !== undefined)
    return replanEngine(problem, { random, weights, standing, spent: budget.spent });
  const compiled = compile(problem);
  if (isProject(compiled)) return projectEngine(compiled, budget, random);
  const line = linePieces(problem);
  if (line !== null) return lineEngine(compiled, line, random);
  return campaignEngine(compiled, { random, weights, spent: budget.spent });
}

function budgetOf({ budget }: SolveOptions, run: { moves: number }): Budget {
  if ('moves' in budget)
    return { spent: () => run.moves / Math.max(1, budget.moves), moves: budget.moves, ms: 0 };
  return { spent: () => budget.spentMs() / Math.max(1, budget.ms), moves: null, ms: budget.ms };
}

interface Searching extends Omit<SolveOptions, 'budget'> {
  readonly budget: Budget;
  readonly run: { moves: number };
}

function search(
  engine: Engine,
  { budget, run, stop, onProgress }: Searching,
): readonly PlannedEntry[] | null {
  let best: { readonly makespan: number; readonly entries: readonly PlannedEntry[] } | null = null;
  const over = makeClock(budget, run);
  for (;;) {
    const next = engine.search.next();
    if (next.done === true) break;
    run.moves++;
    if (next.value !== null) {
      best = { makespan: next.value.makespan, entries: next.value.entries() };
      onProgress?.({
        moves: run.moves,
        makespan: best.makespan,
        spent: budget.spent(),
        entries: best.entries,
      });
      // Asked for now also where it does not end the search, so that whoever stops it does not wait for that.
      const bound = engine.bound();
      if (engine.endsAtBound && best.makespan <= bound.makespan) break;
    }
    if (over()) break;
    if ((best !== null || run.moves % PACE === 0) && stop?.() === true) break;
  }
  return best?.entries ?? null;
}

/** Whether the budget is spent, as far as was seen: looked at the less often the shorter a move is to the budget. */
function makeClock({ moves, spent }: Budget, run: { readonly moves: number }): () => boolean {
  if (moves !== null) return () => run.moves >= moves;
  let [pace, next, seen] = [PACE, PACE, spent()];
  return () => {
    if (run.moves < next) return false;
    const now = spent();
    if (now - seen < GLANCE / 2) pace *= 2;
    else if (now - seen > GLANCE) pace = Math.max(PACE, pace >> 1);
    [next, seen] = [run.moves + pace, now];
    return now >= 1;
  };
}

interface Made {
  readonly entries: readonly PlannedEntry[];
  readonly seed: number;
  readonly moves: number;
  readonly standing?: Standing | undefined;
}

function timetableOf(
  problem: TimetableProblem,
  engine: Engine,
  { entries, seed, moves, standing }: Made,
): Timetable {
  const objective = objectiveOf(problem, entries, standing?.entries);
  const bound = engine.bound();
  const gap = bound.makespan === 0 ? 0 : Math.max(0, objective.makespan - bound.makespan) / bound.makespan;
  return {
    entries: [...entries].sort((a, b) => a.start - b.start || (a.run < b.run ? -1 : 1)),
    objective,
    bound,
    gap,
    seed,
    moves,
  };
}

function full({ horizon }: TimetableProblem): Reason {
  return reason(
    'TIMETABLE_FULL',
    `no plan was found that ends within ${horizon} minutes: make it longer, or do less`,
  );
}
