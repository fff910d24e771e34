// What a report is made of, in any size: one plan whose cases each have a whole record, as a runner leaves them.
const T0 = Date.parse('2026-11-20T09:00:00.000Z');
const digest = (n) => `sha256:${n.toString(16).padStart(64, '0')}`;
const number = (n) => `A1-${String(n).padStart(6, '0')}`;
const time = (seconds) => new Date(T0 + seconds * 1000).toISOString();

export function reportInput(cases, signers) {
  const plan = planOf(cases);
  return {
    lab: { id: 'lab-north' },
    campaign: {
      id: 'lab-north/bench',
      organisation: 'lab-north',
      reference: 'RX70MrchfUGw-fOmUCk3Nw',
      request: { id: 'lab-north/bench', plans: [{ id: plan.id, version: '1' }], coverage: { mode: 'each' } },
    },
    subjects: [equipment],
    organisations: [],
    runs: [
      {
        run: runOf(plan, cases),
        plan,
        testbed: {
          id: 'lab-north/north-1',
          organisation: 'lab-north',
          slots: 1,
          capabilities: ['a1'],
          instruments: [],
          setUp: {},
        },
        runners: [],
        tools: { runner: '0.1.0', node: process.version },
        records: Array.from({ length: cases }, (_, n) => recordOf(n)),
      },
    ],
    signatories: signers.map(({ lab, role, keyid }) => ({
      ...{ lab, role, keyid, holder: `${lab} ${role}`, scope: ['*'], selfDeclared: true },
    })),
    issuedAt: T0 + (cases + 60) * 1000,
    clock: { source: 'system clock', maxErrorMs: 1000 },
    harness: { name: 'Patchbay', version: '0.1.0' },
    revision: { kind: 'original', n: 1 },
    ...{ opinions: [], overrides: [], imports: [] },
  };
}

const equipment = {
  id: 'acme/acme-ric-1',
  organisation: 'acme',
  role: 'near-rt-ric',
  product: { name: 'Acme RIC', model: 'R1', serial: '0001' },
  versions: { hardware: 'B', software: '2.3.1' },
  digests: {},
  interfaces: {},
  ics: {},
  ixit: {},
};

function planOf(cases) {
  return {
    ...{ apiVersion: 'patchbay/v1', kind: 'TestPlan', id: 'a1-producer', version: '1.0.0' },
    ...{ title: 'A1-P producer conformance', planKind: 'wraparound', objectives: [], gates: [] },
    subjects: [{ role: 'near-rt-ric', interfaces: ['a1'] }],
    peers: [{ name: 'consumer', role: 'non-rt-ric', simulator: 'tester' }],
    capabilities: ['a1'],
    cases: Array.from({ length: cases }, (_, n) => ({
      id: number(n),
      title: 'Create a policy',
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
      ...{ requirement: 'M', level: 'S1', procedure: 'a1.policy.create', rule: 'all' },
      parameters: { responseTimeMs: { value: 2000, unit: 'ms', min: 1, max: 60_000 } },
      clauses: [
        { id: 'status', expects: '201 Created' },
        { id: 'location', expects: 'Location names the created policy' },
      ],
      ...{ timeoutMs: 30_000, silenceMs: 10_000 },
    })),
  };
}

function runOf(plan, cases) {
  return {
    ...{ id: 'run-1', campaign: 'lab-north/bench', organisation: 'lab-north', retryOf: null },
    plan: { id: plan.id, version: plan.version },
    subjects: [equipment.id],
    testbeds: ['lab-north/north-1'],
    createdAt: T0,
    startBy: T0 + 3_600_000,
    life: {
      ...{
        state: 'final',
        ending: 'finished',
        finding: 'pass',
        fence: 1,
        testbed: 'lab-north/north-1',
        slot: 1,
      },
      endedAt: T0 + cases * 1000,
    },
  };
}

function recordOf(n) {
  const evidence = `${digest(n)}#t=0.204`;
  return {
    ...{ run: 'run-1', retryOf: null, case: number(n), planVersion: '1.0.0', fence: 17 },
    startedAt: time(n),
    endedAt: time(n + 0.9),
    outcome: {
      kind: 'judged',
      verdict: 'pass',
      clauses: [
        { id: 'status', verdict: 'pass', saw: '201', evidence: [evidence] },
        { id: 'location', verdict: 'pass', saw: `Location /policies/p${n}`, evidence: [evidence] },
      ],
      remarks: [],
    },
    cause: { kind: 'undetermined' },
    peers: [{ name: 'consumer', filledBy: 'tester', id: 'non-rt-ric', version: '0.1.0' }],
    transports: { a1: 'http/1.1 tls1.3' },
    fitness: { fit: true, checks: [{ id: 'clock', fit: true, saw: 'within 1 ms' }] },
    measurements: [{ name: 'responseTime', value: n / 8, unit: 'ms', max: 2000 }],
    evidence: [{ digest: digest(n), mediaType: 'application/x-ndjson', role: 'exchange', bytes: 1234 }],
  };
}
