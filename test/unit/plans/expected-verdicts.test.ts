import { describe, expect, it } from 'vitest';
import type { CaseId } from '../../../src/domain/ids.ts';
import type { Outcome } from '../../../src/domain/case-record.ts';
import { renderPath } from '../../../src/documents/problem.ts';
import type { ExpectedFile } from '../../../src/plans/expected-file.ts';
import {
  checkExpected,
  differenceFrom,
  expectationsFor,
  expectedOf,
} from '../../../src/plans/expected-verdicts.ts';
import { aPlan, aPlanCase } from '../../support/plans.ts';

const clauses = ['status', 'location'].map((id) => ({ id, expects: 'x' }));
const plan = aPlan({
  cases: [aPlanCase({ id: 'T-001' as CaseId, clauses }), aPlanCase({ id: 'T-002' as CaseId, clauses })],
});
const simulators = new Map([['near-rt-ric', { defects: { 'wrong-status': 'answers 200' } }]]);

const file = (changes: Partial<ExpectedFile> = {}): ExpectedFile => ({
  apiVersion: 'patchbay/v1',
  kind: 'ExpectedVerdicts',
  plan: 'a-plan',
  subject: 'near-rt-ric',
  correct: { 'T-002': { verdict: 'notApplicable' } },
  defects: { 'wrong-status': { 'T-001': { verdict: 'fail', clauses: { status: 'fail' } } } },
  ...changes,
});
const mistakes = (changes: Partial<ExpectedFile>): readonly string[] =>
  checkExpected(file(changes), plan, simulators).map(({ at, what }) => `${renderPath(at)}: ${what}`);

describe('expected.yaml', () => {
  it('is good', () => {
    expect(mistakes({})).toEqual([]);
  });

  it.each<[string, Partial<ExpectedFile>, string]>([
    ['another plan', { plan: 'b' }, 'plan: must be "a-plan", like the plan beside it'],
    [
      'an unknown defect mode',
      { defects: { 'wrong-statu': {} } },
      'defects.wrong-statu: no defect mode is called "wrong-statu", did you mean "wrong-status"?',
    ],
    [
      'a defect mode of a stranger',
      { defects: { 'x/wrong-status': {} } },
      'defects["x/wrong-status"]: "x" is no subject here; they are near-rt-ric',
    ],
    [
      'an unknown case',
      { correct: { 'T-009': { verdict: 'fail' } } },
      'correct.T-009: the plan has no case "T-009", did you mean "T-001"?',
    ],
    [
      'an unknown clause',
      { correct: { 'T-001': { verdict: 'fail', clauses: { x: 'fail' } } } },
      'correct.T-001.clauses.x: case T-001 has no clause "x"',
    ],
    [
      'a verdict that does not follow',
      { correct: { 'T-001': { verdict: 'pass', clauses: { status: 'fail' } } } },
      'correct.T-001.verdict: the clauses named make fail, not pass',
    ],
    [
      'clauses of what is not judged',
      { correct: { 'T-001': { verdict: 'blocked', clauses: { status: 'fail' } } } },
      'correct.T-001.clauses: a case that is blocked has no clauses',
    ],
  ])('refuses %s', (_, changes, expected) => {
    expect(mistakes(changes)).toEqual([expected]);
  });

  it('says what each case comes to', () => {
    const expected = expectedOf(file());
    expect(Object.fromEntries(expectationsFor(expected, plan))).toEqual({
      'T-001': { verdict: 'pass' },
      'T-002': { verdict: 'notApplicable' },
    });
    expect(expectationsFor(expected, plan, 'wrong-status').get('T-001' as CaseId)).toEqual({
      verdict: 'fail',
      clauses: { status: 'fail' },
    });
  });

  it('names the difference', () => {
    const judged = (verdict: 'pass' | 'fail', status: 'pass' | 'fail' | 'none'): Outcome => ({
      kind: 'judged',
      verdict,
      clauses: [{ id: 'status', verdict: status, evidence: [] }],
      remarks: [],
    });
    const fails = { verdict: 'fail', clauses: { status: 'fail' } } as const;
    expect(differenceFrom(fails, judged('fail', 'fail'))).toBeUndefined();
    expect(differenceFrom(fails, judged('fail', 'pass'))).toBe('clause status pass instead of fail');
    expect(differenceFrom({ verdict: 'pass' }, judged('fail', 'fail'))).toBe('fail instead of pass');
    expect(differenceFrom({ verdict: 'pass' }, judged('pass', 'none'))).toBeUndefined();
  });
});
