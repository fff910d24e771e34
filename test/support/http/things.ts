/** Valid things that an orchestrator holds; each takes changes. */
import type { StoredReport, TestbedView } from '../../../src/campaigns/store-ports.ts';
import type { Campaign, CampaignRequest } from '../../../src/domain/campaign.ts';
import type { CaseRecord } from '../../../src/domain/case-record.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';
import { type Digest, instant } from '../../../src/domain/ids.ts';
import type { TestPlan } from '../../../src/domain/plan.ts';
import type { Run } from '../../../src/domain/run.ts';

export const LAB = 'lab-north';
export const AT = instant(Date.UTC(2026, 0, 2, 3, 4, 5));

export function aRequest(changes: object = {}): CampaignRequest {
  return {
    id: `${LAB}/c1`,
    organisation: LAB,
    plans: [{ id: 'a1-producer', version: '1' }],
    equipment: { ids: ['acme/ric-1'] },
    coverage: { mode: 'each' },
    window: null,
    priority: 'normal',
    ...changes,
  } as unknown as CampaignRequest;
}

export function aCampaign(request: CampaignRequest = aRequest()): Campaign {
  const { id, organisation } = request;
  return {
    id,
    organisation,
    request,
    reference: 'r',
    life: { state: 'submitted', since: AT, remarks: [] },
    version: 1,
  };
}

export function aRun(changes: object = {}): Run {
  return {
    id: 'run-1',
    campaign: `${LAB}/c1`,
    organisation: LAB,
    plan: { id: 'a1-producer', version: '1.0.0' },
    subjects: ['acme/ric-1'],
    testbeds: [`${LAB}/north-1`],
    retryOf: null,
    createdAt: AT,
    startBy: AT,
    life: { state: 'final', since: AT, hold: null, end: 'completed', reason: null, finding: 'pass' },
    version: 4,
    ...changes,
  } as unknown as Run;
}

export function anItem(changes: object = {}): Equipment {
  return {
    id: 'acme/ric-1',
    organisation: 'acme',
    role: 'near-rt-ric',
    product: { name: 'Acme RIC' },
    versions: { software: '2.3.1' },
    digests: {},
    interfaces: { a1: { endpoint: { url: 'https://192.0.2.10:8443', basePath: '/A1-P/v2' } } },
    ics: { 'a1.policyTypes': ['ORAN_QoSTarget_2.0.0'] },
    ixit: { settleMs: 500 },
    ...changes,
  } as unknown as Equipment;
}

export function aRecord(changes: object = {}): CaseRecord {
  return {
    run: 'run-1',
    retryOf: null,
    case: 'A1-003',
    planVersion: '1.0.0',
    fence: 17,
    startedAt: '2026-01-02T03:04:05.000Z',
    endedAt: '2026-01-02T03:04:06.000Z',
    outcome: {
      kind: 'judged',
      verdict: 'pass',
      clauses: [{ id: 'status', verdict: 'pass', evidence: [] }],
      remarks: [],
    },
    cause: { kind: 'undetermined' },
    peers: [{ name: 'consumer', filledBy: 'tester', id: 'tester', version: '0.1.0' }],
    transports: { a1: 'http/1.1' },
    fitness: { fit: true, checks: [] },
    measurements: [{ name: 'responseTime', value: 12.4, unit: 'ms', max: 2000 }],
    evidence: [{ digest: aDigest('e'), mediaType: 'application/x-ndjson', role: 'exchange', bytes: 4 }],
    ...changes,
  } as unknown as CaseRecord;
}

export function aTestbed(changes: object = {}): TestbedView {
  return {
    testbed: {
      id: `${LAB}/north-1`,
      organisation: LAB,
      slots: 1,
      capabilities: ['a1'],
      instruments: [],
      setUp: { minutesPerChangedRole: {} },
      ...changes,
    },
    mode: 'open',
    slots: [{ testbed: `${LAB}/north-1`, slot: 0, fence: 3, state: 'free', reason: null, lease: null }],
    runners: [
      {
        id: 'runner-1',
        testbed: `${LAB}/north-1`,
        organisation: LAB,
        lastSeenAt: AT,
        revokedAt: null,
        capabilities: ['a1'],
        tools: { node: '20.20.2' },
      },
    ],
  } as unknown as TestbedView;
}

export function aReport(changes: object = {}): StoredReport {
  return {
    id: 'report-1',
    campaign: `${LAB}/c1`,
    organisation: LAB,
    sut: 'acme.ric-1',
    revision: 1,
    payloadDigest: 'ab'.repeat(32),
    issuedAt: AT,
    files: {
      'report.html': aDigest('a'),
      [`disclosures/${LAB}.json`]: aDigest('b'),
      'disclosures/acme.json': aDigest('b'),
    },
    ...changes,
  } as unknown as StoredReport;
}

export function aPlan(changes: object = {}): TestPlan {
  return {
    apiVersion: 'patchbay/v1',
    kind: 'TestPlan',
    id: 'a1-producer',
    version: '1.0.0',
    title: 'A1-P producer conformance',
    planKind: 'wraparound',
    subjects: [{ role: 'near-rt-ric', interfaces: ['a1'] }],
    peers: [{ name: 'consumer', role: 'non-rt-ric', simulator: 'tester' }],
    capabilities: ['a1'],
    objectives: ['A.4(c)'],
    cases: [
      {
        id: 'A1-003',
        title: 'Create a policy',
        aim: 'A valid policy is created',
        references: [{ body: 'O-RAN', document: 'A1TS', version: 'v04.03', clause: '5', confidence: 'read' }],
        requirement: 'M',
        level: 'S1',
        procedure: 'a1.policy.create',
        parameters: { responseTimeMs: { value: 2000, min: 1, max: 60_000 } },
        clauses: [{ id: 'status', expects: '201 Created' }],
        rule: 'all',
        timeoutMs: 30_000,
        silenceMs: 10_000,
      },
    ],
    gates: [],
    ...changes,
  } as unknown as TestPlan;
}

export function aDigest(letter: string): Digest {
  return `sha256:${letter.repeat(64)}` as Digest;
}
