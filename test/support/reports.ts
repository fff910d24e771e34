import { makeSalts, sha256 } from '../../src/attest/sign/digests.ts';
import type { CaseRecord, EvidenceItem, Outcome } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type {
  CampaignId,
  CaseId,
  Digest,
  EquipmentId,
  Instant,
  OrganisationId,
  PlanId,
  RunId,
  TestbedId,
} from '../../src/domain/ids.ts';
import type { PlanCase, TestPlan } from '../../src/domain/plan.ts';
import type { Run } from '../../src/domain/run.ts';
import type { ReportedRun, ReportInput } from '../../src/reports/input.ts';
import { buildReport, type Report } from '../../src/reports/report.ts';
import { type RenderedStatement, renderStatement } from '../../src/reports/statement.ts';

/** What only a later revision has. */
export const original = {
  revision: { kind: 'original', n: 1 },
  opinions: [],
  overrides: [],
  imports: [],
} as const;

export const T0 = Date.parse('2026-11-20T09:00:00.000Z');
export const tools = { sha256, saltFor: makeSalts(new Uint8Array(32).fill(7)) };

const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();

export function aDigest(digit: string): Digest {
  return `sha256:${digit.repeat(64)}` as Digest;
}

export function aCase(id: string, changes: Partial<PlanCase> = {}): PlanCase {
  return {
    id: id as CaseId,
    title: `Case ${id}`,
    aim: 'A valid policy is created at the URI the consumer chose',
    references: [
      {
        body: 'O-RAN',
        document: 'O-RAN.WG2.A1TS',
        version: 'v04.03',
        clause: '6.2.1.2',
        confidence: 'title',
      },
    ],
    requirement: 'M',
    level: 'S1',
    procedure: 'a1.policy.create',
    parameters: { responseTimeMs: { value: 2000, unit: 'ms', min: 1, max: 60_000 } },
    clauses: [
      { id: 'status', expects: '201 Created' },
      { id: 'location', expects: 'Location names the created policy' },
    ],
    rule: 'all',
    timeoutMs: 30_000,
    silenceMs: 10_000,
    ...changes,
  };
}

export function aPlan(changes: Partial<TestPlan> = {}): TestPlan {
  return {
    apiVersion: 'patchbay/v1',
    kind: 'TestPlan',
    id: 'a1-producer' as PlanId,
    version: '1.0.0',
    title: 'A1-P producer conformance',
    planKind: 'wraparound',
    subjects: [{ role: 'near-rt-ric', interfaces: ['a1'] }],
    peers: [{ name: 'consumer', role: 'non-rt-ric', simulator: 'tester' }],
    capabilities: ['a1'],
    objectives: ['A.4(c)'],
    cases: [
      aCase('A1-001', { title: 'Query the policy types' }),
      aCase('A1-003', { title: 'Create a policy' }),
      aCase('A1-007', { title: 'Notify a status', requirement: 'CM' }),
      aCase('A1-009', {
        title: 'Refuse an invalid policy',
        requirement: 'O',
        level: 'S2',
        adaptation: 'the consumer is the tester',
      }),
    ],
    gates: [],
    ...changes,
  };
}

export function anEquipment(changes: Partial<Equipment> = {}): Equipment {
  return {
    id: 'acme/acme-ric-1' as EquipmentId,
    organisation: 'acme' as OrganisationId,
    role: 'near-rt-ric',
    product: { name: 'Acme RIC', model: 'R1', serial: '0001' },
    versions: { hardware: 'B', software: '2.3.1' },
    digests: {},
    interfaces: {
      a1: {
        specification: { document: 'O-RAN.WG2.A1AP', version: 'v04.00' },
        endpoint: { url: 'https://192.0.2.10:8443' },
      },
    },
    ics: { 'a1.policyTypes': ['ORAN_QoSTarget_2.0.0'] },
    ixit: { plmn: '00101' },
    ...changes,
  };
}

type Judged = Extract<Outcome, { kind: 'judged' }>;

export const passed: Judged = {
  kind: 'judged',
  verdict: 'pass',
  clauses: [
    { id: 'status', verdict: 'pass', saw: '201', evidence: [`${aDigest('a')}#t=0.204`] },
    { id: 'location', verdict: 'pass', saw: 'Location /policies/p1', evidence: [`${aDigest('a')}#t=0.204`] },
  ],
  remarks: [],
};

export const failed: Judged = {
  kind: 'judged',
  verdict: 'fail',
  clauses: [
    { id: 'status', verdict: 'pass', saw: '201', evidence: [`${aDigest('b')}#t=1.204`] },
    { id: 'location', verdict: 'fail', saw: 'no Location header', evidence: [`${aDigest('b')}#t=1.204`] },
  ],
  remarks: ['the body repeats the policy, which is allowed'],
};

export const broken: Outcome = {
  kind: 'judged',
  verdict: 'error',
  clauses: [],
  remarks: [],
  reason: { code: 'SIMULATOR_FAILED', text: 'the simulator died after the first stimulus' },
};

export const notApplicable: Outcome = {
  kind: 'notJudged',
  disposition: 'notApplicable',
  reason: { code: 'ICS_NOT_CLAIMED', text: 'a1.statusNotification is not claimed' },
};

export const blocked: Outcome = {
  kind: 'notJudged',
  disposition: 'blocked',
  reason: { code: 'PRECONDITION_FAILED', text: 'A1-003 did not pass', case: 'A1-003' as CaseId },
};

