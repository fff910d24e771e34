import { existsSync } from 'node:fs';
import { makeLog } from '../../src/adapters/log-pino/log.ts';
import { readResults } from '../../src/app/export.ts';
import { openLab } from '../../src/app/lab.ts';
import { TESTPLANS } from '../../src/app/shipped.ts';
import type { CampaignRequest } from '../../src/domain/campaign.ts';
import type { CaseRecord } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { CampaignId } from '../../src/domain/ids.ts';
import type { Parameter, TestPlan } from '../../src/domain/plan.ts';
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

/** So many wait for a slot while reports of others are made; whoever waits is asked again and again. */
const IN_LINE = 2;
/** Costs half a second a case; that captures are part of a run is shown where captures are tested. */
const NO_CAPTURE = { start: () => Promise.resolve({ impossible: 'not captured: of no interest here' }) };

export async function openHouse({ slots }: { slots: number }): Promise<House> {
  await using undo = new Teardown();
  // That the store is durable is shown elsewhere; here it may lie in memory, where that costs nothing.
  const { path } = undo.use(await scratchFolder(existsSync('/dev/shm') ? '/dev/shm' : undefined));
  const testbed = aTestbed({ slots, capabilities: ['a1', 'e2', 'e1', 'f1', 'ng', 'xn', 'tls-audit'] });
  const log = makeLog({ level: 'silent', version: 'test' });
  const lab = undo.use(
    await openLab(
      { dir: path, lab: LAB, testbeds: [testbed], pdf: plainPdf, capture: NO_CAPTURE, log },
      FOREVER,
    ),
  );
  let submitted = 0;
  const testOne = async (plan: TestPlan, { subjects }: Sut): Promise<readonly CaseRecord[]> => {
    const id = `${LAB}/c${(submitted += 1)}` as CampaignId;
    for (const subject of subjects) await lab.orchestrator.useCases.submitEquipment(subject);
    await lab.run(requestFor(id, plan, subjects), FOREVER);
    const { runs } = await readResults(lab.orchestrator, id);
    const first = runs.find(({ run }) => run.retryOf === null);
    if (first === undefined) throw new Error(`there was no run of ${plan.id} in ${id}`);
    return first.records;
  };
  const owner = undo.move();
  return {
    async test(plan, suts) {
      await lab.orchestrator.useCases.publishPlan(plan);
      const waiting = [...suts];
      const records = new Map<string, readonly CaseRecord[]>();
      const lane = async (): Promise<void> => {
        for (let sut = waiting.shift(); sut !== undefined; sut = waiting.shift())
          records.set(sut.name, await testOne(plan, sut));
      };
      await Promise.all(Array.from({ length: slots + IN_LINE }, lane));
      return records;
    },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

const FOREVER = { signal: new AbortController().signal };

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
