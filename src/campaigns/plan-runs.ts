import { chosenEquipment, newRun, resolvePlans, type ScheduleDeps } from './schedule.ts';
import { placesOf } from './places.ts';
import type { NewPlan, Planner, Reserved } from './planning-ports.ts';
import type { NewRun } from './store-ports.ts';
import { worldFor } from './world.ts';
import type { Campaign } from '../domain/campaign.ts';
import { instant } from '../domain/ids.ts';
import type { Place } from '../domain/reservation.ts';
import { HarnessError, type Reason } from '../kernel/errors.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { CampaignPlan } from '../planning/campaign/campaign-plan.ts';
import { checkCampaign } from '../planning/campaign/check-campaign.ts';
import type { PlanningInput } from '../planning/campaign/plan-campaign.ts';
import { withClaims } from '../plans/select-cases.ts';

export interface PlanRunsDeps extends ScheduleDeps {
  readonly planner: Planner;
  readonly planning: { readonly ms: number } | { readonly moves: number };
}

const COVERAGE_MOVES = 50_000;
export const SEED = 1;

/**
 * A plan of the campaign with a reservation for every unit of every run, to be written together. The plan is held against
 * its problem before: nothing is reserved by one that breaks a rule.
 *
 * @param reserved what it has to plan around
 */
export async function planRuns(
  deps: PlanRunsDeps,
  campaign: Campaign,
  reserved: readonly Reserved[],
): Promise<Result<{ readonly runs: readonly NewRun[]; readonly plan: NewPlan }, readonly Reason[]>> {
  const input = await inputFor(deps, campaign, reserved);
  const how = { seed: SEED, budget: deps.planning, coverageMoves: COVERAGE_MOVES };
  const answer = await deps.planner.plan(input, how, { signal: new AbortController().signal });
  if (!answer.ok) return err(answer.error);
  insistOn(answer.value);
  const runs = makeRuns(deps, campaign, { input, plan: answer.value });
  const plan = {
    ...answer.value,
    runs: answer.value.runs.map((one) => {
      const run = runs.get(one.key)?.run.id;
      return run === undefined ? one : { ...one, run };
    }),
  };
  const places = placesFor({ input, plan, runs });
  return ok({
    runs: [...runs.values()],
    plan: {
      ...{ campaign: campaign.id, organisation: campaign.organisation, revision: 1 },
      ...{ madeAt: plan.madeAt, plan, places, replaces: [] },
    },
  });
}

async function inputFor(
  deps: PlanRunsDeps,
  { request }: Campaign,
  reserved: readonly Reserved[],
): Promise<PlanningInput> {
  const { store, simulators } = deps;
  const [published, { found }] = await Promise.all([store.plans(), chosenEquipment({ store }, request)]);
  const { plans } = resolvePlans(request.plans, published);
  const claims = found.map((product) => withClaims(product, simulators));
  const world = await worldFor(deps, { request, plans, equipment: found }, reserved);
  return { ...world, claims, budgetHours: null };
}

/** Whoever made it: nothing that breaks a rule is stored. */
export function insistOn(plan: CampaignPlan): void {
  const [fault] = checkCampaign(plan);
  if (fault !== undefined) throw new HarnessError(fault.code, `campaign ${plan.campaign}: ${fault.text}`);
}

interface Making {
  readonly input: PlanningInput;
  readonly plan: CampaignPlan;
}

/** By key, in the order in which they begin. */
function makeRuns(
  deps: PlanRunsDeps,
  campaign: Campaign,
  { input, plan }: Making,
): ReadonlyMap<string, NewRun> {
  const testbeds = input.testbeds.map(({ testbed }) => testbed);
  const sorted = [...plan.timetable.entries].sort((a, b) => a.setUpStart - b.setUpStart);
  return new Map(
    sorted.map(({ run: key }, index) => {
      const planned = plan.runs.find((one) => one.key === key);
      const testPlan = input.plans.find(({ id }) => id === planned?.plan.id);
      if (planned === undefined || testPlan === undefined)
        throw new HarnessError('PLAN_BROKEN', `${key} is planned without a test plan`);
      const subjects = planned.subjects.flatMap((id) => input.equipment.find((one) => one.id === id) ?? []);
      // A millisecond apart, so that whoever lists or wakes runs does so in the order of the plan.
      const at = instant(input.now + index);
      return [key, newRun(deps, { campaign, testbeds, at }, { plan: testPlan, subjects })];
    }),
  );
}

function placesFor({
  input,
  plan,
  runs,
}: Making & { readonly runs: ReadonlyMap<string, NewRun> }): readonly Place[] {
  return placesOf({
    plan,
    testbeds: input.testbeds.map(({ testbed }) => testbed),
    opensAt: input.request.window?.from ?? input.now,
    runOf: (key) => {
      const made = runs.get(key);
      if (made === undefined) throw new HarnessError('PLAN_BROKEN', `${key} is planned, but no run`);
      return { run: made.run.id, subjects: made.draft.subjects };
    },
  });
}
