import { type CampaignRequest, type Priority } from '../../domain/campaign.ts';
import type { Equipment } from '../../domain/equipment.ts';
import { type Instant, instant } from '../../domain/ids.ts';
import type { TestPlan } from '../../domain/plan.ts';
import { reason, type Reason } from '../../kernel/errors.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { chooseTestbeds } from '../choose-testbeds.ts';
import { type SolveOptions, solveTimetable } from '../timetable/solve.ts';
import type { CampaignPlan, LeftOut, PlanRun } from './campaign-plan.ts';
import { type Busy, campaignProblem, type PlannableTestbed } from './campaign-problem.ts';
import { expectedOf } from './durations.ts';
import { choosePairings, type Pairing } from './pairings.ts';
import { type Placed, placeMost } from './place-most.ts';
import type { Stretch } from './staffed-spans.ts';

/** Everything that a plan is made from. Plain data: it travels to the thread that works on it. */
export interface PlanningInput {
  readonly request: Pick<CampaignRequest, 'id' | 'organisation' | 'coverage' | 'window'> & {
    readonly priority: Priority;
  };
  readonly plans: readonly TestPlan[];
  readonly equipment: readonly Equipment[];
  /** The same products with what is claimed for them, where more is than they say themselves. */
  readonly claims: readonly Equipment[];
  readonly testbeds: readonly PlannableTestbed[];
  readonly busy: readonly Busy[];
  readonly former: Readonly<Record<string, readonly number[]>>;
  readonly now: Instant;
  /** Most hours of testbeds that may be used; null: as many as there are. */
  readonly budgetHours: number | null;
}

export interface PlanningSearch {
  readonly seed: number;
  /** Of the timetable. */
  readonly budget: SolveOptions['budget'];
  /** Of each plan's coverage. */
  readonly coverageMoves: number;
  readonly stop: () => boolean;
  readonly onProgress?: (progress: PlanningProgress) => void;
}

export interface PlanningProgress {
  /** 0 to 1. */
  readonly spent: number;
  readonly text: string;
}

const MINUTE_MS = 60_000;
/** Without a window. */
export const DEFAULT_MINUTES = 28 * 24 * 60;

/**
 * Which products meet, and when and where: a preview, or what reservations are made from. What cannot be placed before the
 * window ends is left out from the end of the list, where it matters least, and said so.
 */
export function planCampaign(
  input: PlanningInput,
  search: PlanningSearch,
): Result<CampaignPlan, readonly Reason[]> {
  const stretch = stretchOf(input);
  if (stretch.minutes < 1) return err([reason('WINDOW_CLOSED', 'the window of the campaign is over')]);
  const claims = new Map(input.claims.map((product) => [product.id, product]));
  const testbeds = input.testbeds.map(({ testbed }) => testbed);
  const wish = { ...input, coverage: input.request.coverage, testbeds };
  const chosen = choosePairings(
    { ...wish, claimsOf: (product) => claims.get(product.id) ?? product },
    {
      seed: search.seed,
      moves: search.coverageMoves,
      shouldStop: search.stop,
      onProgress: ({ rows, bound }) =>
        search.onProgress?.({ spent: 0, text: `${rows} runs, at least ${bound}` }),
    },
  );
  if (!chosen.ok) return chosen;
  const { coverage, remarks, found, pairings } = chosen.value;
  const { kept, leftOut } = sift(input, pairings);
  if (kept.length === 0) return err(whyNothing([...leftOut.map((one) => one.reason), ...found, ...remarks]));
  const placed = place({ ...input, stretch }, kept, search);
  if (!placed.ok) return placed;
  const { problem, timetable, fit } = placed.value;
  return ok({
    apiVersion: 'patchbay/v1',
    kind: 'CampaignPlan',
    campaign: input.request.id,
    organisation: input.request.organisation,
    madeAt: input.now,
    origin: stretch.from,
    timeZone: testbeds.find(({ calendar }) => calendar !== undefined)?.calendar?.timeZone ?? 'UTC',
    coverage,
    runs: kept.slice(0, fit).map(toRun),
    problem,
    timetable,
    leftOut: [...leftOut, ...kept.slice(fit).map(({ pairing }) => left(pairing, NO_ROOM))],
    remarks: [...found, ...remarks],
  });
}

export const NO_ROOM = reason('TIMETABLE_FULL', 'there is no room for it before the window ends');

interface Keyed {
  readonly key: string;
  readonly pairing: Pairing;
}

function stretchOf({ request: { window }, now }: PlanningInput): Stretch {
  const start = Math.ceil(Math.max(now, window?.from ?? now) / MINUTE_MS) * MINUTE_MS;
  const minutes = window === null ? DEFAULT_MINUTES : Math.floor((window.to - start) / MINUTE_MS);
  return { from: instant(start), minutes };
}

/** Without what no testbed can host, and what the budget does not reach. */
function sift(
  { testbeds, former, budgetHours }: PlanningInput,
  pairings: readonly Pairing[],
): { readonly kept: readonly Keyed[]; readonly leftOut: readonly LeftOut[] } {
  const known = testbeds.map(({ testbed }) => testbed);
  const leftOut: LeftOut[] = [];
  const kept: Pairing[] = [];
  let hours = 0;
  for (const pairing of pairings) {
    const { none } = chooseTestbeds(pairing.plan, pairing.subjects, known);
    const takes = expectedOf(pairing.plan, former[pairing.plan.id] ?? []).duration / 60;
    if (none !== null) leftOut.push(left(pairing, none));
    else if (budgetHours !== null && hours + takes > budgetHours)
      leftOut.push(
        left(pairing, reason('BUDGET_SPENT', `the budget of ${budgetHours} hours is spent before it`)),
      );
    else {
      hours += takes;
      kept.push(pairing);
    }
  }
  const digits = Math.max(2, String(kept.length).length);
  return {
    kept: kept.map((pairing, index) => ({ key: `r${String(index + 1).padStart(digits, '0')}`, pairing })),
    leftOut,
  };
}

function left({ plan, subjects }: Pairing, why: Reason): LeftOut {
  return { plan: plan.id, subjects: subjects.map(({ id }) => id), reason: why };
}

function whyNothing(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.length > 0 ? reasons : [reason('NOT_FOUND', 'no equipment fits any of the plans')];
}

function place(
  input: PlanningInput & { readonly stretch: Stretch },
  runs: readonly Keyed[],
  search: PlanningSearch,
): Result<Placed, readonly Reason[]> {
  return placeMost({
    count: runs.length,
    least: 1,
    problemOf: (fit) =>
      campaignProblem({ ...input, priority: input.request.priority, runs: runs.slice(0, fit) }),
    solve: (problem) =>
      solveTimetable(problem, {
        ...search,
        onProgress: ({ spent, makespan }) => search.onProgress?.({ spent, text: `${hoursText(makespan)} h` }),
      }),
  });
}

export function hoursText(minutes: number): string {
  return (minutes / 60).toFixed(1);
}

function toRun({ key, pairing: { plan, subjects, because } }: Keyed): PlanRun {
  return {
    key,
    plan: { id: plan.id, version: plan.version },
    subjects: subjects.map(({ id }) => id),
    because,
  };
}
