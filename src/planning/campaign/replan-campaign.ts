import { type EquipmentId, type Instant, instant, type RunId } from '../../domain/ids.ts';
import { reason, type Reason } from '../../kernel/errors.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { chooseTestbeds } from '../choose-testbeds.ts';
import type { PlannedEntry, Timetable } from '../timetable/plan.ts';
import type { TimetableProblem } from '../timetable/problem.ts';
import { solveTimetable } from '../timetable/solve.ts';
import { checkProblem } from '../timetable/check-problem.ts';
import type { CampaignPlan, LeftOut, PlanRun, Replanned, ReplanStage } from './campaign-plan.ts';
import { campaignProblem, type Holds, type RunToPlace, slotId } from './campaign-problem.ts';
import type { Pairing } from './pairings.ts';
import { placeMost } from './place-most.ts';
import {
  DEFAULT_MINUTES,
  hoursText,
  NO_ROOM,
  type PlanningInput,
  type PlanningSearch,
} from './plan-campaign.ts';
import type { Stretch } from './staffed-spans.ts';

/** A run that has not begun. */
export interface WaitingRun {
  readonly run: RunId;
  readonly plan: { readonly id: string };
  readonly subjects: readonly EquipmentId[];
  readonly retryOf: RunId | null;
  /** Set-up included; null: it has none. */
  readonly place: {
    readonly testbed: string;
    readonly slot: number;
    readonly from: Instant;
    readonly to: Instant;
  } | null;
  /** When the run whose pass it waits for is expected to end; null: it waits for none that is under way. */
  readonly notBefore: Instant | null;
}

/** What a campaign that is being carried out is planned anew from. Plain data. */
export interface ReplanInput {
  /** Units of runs under way are busy until they are expected to end, those of its own runs too. */
  readonly world: Omit<PlanningInput, 'claims' | 'budgetHours'>;
  /** The plan that stands. */
  readonly standing: CampaignPlan;
  readonly waiting: readonly WaitingRun[];
  /** Runs that ended and had not begun. */
  readonly gone: readonly { readonly run: RunId; readonly reason: Reason }[];
  readonly holds: Holds;
  readonly because: readonly Reason[];
  readonly stage: ReplanStage;
  /** So many runs may be moved without need. */
  readonly mayMove: number;
}

export type ReplanSearch = Omit<PlanningSearch, 'coverageMoves'>;

const MINUTE_MS = 60_000;

/**
 * The plan of a campaign from now on: what still fits stays, what does not goes elsewhere, and no more runs are moved
 * besides than may be. What finds no place any more is left out from the end of the list.
 */
export function replanCampaign(
  input: ReplanInput,
  search: ReplanSearch,
): Result<CampaignPlan, readonly Reason[]> {
  const stretch = stretchFrom(input);
  if (stretch.minutes < 1) return err([reason('WINDOW_CLOSED', 'the window of the campaign is over')]);
  const known = namedRuns(input);
  const { kept, leftOut } = withHosts(input, stretch, known);
  const places = new Map(kept.map(({ key, waiting }) => [key, waiting.place]));
  const placed = placeMost({
    count: kept.length,
    least: 0,
    problemOf: (fit) => problemOf(input, stretch, kept.slice(0, fit)),
    solve: (problem) => solve(problem, { search, entries: entriesOf(problem, places, stretch), input }),
  });
  if (!placed.ok) return placed;
  const { problem, timetable, fit } = placed.value;
  const { standing, world } = input;
  const gone = goneRuns(input);
  const elsewhere = new Set([...known.map(({ waiting }) => waiting.run), ...gone.map(({ run }) => run)]);
  const begun = standing.runs.filter(({ run }) => !elsewhere.has(run));
  const moved = movedKeys(timetable, { places, stretch });
  return ok({
    ...standing,
    madeAt: world.now,
    origin: stretch.from,
    runs: [...begun, ...kept.slice(0, fit).map(({ planRun }) => planRun)],
    problem,
    timetable: { ...timetable, objective: { ...timetable.objective, moved: moved.length } },
    leftOut: [
      ...standing.leftOut.filter(({ run }) => run === undefined || !elsewhere.has(run)),
      ...gone,
      ...leftOut,
      ...kept.slice(fit).map((one) => left(one, NO_ROOM)),
    ],
    replanned: { ...storyOf(input, moved), begun: begun.map(({ key }) => key) },
  });
}

