import { placesOf } from './places.ts';
import { insistOn, type PlanRunsDeps, SEED } from './plan-runs.ts';
import type { NewPlan, Reserved } from './planning-ports.ts';
import { endedUnbegun, isWaiting, type PlanFacts, whyReplan } from './why-replan.ts';
import { worldFor, type World } from './world.ts';
import type { AdvanceRunDeps } from './advance-run.ts';
import { sameSut } from './gates.ts';
import type { AssignmentDraft } from './store-ports.ts';
import type { Campaign } from '../domain/campaign.ts';
import { type Instant, instant } from '../domain/ids.ts';
import type { Place } from '../domain/reservation.ts';
import { holdOf, type Run } from '../domain/run.ts';
import { HarnessError, type Reason } from '../kernel/errors.ts';
import type { CampaignPlan, ReplanStage } from '../planning/campaign/campaign-plan.ts';
import { type Holds, slotId } from '../planning/campaign/campaign-problem.ts';
import type { ReplanInput, WaitingRun } from '../planning/campaign/replan-campaign.ts';

export interface ReplanDeps extends PlanRunsDeps, Pick<AdvanceRunDeps, 'log'> {}

/** Of the runs that wait, so many may be moved without need: people have been told when to come. */
const MAY_MOVE_SHARE = 0.2;

/**
 * Plans a campaign anew when something happened that its plan did not reckon with: at once, so that every run has a place
 * again; then better, within what may be moved. Each is written with its reservations in one transaction.
 *
 * @returns the plan to be written; null when the one that stands holds, or nothing can be planned any more
 */
export async function planAgain(
  deps: ReplanDeps,
  campaign: Campaign,
  runs: readonly Run[],
): Promise<NewPlan | null> {
  const { store, clock } = deps;
  const head = await store.planHead(campaign.id);
  if (head === null) return null;
  const [reserved, testbeds] = await Promise.all([store.reserved(), store.testbeds()]);
  const facts: PlanFacts = { head, runs, reserved, testbeds, now: clock.now() };
  const because = whyReplan(facts);
  if (because.length > 0) return planFrom(deps, campaign, { facts, because, stage: 'repaired' });
  if (head.stage !== 'repaired') return null;
  return planFrom(deps, campaign, { facts, because, stage: 'improved' });
}

export interface Replanning {
  readonly facts: PlanFacts;
  readonly because: readonly Reason[];
  readonly stage: ReplanStage;
  /** Instead of what others have reserved by now. */
  readonly others?: readonly Reserved[];
}

/** @returns null when the window is over: what waits is refused by itself */
export async function planFrom(
  deps: ReplanDeps,
  campaign: Campaign,
  { facts, because, stage, others }: Replanning,
): Promise<NewPlan | null> {
  const standing = await deps.store.campaignPlan(campaign.id);
  if (standing?.revision !== facts.head.revision)
    throw new HarnessError('CONFLICT', `${campaign.id} was planned by somebody else meanwhile`);
  const waiting = await readWaiting(deps, facts);
  const own = new Set(waiting.map(({ run }) => run.id));
  const around = others ?? facts.reserved.filter(({ run, state }) => state === 'leased' || !own.has(run));
  const world = await worldFor(deps, { request: campaign.request, ...aboutOf(waiting) }, around);
  const input: ReplanInput = {
    ...{ world, because, stage, standing: standing.plan },
    waiting: waiting.map((one) => toWaiting(one, facts, world)),
    gone: endedUnbegun(facts),
    holds: holdsOf(facts.runs, standing.plan),
    mayMove: Math.floor(waiting.length * MAY_MOVE_SHARE),
  };
  const plan = await search(deps, input);
  if (plan === null) return null;
  return {
    ...{ campaign: campaign.id, organisation: campaign.organisation, revision: standing.revision + 1 },
    ...{ madeAt: plan.madeAt, plan, places: placesFor(plan, input, waiting), replaces: [...own] },
  };
}

interface Waiting {
  readonly run: Run;
  readonly draft: AssignmentDraft;
}

