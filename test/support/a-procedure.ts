import type { Assignment } from '../../src/domain/assignment.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { CaseId } from '../../src/domain/ids.ts';
import type { PlanCase, TestPlan } from '../../src/domain/plan.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { clause, type Judged, type Procedure } from '../../runners/procedures/procedure.ts';
import type { RunningSimulator, Simulator } from '../../runners/simulators/simulator.ts';

/** A procedure that drives as told; by default it observes what it sent, and `status` passes when it did. */
export function aProcedure(
  drive: Procedure['drive'] = async (bench) => {
    bench.stimulated();
    bench.observe('send', 'note', { status: 201 });
    await Promise.resolve();
  },
  judge: Procedure['judge'] = ({ observations }) =>
    judgedAs(
      { status: observations.some(({ step }) => step === 'send') ? 'pass' : 'none' },
      ...observations.map(({ n }) => n),
    ),
): Procedure {
  return { id: 'a.procedure', parameters: {}, clauses: ['status'], drive, judge };
}

export function judgedAs(verdicts: Readonly<Record<string, Verdict>>, ...shownBy: number[]): Judged {
  return {
    clauses: Object.entries(verdicts).map(([id, verdict]) =>
      clause(id, [verdict, `saw ${verdict}`], ...shownBy),
    ),
  };
}

export function aCase(changes: Partial<PlanCase> = {}): PlanCase {
  return {
    id: 'C-1' as CaseId,
    title: 'A case',
    aim: 'Something is shown',
    references: [],
    requirement: 'M',
    level: 'S1',
    procedure: 'a.procedure',
    parameters: {},
    clauses: [{ id: 'status', expects: '201' }],
    rule: 'all',
    timeoutMs: 30_000,
    silenceMs: 10_000,
    ...changes,
  };
}

export function anEquipment(changes: Partial<Equipment> = {}): Equipment {
  return {
    id: 'acme/ric-1' as Equipment['id'],
    organisation: 'acme' as Equipment['organisation'],
    role: 'near-rt-ric',
    product: { name: 'RIC' },
    versions: { software: '1.0' },
    digests: {},
    interfaces: { a1: { endpoint: { url: 'http://127.0.0.1:1' } } },
    ics: {},
    ixit: {},
    ...changes,
  };
}

export function anAssignment(
  cases: readonly PlanCase[] = [aCase()],
  changes: Partial<Assignment> = {},
): Assignment {
  return {
    run: 'run-1' as Assignment['run'],
    retryOf: null,
    campaign: 'lab/c' as Assignment['campaign'],
    organisation: 'lab' as Assignment['organisation'],
    testbed: 'lab/t' as Assignment['testbed'],
    slot: 0,
    fence: 7,
    plan: aPlan({ cases }),
    subjects: [anEquipment()],
    decided: {},
    tools: { orchestrator: '0.1.0' },
    ...changes,
  };
}

export function aPlan(changes: Partial<TestPlan> = {}): TestPlan {
  return {
    apiVersion: 'patchbay/v1',
    kind: 'TestPlan',
    id: 'a-plan' as TestPlan['id'],
    version: '1.0.0',
    title: 'A plan',
    planKind: 'wraparound',
    subjects: [{ role: 'near-rt-ric', interfaces: ['a1'] }],
    peers: [{ name: 'consumer', role: 'non-rt-ric', simulator: 'tester' }],
    capabilities: [],
    objectives: [],
    cases: [aCase()],
    gates: [],
    ...changes,
  };
}

export interface FakeSimulator extends Simulator {
  readonly calls: string[];
  running: { alive: boolean };
}

/** A simulator without a process. */
export function aSimulator(
  name: string,
  changes: Partial<Simulator & { dispose: () => Promise<void> }> = {},
): FakeSimulator {
  const calls: string[] = [];
  const running = { alive: true };
  return {
    name,
    role: 'near-rt-ric',
    version: '9.9',
    defects: { slow: 'answers late' },
    ics: { claimed: true },
    calls,
    running,
    start: ({ defects }): Promise<RunningSimulator> => {
      calls.push(`start ${defects.join()}`);
      return Promise.resolve({
        interfaces: { a1: { endpoint: { url: 'https://127.0.0.1:4711' } } },
        ixit: { told: 1 },
        configuration: 'password=swordfish',
        log: () => 'log of it, Authorization: Bearer abc.def',
        alive: () => running.alive,
        [Symbol.asyncDispose]: async () => {
          calls.push('stop');
          await changes.dispose?.();
        },
      });
    },
    ...changes,
  };
}
