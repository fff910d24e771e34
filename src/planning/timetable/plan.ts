/** When and where everything runs, with what it costs and how far from the best it can be at most. Plain data. */
export interface Timetable {
  /** By start. */
  readonly entries: readonly PlannedEntry[];
  readonly objective: Objective;
  /** No plan of this problem can have a shorter makespan. */
  readonly bound: Bound;
  /** How much longer than the bound the plan is, as a share of the bound; 0: nothing is shorter. */
  readonly gap: number;
  /** With the number of moves, what makes the same plan again. */
  readonly seed: number;
  readonly moves: number;
}

export interface PlannedEntry {
  readonly run: string;
  /** Which of the run's modes. */
  readonly mode: number;
  readonly testbed: string | null;
  /** Equals `start` when nothing has to be set up. */
  readonly setUpStart: number;
  readonly start: number;
  readonly end: number;
}

/** In order of importance. */
export interface Objective {
  /** Minutes late (buffer included) times weight, over all runs. */
  readonly weightedTardiness: number;
  readonly makespan: number;
  readonly setUpMinutes: number;
  /** How much longer the organisation served worst waits than the one served best: mean end by share. */
  readonly unfairness: number;
  /** Runs at another time or place than in the plan before. */
  readonly moved: number;
}

export interface Bound {
  readonly makespan: number;
  /** What keeps it from being shorter, in words. */
  readonly because: string;
}

export interface Weights {
  readonly weightedTardiness: number;
  readonly makespan: number;
  readonly setUpMinutes: number;
  readonly unfairness: number;
  readonly moved: number;
}

/**
 * While searching, the mean end counts as well: what frees an early day shows at once, what the last day gains only
 * when everything before it has. It is no part of the objective.
 */
export const GUIDE = 3;

export const WEIGHTS: Weights = {
  weightedTardiness: 100,
  makespan: 1,
  setUpMinutes: 0.005,
  unfairness: 0.001,
  moved: 0.1,
};

export function costOf(objective: Objective, weights: Weights): number {
  return (
    objective.weightedTardiness * weights.weightedTardiness +
    objective.makespan * weights.makespan +
    objective.setUpMinutes * weights.setUpMinutes +
    objective.unfairness * weights.unfairness +
    objective.moved * weights.moved
  );
}