/** A plan that is made better goes on with the story of the one that was repaired. */
function storyOf(
  { standing: { replanned }, because, stage, mayMove }: ReplanInput,
  moved: readonly string[],
): Omit<Replanned, 'begun'> {
  if (stage === 'repaired' || replanned === undefined) return { because, stage, moved, mayMove };
  return { ...replanned, stage, moved: [...new Set([...replanned.moved, ...moved])] };
}

/** From now on, in whole minutes of the plan that stands, so that what stays has the same times. */
function stretchFrom({ world: { request, now }, standing, waiting }: ReplanInput): Stretch {
  const { window } = request;
  const begin = Math.max(now, window?.from ?? now);
  const grid = waiting.find(({ place }) => place !== null)?.place?.from ?? standing.origin;
  const from = grid + Math.ceil((begin - grid) / MINUTE_MS) * MINUTE_MS;
  const minutes = window === null ? DEFAULT_MINUTES : Math.floor((window.to - from) / MINUTE_MS);
  return { from: instant(from), minutes };
}

function goneRuns({ standing, gone }: ReplanInput): readonly LeftOut[] {
  return gone.flatMap(({ run, reason: why }) => {
    const one = standing.runs.find((planned) => planned.run === run);
    return one === undefined
      ? []
      : [{ plan: one.plan.id, subjects: one.subjects, reason: why, run, key: one.key }];
  });
}

interface Named {
  readonly key: string;
  readonly waiting: WaitingRun;
  readonly planRun: PlanRun;
  readonly pairing: Pairing;
}

/** Runs keep their names; one that retries another is named after it. In the order of what matters. */
function namedRuns({ standing, waiting, world }: ReplanInput): readonly Named[] {
  const before = knownRuns(standing);
  const taken = new Set([...before.values()].map(({ key }) => key));
  const named = waiting.flatMap((each) => {
    const own = before.get(each.run);
    const former = own ?? before.get(each.retryOf ?? each.run);
    const plan = world.plans.find(({ id }) => id === each.plan.id);
    const subjects = each.subjects.flatMap((id) => world.equipment.find((one) => one.id === id) ?? []);
    if (plan === undefined || subjects.length < each.subjects.length) return [];
    const because = own?.because ?? `once more, after run ${each.retryOf ?? ''}`;
    const key = own?.key ?? freshKey(taken, former?.key ?? 'r');
    taken.add(key);
    const planRun: PlanRun = {
      ...{ key, because, run: each.run, subjects: each.subjects },
      plan: { id: plan.id, version: plan.version },
    };
    const pairing: Pairing = { plan, subjects, because };
    return [{ at: former?.at ?? before.size, key, waiting: each, planRun, pairing }];
  });
  return named.sort((a, b) => a.at - b.at);
}

interface Known {
  readonly key: string;
  readonly because: string;
  /** Its place among what matters. */
  readonly at: number;
}

function knownRuns({ runs, leftOut }: CampaignPlan): ReadonlyMap<RunId, Known> {
  const placed = runs.map(({ key, because, run }) => ({ key, because, run }));
  const left = leftOut.map(({ key, run }) => ({ key, because: 'left out before', run }));
  return new Map(
    [...placed, ...left].flatMap(({ key, because, run }, at) =>
      run === undefined || key === undefined ? [] : [[run, { key, because, at }]],
    ),
  );
}

function freshKey(taken: ReadonlySet<string>, base: string): string {
  for (let turn = 2; ; turn++) if (!taken.has(`${base}.${turn}`)) return `${base}.${turn}`;
}

/** Without those that nothing can host as things are. */
function withHosts(
  input: ReplanInput,
  stretch: Stretch,
  named: readonly Named[],
): { readonly kept: readonly Named[]; readonly leftOut: readonly LeftOut[] } {
  const { testbeds } = input.world;
  const known = testbeds.map(({ testbed }) => testbed);
  const leftOut: LeftOut[] = [];
  const kept = named.filter((one) => {
    const { testbeds: able, none } = chooseTestbeds(one.pairing.plan, one.pairing.subjects, known);
    const free = testbeds.some(({ testbed, slots }) => able.includes(testbed.id) && slots.length > 0);
    if (none === null && free) return true;
    leftOut.push(
      left(one, none ?? reason('SLOT_QUARANTINED', 'every slot that could host it is quarantined')),
    );
    return false;
  });
  if (kept.length === 0 || checkProblem(problemOf(input, stretch, kept)).length === 0)
    return { kept, leftOut };
  // Rare, and worth a look at each: which of them is it that cannot be?
  const possible = kept.filter((one) => {
    const [why] = checkProblem(problemOf(input, stretch, [one]));
    if (why !== undefined) leftOut.push(left(one, why));
    return why === undefined;
  });
  return { kept: possible, leftOut };
}

