import { describe, expect, it } from 'vitest';
import { checkOutcome, type Outcome } from '../../../src/domain/case-record.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';

const PLAN = { clauses: [{ id: 'status' }, { id: 'body' }], rule: 'all' };
const judged = (verdict: Verdict, clauses: Readonly<Record<string, Verdict>>, why = false): Outcome => ({
  kind: 'judged',
  verdict,
  clauses: Object.entries(clauses).map(([id, of]) => ({ id, verdict: of, evidence: [] })),
  remarks: [],
  ...(why ? { reason: { code: 'DEADLINE', text: 'too long' } } : {}),
});

describe('checkOutcome', () => {
  it.each<[string, Outcome]>([
    ['what follows', judged('fail', { status: 'pass', body: 'fail' })],
    ['an error over a fail, with clauses missing', judged('error', { status: 'fail' })],
    ['a reasoned inconc where nothing failed', judged('inconc', { status: 'pass', body: 'none' }, true)],
    [
      'a disposition',
      { kind: 'notJudged', disposition: 'blocked', reason: { code: 'PRECONDITION_FAILED', text: '' } },
    ],
  ])('accepts %s', (_, outcome) => {
    expect(checkOutcome(outcome, PLAN).ok).toBe(true);
  });

  it.each<[string, Outcome]>([
    ['a verdict better than its clauses', judged('pass', { status: 'pass', body: 'fail' })],
    ['a verdict worse than its clauses', judged('fail', { status: 'pass', body: 'pass' })],
    ['a fail turned into inconc', judged('inconc', { status: 'fail', body: 'pass' }, true)],
    ['inconc without a reason', judged('inconc', { status: 'pass', body: 'pass' })],
    ['a clause that is missing', judged('pass', { status: 'pass' })],
    ['a foreign clause', judged('pass', { status: 'pass', body: 'pass', extra: 'pass' })],
    [
      'a clause judged twice',
      {
        kind: 'judged',
        verdict: 'pass',
        remarks: [],
        clauses: ['status', 'status', 'body'].map((id) => ({ id, verdict: 'pass', evidence: [] })),
      },
    ],
  ])('refuses %s', (_, outcome) => {
    expect(checkOutcome(outcome, PLAN).ok).toBe(false);
  });
});
