import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATORS } from '../../src/app/catalogue.ts';
import type { CaseRecord } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { TestPlan } from '../../src/domain/plan.ts';
import type { Json } from '../../src/kernel/json.ts';
import { differenceFrom, expectationsFor, expectedOf } from '../../src/plans/expected-verdicts.ts';
import { type House, openHouse, shippedPlan, type Sut, withParameters } from '../support/e2e-house.ts';
import { anEquipment } from '../support/things.ts';

/** As a product that does not answer, or not in time, is found sooner; nothing else waits for these. */
const SHORT = { responseTimeMs: 1500, notificationWithinMs: 1500, triggerWithinMs: 1000, settleMs: 150 };
/** On a busy machine indications come in bunches; the defect that is about time is twice too slow. */
const E2_SHORT = {
  answerWithinMs: 1500,
  triggerWithinMs: 3000,
  retryWithinMs: 4000,
  graceMs: 60,
  tolerance: 60,
};
const SLOW: Readonly<Record<string, Json>> = { slowMs: 2500 };
const SECURED = { tls: true, mutualTls: true, oauth: true };
/** Whether every defect of every plan is looked at. */
const ALL_DEFECTS = process.env['PATCHBAY_DEFECTS'] === 'all';
const WITHIN_MS = ALL_DEFECTS ? 900_000 : 240_000;

interface Row {
  readonly name: string;
  /** As `expected.yaml` names it; undefined for the correct simulators. */
  readonly defect?: string;
  readonly settings?: Readonly<Record<string, Json>>;
}

interface Matrix {
  readonly plan: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly correct: readonly Row[];
  readonly settings: Readonly<Record<string, Json>>;
  /** Defects that the suite looks at; the others are for `npm run golden:all`. Absent: all of them. */
  readonly inSuite?: readonly string[];
}