function left({ key, planRun: { plan, subjects }, waiting: { run } }: Named, why: Reason): LeftOut {
  return { plan: plan.id, subjects, reason: why, run, key };
}

function problemOf(
  { world, holds, standing }: ReplanInput,
  stretch: Stretch,
  runs: readonly Named[],
): TimetableProblem {
  const before = new Map(standing.problem.runs.map((run) => [run.id, run]));
  const toPlace = runs.map(({ key, pairing, waiting: { notBefore } }): RunToPlace => {
    const [mode] = before.get(key)?.modes ?? [];
    const release = notBefore === null ? 0 : Math.ceil((notBefore - stretch.from) / MINUTE_MS);
    return {
      ...{ key, pairing, release: Math.min(Math.max(0, release), stretch.minutes - 1) },
      ...(mode === undefined ? {} : { expected: { duration: mode.duration, buffer: mode.buffer } }),
    };
  });
  return campaignProblem({ ...world, stretch, holds, runs: toPlace, priority: world.request.priority });
}

type Places = ReadonlyMap<string, WaitingRun['place']>;

/** The places that runs have, as far as they are there still. */
function entriesOf(problem: TimetableProblem, places: Places, { from }: Stretch): readonly PlannedEntry[] {
  return problem.runs.flatMap(({ id, modes }): readonly PlannedEntry[] => {
    const place = places.get(id) ?? null;
    if (place === null || place.from < from) return [];
    const testbed = slotId(place.testbed, place.slot);
    const mode = modes.findIndex((one) => one.testbed === testbed);
    if (mode < 0) return [];
    const end = Math.round((place.to - from) / MINUTE_MS);
    const setUpStart = Math.round((place.from - from) / MINUTE_MS);
    const start = Math.max(setUpStart, end - (modes[mode]?.duration ?? 0));
    return [{ run: id, mode, testbed, setUpStart, start, end: start + (modes[mode]?.duration ?? 0) }];
  });
}

interface Solving {
  readonly search: ReplanSearch;
  readonly entries: readonly PlannedEntry[];
  readonly input: ReplanInput;
}

function solve(
  problem: TimetableProblem,
  { search, entries, input }: Solving,
): Result<Timetable, readonly Reason[]> {
  if (problem.runs.length === 0) return ok(nothingToDo(search.seed));
  const mayMove = mayMoveYet(input);
  return solveTimetable(problem, {
    ...search,
    ...(mayMove === 0 ? { budget: { moves: 1 } } : {}),
    standing: { entries, started: [], now: 0, mayMove },
    onProgress: ({ spent, makespan }) => search.onProgress?.({ spent, text: `${hoursText(makespan)} h` }),
  });
}

function mayMoveYet({ standing: { replanned }, stage, mayMove }: ReplanInput): number {
  if (stage === 'repaired' || replanned === undefined) return mayMove;
  return Math.max(0, replanned.mayMove - replanned.moved.length);
}

function nothingToDo(seed: number): Timetable {
  return {
    entries: [],
    objective: { weightedTardiness: 0, makespan: 0, setUpMinutes: 0, unfairness: 0, moved: 0 },
    bound: { makespan: 0, because: 'nothing' },
    ...{ gap: 0, seed, moves: 0 },
  };
}

/** Those that had a place and have another, or the same at another time. */
function movedKeys(
  { entries }: Timetable,
  { places, stretch }: { readonly places: Places; readonly stretch: Stretch },
): readonly string[] {
  const now = new Map(entries.map((entry) => [entry.run, entry]));
  return [...places].flatMap(([key, place]) => {
    if (place === null) return [];
    const entry = now.get(key);
    const stays =
      entry?.testbed === slotId(place.testbed, place.slot) &&
      stretch.from + entry.end * MINUTE_MS === place.to;
    return stays ? [] : [key];
  });
}
