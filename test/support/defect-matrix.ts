import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATORS } from '../../src/app/catalogue.ts';
import type { CaseRecord } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { TestPlan } from '../../src/domain/plan.ts';
import type { Json } from '../../src/kernel/json.ts';
import { differenceFrom, expectationsFor, expectedOf } from '../../src/plans/expected-verdicts.ts';
import { type House, openHouse, shippedPlan, type Sut, withParameters } from './e2e-house.ts';
import { anEquipment } from './things.ts';

/** Whether every defect of every plan is looked at. */
const ALL_DEFECTS = process.env['PATCHBAY_DEFECTS'] === 'all';
const WITHIN_MS = ALL_DEFECTS ? 900_000 : 240_000;

interface Row {
  readonly name: string;
  /** As `expected.yaml` names it; undefined for the correct simulators. */
  readonly defect?: string;
  readonly settings?: Readonly<Record<string, Json>>;
}

export interface Matrix {
  readonly plan: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly correct: readonly Row[];
  readonly settings: Readonly<Record<string, Json>>;
  /** Of simulators that need some to meet the others, by their names. */
  readonly simulators?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Defects that no message shows to be those of one product. */
  readonly unattributed?: readonly string[];
  /** Defects that the suite looks at; the others are for `npm run golden:all`. Absent: all of them. */
  readonly inSuite?: readonly string[];
}

/** Every row of every matrix through orchestrator, leases and gRPC, against simulators that are processes. */
export function testDefects(matrices: readonly Matrix[]): void {
  let house: House;

  beforeAll(async () => {
    house = await openHouse({ slots: 4 });
  });

  afterAll(async () => {
    await house[Symbol.asyncDispose]();
  });

  describe.each(matrices)('$plan against our own simulators', (matrix) => testMatrix(matrix, () => house));
}

async function testMatrix(matrix: Matrix, house: () => House): Promise<void> {
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
    records = await house().test(
      plan,
      rows.map((row, index) =>
        sutFor(plan, expected.subjects, { ...row, index, simulators: matrix.simulators ?? {} }),
      ),
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
      for (const { outcome } of failed)
        for (const { id, blames } of outcome.kind === 'judged' ? outcome.clauses : [])
          if (blames !== undefined)
            expect({ name, id, blames }).toMatchObject({
              blames: expect.stringContaining(`${owner}-`) as string,
            });
      const isOpen = defect !== undefined && matrix.unattributed?.includes(defect) === true;
      for (const { cause } of failed)
        if (isOpen) expect({ name, ...cause }).toEqual({ name, kind: 'undetermined' });
        else
          expect({ name, ...cause }).toMatchObject({
            name,
            kind: 'product',
            attributedTo: expect.stringContaining(`${owner}-`) as string,
          });
    }
  });
}

interface Needed {
  readonly index: number;
  readonly simulators: NonNullable<Matrix['simulators']>;
}

/** One item of equipment for each simulator; the one that the defect is of has it. */
function sutFor(
  plan: TestPlan,
  simulators: readonly string[],
  { index, name, defect, settings = {}, simulators: needs }: Row & Needed,
): Sut {
  const owner = defect === undefined ? null : ownerOf(simulators, defect);
  const subjects = simulators.map((simulator): Equipment => {
    const facts = SIMULATORS.get(simulator);
    if (facts === undefined) throw new Error(`no simulator is called ${simulator}`);
    const defects = defect !== undefined && simulator === owner ? [defect.replace(/^.*\//u, '')] : [];
    return anEquipment(`acme/${simulator}-${plan.id}-${index}`, {
      role: facts.role,
      simulator: {
        name: simulator,
        defects,
        settings: simulator === 'near-rt-ric' ? settings : (needs[simulator] ?? {}),
      },
      ...(settings['oauth'] === true
        ? { ics: { 'security.tls': true, 'security.mutualTls': true, 'security.oauth': true } }
        : {}),
    });
  });
  return { name, subjects };
}

export function ownerOf(simulators: readonly string[], defect: string): string {
  const [owner, rest] = defect.split('/');
  return rest === undefined || owner === undefined ? (simulators[0] ?? '') : owner;
}
