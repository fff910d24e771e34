import { dirname, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { SIMULATORS } from './catalogue.ts';
import { TESTPLANS } from './shipped.ts';
import { makePlanner } from '../adapters/planning-threads/campaign-planner.ts';
import { makeSteadyClock } from './system.ts';
import { renderProblem } from '../documents/problem.ts';
import { readSource } from '../documents/source.ts';
import type { CampaignRequest } from '../domain/campaign.ts';
import type { Equipment } from '../domain/equipment.ts';
import type { Instant, OrganisationId, TestbedId } from '../domain/ids.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { Testbed } from '../domain/testbed.ts';
import type { EquipmentBody } from '../api/documents.ts';
import type { TestbedView } from '../api/views.ts';
import { parseCampaign } from '../inventory/campaign.ts';
import { readInventory } from '../inventory/read-seeds.ts';
import { HarnessError, type Reason } from '../kernel/errors.ts';
import type { CampaignPlan } from '../planning/campaign/campaign-plan.ts';
import type { PlannableTestbed } from '../planning/campaign/campaign-problem.ts';
import type { PlanningInput, PlanningProgress } from '../planning/campaign/plan-campaign.ts';
import { resolvePlan } from '../plans/plan-ref.ts';
import { readPlans } from '../plans/read-plans.ts';
import { withClaims } from '../plans/select-cases.ts';

/** What a preview knows of the world: from a folder of documents, or from an orchestrator. */
export interface World {
  readonly equipment: readonly Equipment[];
  readonly testbeds: readonly PlannableTestbed[];
}

export interface PreviewOptions {
  /** Of the search for a timetable. */
  readonly seconds: number;
  /** Instead of `seconds`: the same plan each time. */
  readonly moves?: number;
  readonly seed: number;
  readonly strength?: number;
  readonly budgetHours?: number;
  /** Minute 0; now, when absent. */
  readonly from?: Instant;
}

export interface Watching {
  readonly signal: AbortSignal;
  /** When it aborts, the best plan so far is taken. */
  readonly finish?: AbortSignal;
  readonly onProgress?: (progress: PlanningProgress) => void;
}

/** Coverage is searched for well before the timetable, so that few moves do; a plan has a handful of roles. */
const COVERAGE_MOVES = 50_000;

/** The documents that lie beside a campaign, in `equipment/` and `testbeds/`; null when there are none. */
export async function worldBeside(file: string): Promise<World | null> {
  const folder = dirname(resolve(file));
  if (!existsSync(join(folder, 'equipment')) || !existsSync(join(folder, 'testbeds'))) return null;
  const { equipment, testbeds, problems } = await readInventory(folder);
  if (problems.length > 0) throw new HarnessError('INPUT_INVALID', problems.map(renderProblem).join('\n'));
  return { equipment: equipment.map((one) => one.equipment), testbeds: testbeds.map(whole) };
}

/** What an orchestrator says of its equipment and testbeds; slots in quarantine are no places. */
export function worldFrom(equipment: readonly EquipmentBody[], testbeds: readonly TestbedView[]): World {
  return {
    // The orchestrator read them as documents of this kind before it stored them.
    equipment: equipment as unknown as readonly Equipment[],
    testbeds: testbeds
      .filter(({ mode }) => mode === 'open')
      .map(({ slots, calendar, ...testbed }) => ({
        testbed: {
          ...testbed,
          id: testbed.id as TestbedId,
          organisation: testbed.organisation as OrganisationId,
          slots: slots.length,
          ...(calendar === undefined ? {} : { calendar }),
        },
        slots: slots.filter(({ state }) => state !== 'quarantined').map(({ slot }) => slot),
      })),
  };
}

function whole(testbed: Testbed): PlannableTestbed {
  return { testbed, slots: Array.from({ length: testbed.slots }, (_, slot) => slot) };
}

export async function readCampaign(file: string): Promise<CampaignRequest> {
  const source = await readSource(file);
  const parsed = source.ok ? parseCampaign(source.value) : source;
  if (parsed.ok) return parsed.value;
  throw new HarnessError('INPUT_INVALID', parsed.error.map(renderProblem).join('\n'));
}

export interface Preview {
  readonly input: PlanningInput;
  readonly plan: CampaignPlan;
}

/** A plan of a campaign without any commitment. Throws what makes it impossible, with its code. */
export async function previewCampaign(
  request: CampaignRequest,
  world: World,
  options: PreviewOptions & Watching,
): Promise<Preview> {
  const input = await inputOf(request, world, options);
  return { input, plan: await search(input, options) };
}

/** The same campaign once more, with one thing changed. */
export async function search(
  input: PlanningInput,
  options: PreviewOptions & Watching,
): Promise<CampaignPlan> {
  const { seed, seconds, moves, signal, finish, onProgress } = options;
  const budget = moves === undefined ? { ms: seconds * 1000 } : { moves };
  const how = { seed, budget, coverageMoves: COVERAGE_MOVES, ...(finish === undefined ? {} : { finish }) };
  await using planner = makePlanner();
  const answer = await planner.plan(input, how, { signal, onProgress });
  if (answer.ok) return answer.value;
  throw impossible(answer.error);
}

function impossible(reasons: readonly Reason[]): HarnessError {
  const [first] = reasons;
  const more = reasons.slice(1, MAX_SAID).map(({ code, text }) => `\n  ${code}: ${text}`);
  const rest = reasons.length > MAX_SAID ? `\n  and ${reasons.length - MAX_SAID} more` : '';
  return new HarnessError(
    first?.code ?? 'NOT_FOUND',
    `${first?.text ?? 'nothing can be planned'}${more.join('')}${rest}`,
  );
}

const MAX_SAID = 10;

async function inputOf(
  request: CampaignRequest,
  { equipment, testbeds }: World,
  { strength, budgetHours, from }: PreviewOptions,
): Promise<PlanningInput> {
  const chosen = chosenFrom(request, equipment);
  return {
    request: strength === undefined ? request : { ...request, coverage: withStrength(request, strength) },
    plans: await plansOf(request),
    equipment: chosen,
    claims: chosen.map((product) => withClaims(product, SIMULATORS)),
    testbeds,
    busy: [],
    former: {},
    now: from ?? makeSteadyClock().now(),
    budgetHours: budgetHours ?? null,
  };
}

function withStrength({ coverage }: CampaignRequest, strength: number): CampaignRequest['coverage'] {
  return 'strength' in coverage ? { ...coverage, strength } : { strength };
}

function chosenFrom({ equipment: choice }: CampaignRequest, all: readonly Equipment[]): readonly Equipment[] {
  if ('select' in choice) {
    const { role, organisation } = choice.select;
    return all.filter(
      (one) =>
        (role === undefined || one.role === role) &&
        (organisation === undefined || one.organisation === organisation),
    );
  }
  const missing = choice.ids.filter((id) => !all.some((one) => one.id === id));
  if (missing.length > 0) throw new HarnessError('NOT_FOUND', `there is no equipment ${missing.join(', ')}`);
  return all.filter(({ id }) => choice.ids.includes(id));
}

async function plansOf({ plans: refs }: CampaignRequest): Promise<readonly TestPlan[]> {
  const shelf = await readPlans(TESTPLANS);
  if (shelf.problems.length > 0)
    throw new HarnessError('PLAN_INVALID', shelf.problems.map(renderProblem).join('\n'));
  return refs.map((ref) => {
    const plan = resolvePlan(
      ref,
      shelf.plans.map((one) => one.plan),
    );
    if (plan === undefined) throw new HarnessError('NOT_FOUND', `there is no plan ${ref.id}`);
    return plan;
  });
}
