import { expect, it } from 'vitest';
import type { CaseRecord, ClauseJudgement } from '../../../src/domain/case-record.ts';
import type { EquipmentId } from '../../../src/domain/ids.ts';
import { sideVerdicts } from '../../../src/domain/side-verdicts.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';

const [A, B] = ['acme/a' as EquipmentId, 'other/b' as EquipmentId];
const BOTH = [A, B];

function aRecord(
  verdict: Verdict,
  clauses: readonly Omit<ClauseJudgement, 'evidence'>[],
  attributedTo?: EquipmentId,
): Pick<CaseRecord, 'outcome' | 'cause'> {
  return {
    outcome: {
      kind: 'judged',
      ...{ verdict, remarks: [] },
      clauses: clauses.map((clause) => ({ ...clause, evidence: [] })),
    },
    cause: attributedTo === undefined ? { kind: 'undetermined' } : { kind: 'product', attributedTo },
  };
}

it('fails the side that a clause blames, with that clause, and not the other one', () => {
  const record = aRecord(
    'fail',
    [
      { id: 'setup', verdict: 'pass' },
      { id: 'order', verdict: 'fail', blames: B },
    ],
    B,
  );
  expect(sideVerdicts(record, BOTH)).toMatchObject([
    { product: A, verdict: 'pass', leftFirst: false, because: null },
    { product: B, verdict: 'fail', leftFirst: true, because: { id: 'order' } },
  ]);
});

it('says who was first where both have left the rules', () => {
  const clauses = [
    { id: 'speech', verdict: 'fail', blames: A },
    { id: 'rules', verdict: 'fail', blames: B },
  ] as const;
  expect(sideVerdicts(aRecord('fail', clauses, B), BOTH)).toMatchObject([
    { verdict: 'fail', leftFirst: false },
    { verdict: 'fail', leftFirst: true },
  ]);
});

it('takes the cause of records whose clauses name nobody', () => {
  const [first, second] = sideVerdicts(aRecord('fail', [{ id: 'setup', verdict: 'fail' }], A), BOTH);
  expect([first?.verdict, first?.because?.id, second?.verdict]).toEqual(['fail', 'setup', 'pass']);
});

it('leaves it open whose failure it is when no clause shows that', () => {
  const record = aRecord('fail', [{ id: 'ping', verdict: 'fail' }]);
  expect(sideVerdicts(record, BOTH)).toMatchObject([
    { verdict: 'inconc', leftFirst: false, because: null },
    { verdict: 'inconc', leftFirst: false, because: null },
  ]);
});

it('passes what is undecided on, and says nothing of single products', () => {
  expect(sideVerdicts(aRecord('inconc', []), BOTH).map(({ verdict }) => verdict)).toEqual([
    'inconc',
    'inconc',
  ]);
  expect(sideVerdicts(aRecord('pass', []), [A])).toEqual([]);
});
