import { describe, expect, it } from 'vitest';
import { eligibilityOf, renderEligibility } from '../../../src/app/eligibility.ts';
import type { EquipmentId, OrganisationId } from '../../../src/domain/ids.ts';
import type { TestPlan } from '../../../src/domain/plan.ts';
import { computeEligibility } from '../../../src/reports/eligibility.ts';
import type { ReportInput } from '../../../src/reports/input.ts';
import {
  aCase,
  anEquipment,
  aPlan,
  aRecord,
  aReportedRun,
  failed,
  notApplicable,
  passed,
} from '../../support/reports.ts';
import { aSignedReport, check } from '../../support/signed-report.ts';

const reference = (version: string, document = 'O-RAN.WG4.CONF.0') => ({
  ...{ body: 'O-RAN', document, version, clause: '3.1', confidence: 'read' as const },
});
const conformance = (id: string, changes: Parameters<typeof aCase>[1] = {}) =>
  aCase(id, { references: [reference('v10.00')], ...changes });
const oDuPlan = (changes: Partial<TestPlan> = {}): TestPlan =>
  aPlan({
    subjects: [{ role: 'o-du', interfaces: ['open-fronthaul-m'] }],
    cases: [
      conformance('M-1'),
      conformance('M-2', { requirement: 'CM' }),
      conformance('O-1', { requirement: 'O' }),
    ],
    ...changes,
  });
const oDu = anEquipment({ role: 'o-du' });

function anInput(plan: TestPlan, outcomes: readonly (typeof passed)[], changes: Partial<ReportInput> = {}) {
  const peers = [{ name: 'o-ru', filledBy: 'equipment', id: 'x/ru', version: '1' }] as const;
  const records = plan.cases.map(({ id }, index) =>
    aRecord('run-1', id, outcomes[index] ?? passed, { peers }),
  );
  return { subjects: [oDu], runs: [{ ...aReportedRun('run-1', records), plan }], ...changes };
}

async function judge(input: Partial<ReportInput>, who: string | null = 'lab-north') {
  const signed = await aSignedReport(input);
  const disclosures = who === null ? undefined : signed.rendered.disclosures.get(who);
  const verification = check(signed, disclosures === undefined ? {} : { disclosures });
  if (verification.status === 'refused') throw new Error(verification.reasons[0].text);
  const result = computeEligibility(verification);
  const [first] = result.awards;
  const not = (first?.conditions ?? [])
    .filter(({ state }) => state !== 'met')
    .map(({ id, state }) => [id, state]);
  return { result, first, not, text: renderEligibility(eligibilityOf(verification)) };
}

describe('eligibility for a certificate', () => {
  it('is there when all that decides passed, on equipment, by the standard, in one edition', async () => {
    const { first, not, text } = await judge(
      anInput(oDuPlan(), [passed, notApplicable as typeof passed, passed]),
    );
    expect(not).toEqual([]);
    expect(first).toMatchObject({ rule: 'certificate-o-du-open-fronthaul', state: 'eligible' });
    expect(text).toContain('Certificate, o-du, Open Fronthaul: eligible');
    expect(text).not.toContain('certified');
  });

  it.each<[string, Partial<ReportInput>, readonly (readonly string[])[]]>([
    ['a mandatory case failed', anInput(oDuPlan(), [failed]), [['cases', 'notMet']]],
    ['an optional case failed', anInput(oDuPlan(), [passed, passed, failed]), []],
    [
      'a mandatory case does not apply',
      anInput(oDuPlan(), [notApplicable as typeof passed]),
      [['cases', 'notMet']],
    ],
    [
      'editions are mixed',
      anInput(
        oDuPlan({ cases: [conformance('M-1'), aCase('M-2', { references: [reference('v09.00')] })] }),
        [],
      ),
      [['edition', 'notMet']],
    ],
    [
      'it is another specification',
      anInput(oDuPlan({ cases: [aCase('M-1')] }), []),
      [
        ['specification', 'notMet'],
        ['edition', 'notMet'],
      ],
    ],
    [
      'a procedure was adapted',
      anInput(oDuPlan({ cases: [conformance('M-1', { level: 'S2', adaptation: 'no chamber' })] }), []),
      [['procedures', 'notMet']],
    ],
    [
      'the product is a simulator',
      anInput(oDuPlan(), [], { subjects: [{ ...oDu, simulator: { name: 'o-du', defects: [] } }] }),
      [['equipment', 'notMet']],
    ],
    [
      'the product has another role',
      anInput(oDuPlan(), [], { subjects: [anEquipment({ role: 'o-ru' })] }),
      [['roles', 'notMet']],
    ],
  ])('says why not when %s', async (_, input, expected) => {
    const { first, not } = await judge(input);
    expect(not).toEqual(expected);
    expect(first?.state).toBe(expected.length === 0 ? 'eligible' : 'not eligible');
  });

  it('is undecided, never met, of what was not disclosed', async () => {
    const { first, not } = await judge(anInput(oDuPlan(), []), null);
    expect(first?.state).toBe('undecided');
    expect(not).toEqual([
      ['roles', 'undecided'],
      ['procedures', 'undecided'],
      ['equipment', 'undecided'],
    ]);
    const worse = await judge(anInput(oDuPlan(), [failed]), null);
    expect(worse.first?.state).toBe('not eligible');
  });

  it('of an O-RU asks for a radio scenario that no report names', async () => {
    const plan = oDuPlan({ subjects: [{ role: 'o-ru', interfaces: ['open-fronthaul-m'] }] });
    const { first } = await judge(anInput(plan, [], { subjects: [anEquipment({ role: 'o-ru' })] }));
    expect(first?.state).toBe('undecided');
  });
});

describe('eligibility for a badge', () => {
  const pair = oDuPlan({
    planKind: 'pairwise',
    subjects: [
      { role: 'o-cu-cp', interfaces: ['f1'] },
      { role: 'o-du', interfaces: ['f1'] },
    ],
    cases: [aCase('F-1', { references: [reference('v05', 'O-RAN.WG5.IOT.0')] })],
  });
  const cu = anEquipment({
    id: 'beta/cu' as EquipmentId,
    organisation: 'beta' as OrganisationId,
    role: 'o-cu-cp',
  });
  const input = anInput(pair, [], { subjects: [cu, oDu] });

  it('needs the pair, and is undecided for a vendor who sees one half of it', async () => {
    expect((await judge(input)).first).toMatchObject({ rule: 'iot-badge-f1', state: 'eligible' });
    expect((await judge(input, 'beta')).not).toEqual([
      ['roles', 'undecided'],
      ['equipment', 'undecided'],
    ]);
  });

  it('is not there for interfaces that have none', async () => {
    const { result, text } = await judge({});
    expect(result).toEqual({ awards: [], withoutAward: ['near-rt-ric.a1'] });
    expect(text).toContain('near-rt-ric.a1: there is no award for this interface');
  });
});
