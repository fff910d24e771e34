import { chosenEquipment, newRun, resolvePlans, type ScheduleDeps } from './schedule.ts';
import type { NewPlan, Planner } from './planning-ports.ts';
import type { NewRun } from './store-ports.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { Equipment } from '../domain/equipment.ts';
import { type Instant, instant } from '../domain/ids.ts';
import type { ReservedUnit } from '../domain/lease.ts';
import type { Place } from '../domain/reservation.ts';
import { HarnessError, type Reason } from '../kernel/errors.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { CampaignPlan } from '../planning/campaign/campaign-plan.ts';
import { slotOf } from '../planning/campaign/campaign-problem.ts';
import { checkCampaign } from '../planning/campaign/check-campaign.ts';
import type { PlanningInput } from '../planning/campaign/plan-campaign.ts';
import type { PlannedEntry } from '../planning/timetable/plan.ts';
import { withClaims } from '../plans/select-cases.ts';

export interface PlanRunsDeps extends ScheduleDeps {
  readonly planner: Planner;
  readonly planning: { readonly ms: number } | { readonly moves: number };
}

const MINUTE_MS = 60_000;
const COVERAGE_MOVES = 50_000;
const SEED = 1;

/**
 * A plan of the campaign with a reservation for every unit of every run, to be written together. The plan is held against
 * its problem before: nothing is reserved by one that breaks a rule.
 */
export async function planRuns(
  deps: PlanRunsDeps,
  campaign: Campaign,
): Promise<Result<{ readonly runs: readonly NewRun[]; readonly plan: NewPlan }, readonly Reason[]>> {
  const input = await inputOf(deps, campaign);
  const how = { seed: SEED, budget: deps.planning, coverageMoves: COVERAGE_MOVES };
  const answer = await deps.planner.plan(input, how, { signal: new AbortController().signal });
  if (!answer.ok) return err(answer.error);
  const plan = answer.value;
  const [fault] = checkCampaign(plan);
  if (fault !== undefined) throw new HarnessError(fault.code, `campaign ${campaign.id}: ${fault.text}`);
  const takeUnit = makeTakeUnit();
  const made = [...plan.timetable.entries]
    .sort((a, b) => a.setUpStart - b.setUpStart)
    .map((entry, index) => runAndPlace(deps, { campaign, input, plan, entry, index, takeUnit }));
  return ok({
    runs: made.map(({ run }) => run),
    plan: {
      campaign: campaign.id,
      organisation: campaign.organisation,
      revision: 1,
      madeAt: plan.madeAt,
      plan,
      places: made.map(({ place }) => place),
    },
  });
}

async function inputOf(
  { store, clock, simulators }: PlanRunsDeps,
  { request }: Campaign,
): Promise<PlanningInput> {
  const now = clock.now();
  const [published, { found }, views, busy] = await Promise.all([
    store.plans(),
    chosenEquipment({ store }, request),
    store.testbeds(),
    store.reserved(now),
  ]);
  const { plans } = resolvePlans(request.plans, published);
  return {
    request,
    plans,
    equipment: found,
    claims: found.map((product) => withClaims(product, simulators)),
    testbeds: views
      .filter(({ mode }) => mode === 'open')
      .map(({ testbed, slots }) => ({
        testbed,
        slots: slots.filter(({ state }) => state !== 'quarantined').map(({ slot }) => slot),
      })),
    busy,
    former: await store.formerDurations(plans.map(({ id }) => id)),
    now,
    budgetHours: null,
  };
}

interface Making {
  readonly campaign: Campaign;
  readonly input: PlanningInput;
  readonly plan: CampaignPlan;
  readonly entry: PlannedEntry;
  readonly index: number;
  readonly takeUnit: TakeUnit;
}

function runAndPlace(
  deps: PlanRunsDeps,
  { campaign, input, plan, entry, index, takeUnit }: Making,
): { readonly run: NewRun; readonly place: Place } {
  const planned = plan.runs.find(({ key }) => key === entry.run);
  const testPlan = input.plans.find(({ id }) => id === planned?.plan.id);
  if (planned === undefined || testPlan === undefined || entry.testbed === null)
    throw new HarnessError('PLAN_BROKEN', `${entry.run} is planned without plan or place`);
  const subjects = planned.subjects.flatMap((id) => input.equipment.find((one) => one.id === id) ?? []);
  const testbeds = input.testbeds.map(({ testbed }) => testbed);
  // A millisecond apart, so that whoever lists or wakes runs does so in the order of the plan.
  const createdAt = instant(input.now + index);
  const run = newRun(deps, { campaign, testbeds, at: createdAt }, { plan: testPlan, subjects });
  const at = (minute: number): Instant => instant(plan.origin + minute * MINUTE_MS);
  const times = { from: at(entry.setUpStart), to: at(entry.end) };
  const { testbed: id, slot } = slotOf(entry.testbed);
  const testbed = testbeds.find((one) => one.id === id);
  const units: readonly ReservedUnit[] = [
    { resource: `slot:${id}`, unit: slot },
    ...subjects.map((subject) => ({ resource: `equipment:${subject.id}`, unit: 0 })),
    ...(testbed?.instruments ?? []).map(({ id: name, capacity }) =>
      takeUnit({ resource: `instrument:${id}/${name}`, capacity, ...times }),
    ),
  ];
  const notBefore = earliest({ subjects, entry }, { start: at(entry.start), origin: plan.origin });
  return { run, place: { run: run.run.id, units, ...times, notBefore } };
}

/** Nobody re-cables a simulator: it is there at once. People are there when the plan says so. */
function earliest(
  { subjects, entry }: { readonly subjects: readonly Equipment[]; readonly entry: PlannedEntry },
  { start, origin }: { readonly start: Instant; readonly origin: Instant },
): Instant {
  const byHand = entry.setUpStart < entry.start && subjects.some(({ simulator }) => simulator === undefined);
  return byHand ? start : origin;
}

type TakeUnit = (wish: {
  readonly resource: string;
  readonly capacity: number;
  readonly from: Instant;
  readonly to: Instant;
}) => ReservedUnit;

/** Asked in the order of beginnings, the first unit that is free by then; the plan never needs more than there are. */
function makeTakeUnit(): TakeUnit {
  const freeAt = new Map<string, number[]>();
  return ({ resource, capacity, from, to }) => {
    const ends = freeAt.get(resource) ?? Array.from({ length: capacity }, () => 0);
    const unit = ends.findIndex((end) => end <= from);
    if (unit < 0) throw new HarnessError('PLAN_BROKEN', `more of ${resource} are planned than there are`);
    ends[unit] = to;
    freeAt.set(resource, ends);
    return { resource, unit };
  };
}