// A record is named by its run, its case and its outcome; the rest is detail.
// eslint-disable-next-line max-params -- it reads as a row of a table
export function aRecord(
  run: string,
  id: string,
  outcome: Outcome,
  changes: Partial<CaseRecord> = {},
): CaseRecord {
  const evidence: readonly EvidenceItem[] =
    outcome.kind === 'judged'
      ? [
          {
            digest: aDigest(outcome.verdict === 'pass' ? 'a' : 'b'),
            mediaType: 'application/x-ndjson',
            role: 'exchange',
            bytes: 1234,
          },
        ]
      : [];
  return {
    run: run as RunId,
    retryOf: null,
    case: id as CaseId,
    planVersion: '1.0.0',
    fence: 17,
    startedAt: at(10),
    endedAt: at(11.5),
    outcome,
    cause:
      outcome.kind === 'judged' && outcome.verdict === 'fail'
        ? { kind: 'product', attributedTo: 'acme/acme-ric-1' as EquipmentId }
        : { kind: 'undetermined' },
    peers: [{ name: 'consumer', filledBy: 'tester', id: 'non-rt-ric', version: '0.1.0' }],
    transports: { a1: 'http/1.1 tls1.3' },
    fitness: { fit: true, checks: [{ id: 'clock', fit: true, saw: 'within 1 ms' }] },
    measurements: [{ name: 'responseTime', value: 12.4, unit: 'ms', max: 2000 }],
    evidence,
    ...changes,
  };
}

export function aRun(id: string, changes: Partial<Run> = {}): Run {
  return {
    id: id as RunId,
    campaign: 'lab-north/autumn' as CampaignId,
    organisation: 'lab-north' as OrganisationId,
    plan: { id: 'a1-producer' as PlanId, version: '1.0.0' },
    subjects: ['acme/acme-ric-1' as EquipmentId],
    testbeds: ['lab-north/north-1' as TestbedId],
    retryOf: null,
    createdAt: T0 as Instant,
    startBy: (T0 + 3_600_000) as Instant,
    life: {
      state: 'final',
      since: (T0 + 60_000) as Instant,
      hold: null,
      end: 'completed',
      reason: null,
      finding: 'fail',
    },
    version: 9,
    ...changes,
  };
}

export function aReportedRun(
  id: string,
  records: readonly CaseRecord[],
  run: Partial<Run> = {},
): ReportedRun {
  return {
    run: aRun(id, run),
    plan: aPlan(),
    testbed: {
      id: 'lab-north/north-1' as TestbedId,
      organisation: 'lab-north' as OrganisationId,
      slots: 2,
      capabilities: ['a1', 'tls-audit'],
      instruments: [],
      setUp: { minutesPerChangedRole: {} },
    },
    runners: [{ id: 'runner-1', capabilities: ['a1'], tools: { node: '20.20.2' } }],
    tools: { patchbay: '0.1.0', node: '20.20.2' },
    records,
  };
}

export function anInput(changes: Partial<ReportInput> = {}): ReportInput {
  return {
    lab: { id: 'lab-north', name: 'Lab North' },
    campaign: {
      id: 'lab-north/autumn' as CampaignId,
      organisation: 'lab-north' as OrganisationId,
      reference: 'RX70MrchfUGw-fOmUCk3Nw',
      request: {
        id: 'lab-north/autumn' as CampaignId,
        organisation: 'lab-north' as OrganisationId,
        plans: [{ id: 'a1-producer' as PlanId, version: '1' }],
        equipment: { ids: ['acme/acme-ric-1' as EquipmentId] },
        coverage: { mode: 'each' },
        window: null,
        priority: 'normal',
      },
    },
    subjects: [anEquipment()],
    organisations: [
      {
        id: 'acme' as OrganisationId,
        name: 'Acme Radio',
        roles: ['vendor'],
        contacts: [{ name: 'A. Vendor', email: 'a@acme.example' }],
      },
      {
        id: 'lab-north' as OrganisationId,
        name: 'Lab North',
        roles: ['lab'],
        address: 'Main Street 1, Northtown',
      },
    ],
    runs: [
      aReportedRun('run-1', [aRecord('run-1', 'A1-001', passed), aRecord('run-1', 'A1-003', broken)]),
      aReportedRun(
        'run-2',
        [
          aRecord('run-2', 'A1-001', passed, { retryOf: 'run-1' as RunId }),
          aRecord('run-2', 'A1-003', failed, { retryOf: 'run-1' as RunId }),
          aRecord('run-2', 'A1-007', notApplicable, { retryOf: 'run-1' as RunId }),
          aRecord('run-2', 'A1-009', blocked, { retryOf: 'run-1' as RunId }),
        ],
        { retryOf: 'run-1' as RunId, createdAt: (T0 + 70_000) as Instant },
      ),
    ],
    signatories: [
      {
        lab: 'lab-north',
        role: 'lab-system',
        keyid: '1'.repeat(64),
        scope: ['*'],
        holder: 'lab-north lab-system',
        selfDeclared: true,
      },
      {
        lab: 'lab-north',
        role: 'authorised-signatory',
        keyid: '2'.repeat(64),
        scope: ['*'],
        holder: 'lab-north authorised-signatory',
        selfDeclared: true,
      },
    ],
    issuedAt: (T0 + 120_000) as Instant,
    clock: { source: 'system clock', maxErrorMs: 1000 },
    harness: { name: 'patchbay', version: '0.1.0' },
    ...original,
    ...changes,
  };
}

export function aReport(changes: Partial<ReportInput> = {}): Report {
  return buildReport(anInput(changes));
}

export function aStatement(changes: Partial<ReportInput> = {}): RenderedStatement {
  return renderStatement(aReport(changes), tools);
}
