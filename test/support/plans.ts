import type { CaseId, PlanId } from '../../src/domain/ids.ts';
import type { PlanCase, TestPlan } from '../../src/domain/plan.ts';

export function aPlanCase(changes: Partial<PlanCase> = {}): PlanCase {
  return {
    id: 'T-001' as CaseId,
    title: 'A case',
    aim: 'Something holds',
    references: [{ body: 'Patchbay', document: 'test', version: '1', clause: '1', confidence: 'derived' }],
    requirement: 'M',
    level: 'S1',
    procedure: 'self.noop',
    parameters: { pauseMs: { value: 0, min: 0, max: 10 } },
    clauses: [{ id: 'observed', expects: 'it is observed' }],
    rule: 'all',
    timeoutMs: 1_000,
    silenceMs: 500,
    ...changes,
  };
}

export function aPlan(changes: Partial<TestPlan> = {}): TestPlan {
  return {
    apiVersion: 'patchbay/v1',
    kind: 'TestPlan',
    id: 'a-plan' as PlanId,
    version: '1.0.0',
    title: 'A plan',
    planKind: 'wraparound',
    subjects: [{ role: 'near-rt-ric', interfaces: [] }],
    peers: [],
    capabilities: [],
    objectives: [],
    cases: [aPlanCase(), aPlanCase({ id: 'T-002' as CaseId })],
    gates: [],
    ...changes,
  };
}
