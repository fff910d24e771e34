import { existsSync } from 'node:fs';
import { makeLog } from '../../src/adapters/log-pino/log.ts';
import { readResults, type Results } from '../../src/app/export.ts';
import { type Lab, openLab } from '../../src/app/lab.ts';
import { TESTPLANS } from '../../src/app/shipped.ts';
import type { CampaignRequest } from '../../src/domain/campaign.ts';
import type { CaseRecord } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { CampaignId } from '../../src/domain/ids.ts';
import type { Parameter, TestPlan } from '../../src/domain/plan.ts';
import { pause } from '../../src/kernel/deadline.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { type PlanFolder, readPlans } from '../../src/plans/read-plans.ts';
import { plainPdf } from './plain-pdf.ts';
import { scratchFolder } from './scratch.ts';
import { aTestbed, LAB } from './things.ts';

/** A whole lab in this process with one testbed, on which products are tested the way every campaign tests them. */
export interface House extends AsyncDisposable {
  /** Publishes the plan and tests every SUT with it; what the first attempt said of each case, by the name of the SUT. */
  test(plan: TestPlan, suts: readonly Sut[]): Promise<ReadonlyMap<string, readonly CaseRecord[]>>;
}

export interface Sut {
  readonly name: string;
  /** In the order of the plan's subjects. */
  readonly subjects: readonly Equipment[];
}

const LOOK_EVERY_MS = 200;

export async function openHouse({ slots }: { slots: number }): Promise<House> {
  await using undo = new Teardown();
  // That the store is durable is shown elsewhere; here it may lie in memory, where that costs nothing.
  const { path } = undo.use(await scratchFolder(existsSync('/dev/shm') ? '/dev/shm' : undefined));
  const testbed = aTestbed({ slots, capabilities: ['a1', 'e2', 'tls-audit'] });
  const log = makeLog({ level: 'silent', version: 'test' });
  const lab = undo.use(
    await openLab({ dir: path, lab: LAB, testbeds: [testbed], pdf: plainPdf, log }, FOREVER),
  );
  const { useCases } = lab.orchestrator;
  let submitted = 0;
  const owner = undo.move();
  return {
    async test(plan, suts) {
      await useCases.publishPlan(plan);
      const campaigns: CampaignId[] = [];
      for (const subjects of groupsOf(suts)) {
        for (const subject of subjects) await useCases.submitEquipment(subject);
        const id = `${LAB}/c${(submitted += 1)}` as CampaignId;
        await useCases.submitCampaign(requestFor(id, plan, subjects));
        campaigns.push(id);
      }
      const runs = (await Promise.all(campaigns.map((id) => resultsOf(lab, id)))).flat();
      return new Map(
        suts.map(({ name, subjects }) => {
          const wanted = subjects.map(({ id }) => id).join('+');
          const first = runs.find(({ run }) => run.retryOf === null && run.subjects.join('+') === wanted);
          if (first === undefined) throw new Error(`there was no run of ${plan.id} on ${wanted}`);
          return [name, first.records];
        }),
      );
    },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

const FOREVER = { signal: new AbortController().signal };

/** Products on their own share a campaign; a pairing has one, so that it meets nobody else. */
function groupsOf(suts: readonly Sut[]): readonly (readonly Equipment[])[] {
  const alone = suts.filter(({ subjects }) => subjects.length === 1).flatMap(({ subjects }) => subjects);
  const paired = suts.filter(({ subjects }) => subjects.length > 1).map(({ subjects }) => subjects);
  return alone.length === 0 ? paired : [alone, ...paired];
}

function requestFor(id: CampaignId, plan: TestPlan, subjects: readonly Equipment[]): CampaignRequest {
  return {
    id,
    organisation: LAB,
    plans: [{ id: plan.id, version: plan.version }],
    equipment: { ids: subjects.map((subject) => subject.id) },
    coverage: { mode: plan.subjects.length === 1 ? 'each' : 'pairs' },
    window: null,
    priority: 'normal',
  };
}

async function resultsOf(lab: Lab, id: CampaignId): Promise<Results['runs']> {
  for (;;) {
    const campaign = await lab.orchestrator.store.campaign(id);
    if (campaign?.life.state === 'final') break;
    await pause(LOOK_EVERY_MS, FOREVER);
  }
  return (await readResults(lab.orchestrator, id)).runs;
}

/** The plan as it is shipped, and what is expected of the simulators. */
export async function shippedPlan(id: string): Promise<PlanFolder> {
  const { plans, problems } = await readPlans(TESTPLANS);
  if (problems.length > 0) throw new Error(problems.map(({ what }) => what).join('\n'));
  const found = plans.find(({ plan }) => plan.id === id);
  if (found === undefined) throw new Error(`no plan is called ${id}`);
  return found;
}

/** The same plan under a version of its own, with other values for parameters where a case has them. */
export function withParameters(
  plan: TestPlan,
  values: Readonly<Record<string, Parameter['value']>>,
): TestPlan {
  const cases = plan.cases.map((one) => {
    const parameters = Object.entries(one.parameters).map(([name, parameter]) => [
      name,
      { ...parameter, value: values[name] ?? parameter.value },
    ]);
    return { ...one, parameters: Object.fromEntries(parameters) as typeof one.parameters };
  });
  return { ...plan, version: '1.0.99', cases };
}
