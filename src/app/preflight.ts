import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SIMULATORS } from './catalogue.ts';
import {
  decidingFindings,
  exportCampaign,
  readResults,
  type Summary,
  summarise,
  writeInto,
} from './export.ts';
import type { Io } from './io.ts';
import { openLab } from './lab.ts';
import { makeProgress } from './progress.ts';
import { renderSummary } from './render-summary.ts';
import { TESTPLANS } from './shipped.ts';
import { VERSION } from './version.ts';
import { makeLog } from '../adapters/log-pino/log.ts';
import { renderProblem } from '../documents/problem.ts';
import type { CampaignRequest } from '../domain/campaign.ts';
import type { Equipment } from '../domain/equipment.ts';
import { exitCodeFor } from '../domain/exit-code.ts';
import type { CampaignId, OrganisationId, TestbedId } from '../domain/ids.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { Testbed } from '../domain/testbed.ts';
import { checkSimulator, readEquipment } from '../inventory/equipment.ts';
import { HarnessError } from '../kernel/errors.ts';
import { Teardown } from '../kernel/teardown.ts';
import { parsePlanRef } from '../domain/plan-ref.ts';
import { resolvePlan } from '../plans/plan-ref.ts';
import { readPlans } from '../plans/read-plans.ts';

export interface PreflightOptions {
  readonly plan: string;
  /** Equipment files: one for each subject of the plan. */
  readonly equipment: readonly string[];
  readonly out: string;
  readonly json: boolean;
}

const LAB = 'pre-flight' as OrganisationId;

/**
 * One plan on one product (or pairing), before anybody is asked for a slot: the same road as in a lab, with an
 * orchestrator and a runner in this process and a store in a temporary folder. The exit code speaks of the findings.
 */
export async function runPreflight(options: PreflightOptions, io: Io): Promise<number> {
  const startedAt = performance.now();
  const plan = await findPlan(options.plan);
  const equipment = await readAll(options.equipment);
  await using undo = new Teardown();
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-preflight-'));
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const lab = undo.use(
    await openLab(
      { dir, lab: LAB, testbeds: [benchFor(plan)], log: makeLog({ level: 'silent', version: VERSION }) },
      { signal: io.signal },
    ),
  );
  const { orchestrator } = lab;
  await orchestrator.useCases.publishPlan(plan);
  for (const item of equipment) await orchestrator.useCases.submitEquipment(item);
  const request = requestFor(plan, equipment);
  const progress = undo.use(makeProgress(io));
  const campaign = await lab.run(request, { signal: io.signal, onProgress: progress.show });
  progress.done();
  if (campaign.life.state === 'final' && campaign.life.reason !== null) {
    const { code, text } = campaign.life.reason;
    throw new HarnessError(code, text);
  }
  const results = await readResults(orchestrator, request.id);
  const out = resolve(options.out);
  const summary = summarise(orchestrator, results, {
    campaignId: request.id,
    expected: true,
    reports: await exportCampaign(orchestrator, request.id, out),
    durationMs: Math.round(performance.now() - startedAt),
  });
  await say(summary, { out, json: options.json }, io);
  return exitCodeFor(decidingFindings(results));
}

export async function say(
  summary: Summary,
  { out, json }: { out: string; json: boolean },
  io: Io,
): Promise<void> {
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  await writeInto(join(out, 'summary.json'), text);
  if (json) io.stdout(text);
  else io.stdout(renderSummary(summary, out));
}

async function findPlan(wanted: string): Promise<TestPlan> {
  const ref = parsePlanRef(wanted);
  if (!ref.ok) throw new HarnessError('INPUT_INVALID', `--plan: ${ref.error}`);
  const shelf = await readPlans(TESTPLANS);
  if (shelf.problems.length > 0) {
    throw new HarnessError('PLAN_INVALID', shelf.problems.map(renderProblem).join('\n'));
  }
  const plans = shelf.plans.map(({ plan }) => plan);
  const plan = resolvePlan(ref.value, plans);
  if (plan === undefined) {
    throw new HarnessError(
      'NOT_FOUND',
      `there is no plan ${wanted}; there are ${plans.map(({ id }) => id).join(', ')}`,
    );
  }
  return plan;
}

async function readAll(paths: readonly string[]): Promise<readonly Equipment[]> {
  const items: Equipment[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    const read = await readEquipment(resolve(path));
    if (!read.ok) problems.push(...read.error.map(renderProblem));
    else {
      const { equipment, locate } = read.value;
      problems.push(...locate(checkSimulator(equipment, SIMULATORS)).map(renderProblem));
      items.push(reachableFromHere(equipment));
    }
  }
  if (problems.length > 0) throw new HarnessError('INPUT_INVALID', problems.join('\n'));
  return items;
}

/** Where a product stands matters to labs; here, whoever runs the pre-flight says that it can be reached. */
function reachableFromHere({ location, ...equipment }: Equipment): Equipment {
  return equipment;
}

/** A testbed that can do whatever the plan asks: the machine this runs on. */
function benchFor(plan: TestPlan): Testbed {
  return {
    id: `${LAB}/this-machine` as TestbedId,
    organisation: LAB,
    slots: 1,
    capabilities: plan.capabilities,
    instruments: [],
    setUp: { minutesPerChangedRole: {} },
  };
}

function requestFor(plan: TestPlan, equipment: readonly Equipment[]): CampaignRequest {
  return {
    id: `${LAB}/${plan.id}` as CampaignId,
    organisation: LAB,
    plans: [{ id: plan.id, version: plan.version }],
    equipment: { ids: equipment.map(({ id }) => id) },
    coverage: { mode: plan.subjects.length === 1 ? 'each' : 'pairs' },
    window: null,
    priority: 'normal',
  };
}