const MATRICES: readonly Matrix[] = [
  {
    plan: 'a1-producer',
    parameters: SHORT,
    correct: [
      { name: 'correct over HTTP' },
      { name: 'correct over HTTPS', settings: { tls: true } },
      { name: 'correct over mutual TLS', settings: { tls: true, mutualTls: true } },
      { name: 'correct with tokens', settings: SECURED },
      { name: 'correct below another path', settings: { basePath: '/deep/er' } },
    ],
    settings: SLOW,
  },
  { plan: 'a1-consumer', parameters: SHORT, correct: [{ name: 'correct' }], settings: {} },
  {
    plan: 'a1-pair',
    parameters: SHORT,
    correct: [
      { name: 'correct over HTTP' },
      { name: 'correct over mutual TLS', settings: { tls: true, mutualTls: true } },
    ],
    settings: SLOW,
  },
  {
    // No defect here is about time, so that a busy machine must not be one.
    plan: 'api-security',
    parameters: { responseTimeMs: 10_000, oversizeBytes: 512 * 1024 },
    correct: [{ name: 'correct', settings: SECURED }],
    settings: SECURED,
  },
  {
    plan: 'e2-ric',
    parameters: { responseTimeMs: 1500, settleMs: 150, watchMs: 800 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['aborts-on-malformed', 'wrong-transaction-id'],
  },
  {
    plan: 'e2-node',
    parameters: { ...E2_SHORT, periodMs: 100, periods: 3, settleMs: 250, maxRetriesCount: 3 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['time-to-wait-ignored', 'criticality-ignored'],
  },
  {
    plan: 'e2-pair',
    parameters: { ...E2_SHORT, periodMs: 200, periods: 4, settleMs: 200 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['near-rt-ric-e2/wrong-transaction-id', 'e2-node/kpm-timestamp-4-octets'],
  },
];

let house: House;

beforeAll(async () => {
  house = await openHouse({ slots: 4 });
});

afterAll(async () => {
  await house[Symbol.asyncDispose]();
});

describe.each(MATRICES)('$plan against our own simulators', async (matrix) => {
  const { plan: shipped, expected: document } = await shippedPlan(matrix.plan);
  if (document === null) throw new Error(`${matrix.plan} has no expected.yaml`);
  const expected = expectedOf(document.value);
  const plan = withParameters(shipped, matrix.parameters);
  const { inSuite } = matrix;
  const defects = Object.keys(expected.defects).filter(
    (defect) => ALL_DEFECTS || inSuite === undefined || inSuite.includes(defect),
  );
  const rows: readonly Row[] = [
    ...matrix.correct,
    ...defects.map((defect) => ({ name: defect, defect, settings: matrix.settings })),
  ];
  let records: ReadonlyMap<string, readonly CaseRecord[]>;

  beforeAll(async () => {
    records = await house.test(
      plan,
      rows.map((row, index) => sutFor(plan, expected.subjects, { ...row, index })),
    );
  }, WITHIN_MS);

  it.each(rows)('$name gives exactly what is expected', ({ name, defect }) => {
    const seen = new Map((records.get(name) ?? []).map((record) => [record.case, record.outcome]));
    const differences = [...expectationsFor(expected, plan, defect)].flatMap(([id, expectation]) => {
      const outcome = seen.get(id);
      const difference = outcome === undefined ? 'no record' : differenceFrom(expectation, outcome);
      return difference === undefined ? [] : [`${id}: ${difference} ${JSON.stringify(outcome)}`];
    });
    expect(differences).toEqual([]);
  });

  it.each(matrix.correct)('$name leaves no clause undecided', ({ name }) => {
    const outcomes = (records.get(name) ?? []).map(({ outcome }) => outcome);
    const clauses = outcomes.flatMap((outcome) => (outcome.kind === 'judged' ? outcome.clauses : []));
    expect(clauses.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(clauses).toHaveLength(plan.cases.flatMap((one) => one.clauses).length);
  });

  it('blames the product that has the defect, and nobody else', () => {
    for (const { name, defect } of rows) {
      const failed = (records.get(name) ?? []).filter(
        ({ outcome }) => outcome.kind === 'judged' && outcome.verdict === 'fail',
      );
      const owner = defect === undefined ? undefined : ownerOf(expected.subjects, defect);
      for (const { cause } of failed)
        expect({ name, ...cause }).toMatchObject({
          name,
          kind: 'product',
          attributedTo: expect.stringContaining(`${owner}-`) as string,
        });
    }
  });
});

it('every defect mode of every simulator is seen by a plan', async () => {
  const seen = new Set<string>();
  for (const { plan } of MATRICES) {
    const { expected } = await shippedPlan(plan);
    const { subjects, defects } = expectedOf(expected?.value ?? raise(`${plan} has no expected.yaml`));
    for (const [defect, cases] of Object.entries(defects))
      if (Object.keys(cases).length > 0)
        seen.add(`${ownerOf(subjects, defect)}/${defect.replace(/^.*\//u, '')}`);
  }
  const all = [...SIMULATORS].flatMap(([name, { defects }]) =>
    Object.keys(defects).map((defect) => `${name}/${defect}`),
  );
  expect([...seen].sort()).toEqual(all.sort());
});

function raise(what: string): never {
  throw new Error(what);
}

/** One item of equipment for each simulator; the one that the defect is of has it. */
function sutFor(
  plan: TestPlan,
  simulators: readonly string[],
  { index, name, defect, settings = {} }: Row & { index: number },
): Sut {
  const owner = defect === undefined ? null : ownerOf(simulators, defect);
  const subjects = simulators.map((simulator): Equipment => {
    const facts = SIMULATORS.get(simulator);
    if (facts === undefined) throw new Error(`no simulator is called ${simulator}`);
    const defects = defect !== undefined && simulator === owner ? [defect.replace(/^.*\//u, '')] : [];
    return anEquipment(`acme/${simulator}-${plan.id}-${index}`, {
      role: facts.role,
      simulator: { name: simulator, defects, settings: simulator === 'near-rt-ric' ? settings : {} },
      ...(settings['oauth'] === true
        ? { ics: { 'security.tls': true, 'security.mutualTls': true, 'security.oauth': true } }
        : {}),
    });
  });
  return { name, subjects };
}

function ownerOf(simulators: readonly string[], defect: string): string {
  const [owner, rest] = defect.split('/');
  return rest === undefined || owner === undefined ? (simulators[0] ?? '') : owner;
}
