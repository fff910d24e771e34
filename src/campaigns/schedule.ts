import type { AdvanceRunDeps } from './advance-run.ts';
import type { NewRun } from './store-ports.ts';
import type { Campaign, CampaignRequest } from '../domain/campaign.ts';
import type { Equipment } from '../domain/equipment.ts';
import { type Instant, instant, type RunId } from '../domain/ids.ts';
import type { PlanRef, TestPlan } from '../domain/plan.ts';
import type { Testbed } from '../domain/testbed.ts';
import type { Reason } from '../kernel/errors.ts';
import { reason } from '../kernel/errors.ts';
import { chooseTestbeds } from '../planning/choose-testbeds.ts';
import { combine, type Sut } from '../planning/combine.ts';
import { weigh } from '../planning/weigh.ts';
import { resolvePlan } from '../plans/plan-ref.ts';
import { decidedCases, selectCases, type SimulatorClaims, withClaims } from '../plans/select-cases.ts';

export interface ScheduleDeps extends Pick<AdvanceRunDeps, 'store' | 'clock' | 'ids'> {
  readonly version: string;
  /** What our simulators claim when they stand for a product. */
  readonly simulators: SimulatorClaims;
}

export interface Schedule {
  readonly runs: readonly NewRun[];
  /** Plans, equipment and pairings that come to nothing, and why. */
  readonly remarks: readonly Reason[];
}

/** A run that nobody gave a window has this long to get its lease. */
const DEFAULT_WINDOW_MS = 7 * 24 * 3_600_000;

/**
 * Turns a campaign into runs: which plans meet which SUTs, where each may run, and what the review of ICS and IXIT
 * decides beforehand. A run that no testbed can host is still made, so that it has a record.
 */
export async function scheduleRuns(deps: ScheduleDeps, campaign: Campaign): Promise<Schedule> {
  const [{ fits, remarks, found }, testbeds] = await Promise.all([
    matchUp(deps, campaign.request),
    deps.store.testbeds(),
  ]);
  const testbedsKnown = testbeds.map(({ testbed }) => testbed);
  const makes = { campaign, testbeds: testbedsKnown, at: deps.clock.now() };
  return {
    runs: fits.map(({ plan, subjects }) => newRun(deps, makes, { plan, subjects })),
    remarks: [
      ...remarks,
      ...found,
      ...fits.flatMap(({ plan, subjects }) => chooseTestbeds(plan, subjects, testbedsKnown).none ?? []),
    ],
  };
}

export interface MatchUp {
  /** What meets, without what cannot work together. */
  readonly fits: readonly Sut[];
  /** Plans and equipment that are not there or come to nothing. */
  readonly remarks: readonly Reason[];
  /** What stands between products. */
  readonly found: readonly Reason[];
}

/** Which plans meet which products, and what is known beforehand to stand between these; nothing is stored. */
export async function matchUp(
  { store, simulators }: Pick<ScheduleDeps, 'store' | 'simulators'>,
  request: CampaignRequest,
): Promise<MatchUp> {
  const [published, equipment] = await Promise.all([store.plans(), chosenEquipment({ store }, request)]);
  const { plans, missing } = resolvePlans(request.plans, published);
  const claimsOf = (product: Equipment): Equipment => withClaims(product, simulators);
  // By strength, whatever can meet at all: how few runs do is for the planner to find.
  const mode = 'mode' in request.coverage ? request.coverage.mode : 'full';
  const { suts, remarks } = combine({ mode, plans, equipment: equipment.found });
  return { ...weigh(suts, claimsOf), remarks: [...missing, ...equipment.missing, ...remarks] };
}

export function newRun(
  { ids, version, simulators }: Pick<ScheduleDeps, 'ids' | 'version' | 'simulators'>,
  { campaign, testbeds, at }: { campaign: Campaign; testbeds: readonly Testbed[]; at: Instant },
  { plan, subjects }: { plan: TestPlan; subjects: readonly Equipment[] },
): NewRun {
  const id = ids.next('run') as RunId;
  const { window } = campaign.request;
  const chosen = chooseTestbeds(plan, subjects, testbeds);
  return {
    run: {
      id,
      campaign: campaign.id,
      organisation: campaign.organisation,
      plan: { id: plan.id, version: plan.version },
      subjects: subjects.map((subject) => subject.id),
      testbeds: chosen.testbeds,
      retryOf: null,
      createdAt: at,
      startBy: window === null ? instant(at + DEFAULT_WINDOW_MS) : window.to,
      life: { state: 'queued', since: at, waitsFor: null },
      version: 0,
    },
    draft: {
      run: id,
      retryOf: null,
      campaign: campaign.id,
      organisation: campaign.organisation,
      plan,
      subjects,
      decided: decidedCases(selectCases(plan, subjects, simulators)),
      tools: { orchestrator: version },
    },
  };
}

export async function chosenEquipment(
  { store }: Pick<AdvanceRunDeps, 'store'>,
  { equipment }: CampaignRequest,
): Promise<{ found: readonly Equipment[]; missing: readonly Reason[] }> {
  if ('select' in equipment) return { found: await store.listEquipment(equipment.select), missing: [] };
  const found: Equipment[] = [];
  const missing: Reason[] = [];
  for (const id of equipment.ids) {
    const item = await store.equipment(id);
    if (item === null) missing.push(reason('NOT_FOUND', `there is no equipment ${id}`));
    else found.push(item);
  }
  return { found, missing };
}

export function resolvePlans(
  refs: readonly PlanRef[],
  published: readonly TestPlan[],
): { plans: readonly TestPlan[]; missing: readonly Reason[] } {
  const plans: TestPlan[] = [];
  const missing: Reason[] = [];
  for (const ref of refs) {
    const plan = resolvePlan(ref, published);
    if (plan === undefined) {
      const version = ref.version === undefined ? '' : `@${ref.version}`;
      missing.push(reason('NOT_FOUND', `there is no plan ${ref.id}${version}`));
    } else plans.push(plan);
  }
  return { plans, missing };
}
