import { mkdir } from 'node:fs/promises';
import { E2_RIC_PROCEDURES } from '../../../runners/procedures/e2/ric-procedures.ts';
import { NEAR_RT_RIC_E2 } from '../../../runners/simulators/near-rt-ric-e2/simulator.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { aPlan, type CaseRun, runCase } from '../bench.ts';
import { anEquipment } from '../equipment.ts';
import { scratchFolder } from '../scratch.ts';

export interface RicRun {
  readonly defects?: readonly string[];
  readonly settings?: Readonly<Record<string, Json>>;
  /** Ids of cases; default: all. */
  readonly cases?: readonly string[];
}

/** Runs cases of `e2-ric` against the simulator in a process of its own, without the way through the house. */
export async function runRicPlan({
  defects = [],
  settings = {},
  cases,
}: RicRun): Promise<ReadonlyMap<string, CaseRun>> {
  await using scratch = await scratchFolder();
  const dir = scratch.path;
  await mkdir(dir, { recursive: true });
  const { signal } = new AbortController();
  await using ric = await NEAR_RT_RIC_E2.start({ defects, settings, dir }, { signal });
  const subject = anEquipment({
    role: 'near-rt-ric',
    interfaces: ric.interfaces,
    ics: NEAR_RT_RIC_E2.ics,
    ixit: ric.ixit,
  });
  const plan = await aPlan('e2-ric');
  const runs = new Map<string, CaseRun>();
  for (const one of plan.cases) {
    if (cases !== undefined && !cases.includes(one.id)) continue;
    const procedure = E2_RIC_PROCEDURES.find(({ id }) => id === one.procedure);
    if (procedure === undefined) throw new HarnessError('PLAN_INVALID', `no procedure ${one.procedure}`);
    runs.set(one.id, await runCase({ case: one, procedure, subjects: [subject] }));
  }
  return runs;
}
