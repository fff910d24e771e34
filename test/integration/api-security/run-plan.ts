import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_SECURITY_PROCEDURES } from '../../../runners/procedures/api-security/procedures.ts';
import { NEAR_RT_RIC } from '../../../runners/simulators/near-rt-ric/simulator.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { type CaseRun, runCase, aPlan } from '../../support/bench.ts';
import { equipmentOf } from '../../support/equipment.ts';

/** No defect here is about time, so that a busy machine must not be one. */
const LIMITS = { responseTimeMs: 10_000, oversizeBytes: 512 * 1024 };

export const SECURED = { tls: true, mutualTls: true, oauth: true } as const;

/** Starts a near-RT RIC with one set of settings and defects, and gives what an equipment file would say. */
export async function withRic<T>(
  { settings, defects }: { settings: Readonly<Record<string, Json>>; defects: readonly string[] },
  use: (equipment: Equipment, dir: string) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(60_000);
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-api-security-'));
  try {
    await using running = await NEAR_RT_RIC.start({ defects, settings, dir }, { signal });
    const ics = {
      ...NEAR_RT_RIC.ics,
      'security.tls': settings['tls'] === true,
      'security.mutualTls': settings['mutualTls'] === true,
      'security.oauth': settings['oauth'] === true,
    };
    const { auth } = running;
    return await use(
      { ...equipmentOf(NEAR_RT_RIC, running), ics, ...(auth === undefined ? {} : { auth }) },
      dir,
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Every case of the plan in its order, as it came out. */
export async function runPlan(equipment: Equipment): Promise<ReadonlyMap<string, CaseRun>> {
  const plan = await aPlan('api-security');
  const runs = new Map<string, CaseRun>();
  for (const one of plan.cases) {
    const procedure = API_SECURITY_PROCEDURES.find(({ id }) => id === one.procedure);
    if (procedure === undefined) throw new Error(`no procedure ${one.procedure}`);
    runs.set(one.id, await runCase({ case: one, procedure, subjects: [equipment], parameters: LIMITS }));
  }
  return runs;
}

export interface Difference {
  readonly verdict: string;
  readonly clauses?: Readonly<Record<string, string>>;
}

/** What is not a plain pass, in the form of expected.yaml: clauses that are `pass` or `none` are left out. */
export function differences(runs: ReadonlyMap<string, CaseRun>): Readonly<Record<string, Difference>> {
  const found = [...runs].flatMap(([id, { finding, clauses }]): [string, Difference][] => {
    if (finding === 'pass') return [];
    const wrong = Object.entries(clauses).filter(([, verdict]) => verdict !== 'pass' && verdict !== 'none');
    return [
      [id, { verdict: finding, ...(wrong.length === 0 ? {} : { clauses: Object.fromEntries(wrong) }) }],
    ];
  });
  return Object.fromEntries(found);
}