async function readWaiting({ store }: ReplanDeps, { runs }: PlanFacts): Promise<readonly Waiting[]> {
  return Promise.all(runs.filter(isWaiting).map(async (run) => ({ run, draft: await store.draft(run.id) })));
}

/** Plans and products as the runs were made with. */
function aboutOf(waiting: readonly Waiting[]): Pick<World, 'plans' | 'equipment'> {
  return {
    plans: [...new Map(waiting.map(({ draft: { plan } }) => [plan.id, plan])).values()],
    equipment: [
      ...new Map(
        waiting.flatMap(({ draft }) => draft.subjects.map((one) => [one.id, one] as const)),
      ).values(),
    ],
  };
}

function toWaiting({ run, draft }: Waiting, { runs, reserved }: PlanFacts, { busy }: World): WaitingRun {
  const slot = reserved.find(
    (one) => one.run === run.id && one.state === 'planned' && one.resource.startsWith('slot:'),
  );
  // What has to pass before, and is under way, ends when its slot is expected to be free.
  const ends = runs
    .filter((other) => draft.plan.gates.includes(other.plan.id) && sameSut(other, run))
    .flatMap(({ life }): readonly Instant[] => {
      const hold = life.state === 'final' ? null : holdOf(life);
      const held = busy.find(
        ({ resource, unit, from }) =>
          hold !== null && resource === `slot:${hold.testbed}` && unit === hold.slot && from <= life.since,
      );
      return held === undefined ? [] : [held.to];
    });
  return {
    ...{ run: run.id, plan: run.plan, subjects: run.subjects, retryOf: run.retryOf },
    place:
      slot === undefined
        ? null
        : {
            ...{ testbed: slot.resource.slice('slot:'.length), slot: slot.unit },
            ...{ from: slot.from, to: slot.to },
          },
    notBefore: ends.length === 0 ? null : instant(Math.max(...ends)),
  };
}

/** What the last run of the campaign on each slot had cabled. */
function holdsOf(runs: readonly Run[], { runs: planned, problem }: CampaignPlan): Holds {
  const roles = new Map(problem.runs.map((run) => [run.id, run.roles]));
  const keys = new Map(planned.map(({ run, key }) => [run, key]));
  const before = Object.fromEntries(problem.testbeds.map(({ id, holds }) => [id, holds]));
  const held = runs
    .flatMap(({ id, life }) => {
      const hold = holdOf(life);
      return hold === null ? [] : [{ id, since: life.since, slot: slotId(hold.testbed, hold.slot) }];
    })
    .sort((a, b) => a.since - b.since);
  for (const { id, slot } of held) before[slot] = roles.get(keys.get(id) ?? '') ?? before[slot] ?? {};
  return before;
}

async function search(
  { planner, planning, log }: ReplanDeps,
  input: ReplanInput,
): Promise<CampaignPlan | null> {
  const budget = input.stage === 'repaired' ? { moves: 1 } : planning;
  const answer = await planner.replan(
    input,
    { seed: SEED, budget },
    { signal: new AbortController().signal },
  );
  if (answer.ok) {
    insistOn(answer.value);
    return answer.value;
  }
  const [why] = answer.error;
  log.warn(
    { event: 'campaign.unplannable', campaignId: input.standing.campaign, reason: why },
    'no plan any more',
  );
  return null;
}

function placesFor(
  plan: CampaignPlan,
  { world }: ReplanInput,
  waiting: readonly Waiting[],
): readonly Place[] {
  const keys = new Map(plan.runs.map(({ key, run }) => [key, run]));
  return placesOf({
    plan,
    testbeds: world.testbeds.map(({ testbed }) => testbed),
    opensAt: world.request.window?.from ?? world.now,
    runOf: (key) => {
      const one = waiting.find(({ run }) => run.id === keys.get(key));
      if (one === undefined) throw new HarnessError('PLAN_BROKEN', `${key} is planned, but no run`);
      return { run: one.run.id, subjects: one.draft.subjects };
    },
  });
}
