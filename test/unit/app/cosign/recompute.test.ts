import { describe, expect, it } from 'vitest';
import { recomputeCase } from '../../../../src/app/cosign/recompute.ts';
import type { CaseEntry } from '../../../../src/attest/format/statement.ts';
import type { Finding } from '../../../../src/domain/verdict.ts';
import type { Json } from '../../../../src/kernel/json.ts';
import { aCase, aRecord, failed, notApplicable, passed } from '../../../support/reports.ts';

const NUMBER = 'a1-producer:A1-003';
const NONE: ReadonlyMap<string, Finding> = new Map();

interface Detail {
  number: string;
  case: Record<string, unknown>;
  override: unknown;
  attempts: { n: number; finding: string; record: Record<string, unknown> | null }[];
}

/** The detail of a case that was broken first and failed then, as a report discloses it. */
function aDetail(change: (detail: Detail) => unknown = () => undefined): Json {
  const detail = {
    number: NUMBER,
    case: aCase('A1-003'),
    override: null,
    attempts: [
      { n: 1, finding: 'notRun', record: null },
      { n: 2, finding: 'fail', record: aRecord('run-2', 'A1-003', failed) },
    ],
  };
  const copy = JSON.parse(JSON.stringify(detail)) as Detail;
  change(copy);
  return copy as unknown as Json;
}

const entry = (finding: Finding = 'fail', status: CaseEntry[1] = 'mandatory'): CaseEntry => [
  NUMBER,
  status,
  finding,
  { '...': 'x' },
];
const record = (detail: Detail): Record<string, unknown> => detail.attempts[1]?.record ?? {};

describe('a case that a co-signer judges anew', () => {
  it('comes to what its records make', () => {
    expect(recomputeCase(entry(), aDetail(), NONE)).toEqual({
      ok: true,
      value: {
        ...{ number: NUMBER, status: 'mandatory', finding: 'fail', machine: null },
        ...{ attempts: 2, clauses: 2 },
      },
    });
  });

  it('may have no verdict', () => {
    const detail = aDetail(({ attempts }) =>
      attempts.splice(1, 1, {
        ...{ n: 2, finding: 'notApplicable' },
        record: JSON.parse(JSON.stringify(aRecord('run-2', 'A1-003', notApplicable))) as Record<
          string,
          unknown
        >,
      }),
    );
    expect(recomputeCase(entry('notApplicable'), detail, NONE)).toMatchObject({ ok: true });
  });

  it('may be decided by a person, for all to see', () => {
    const detail = aDetail((one) => (one.override = { finding: 'pass', reason: 'the analyser was off' }));
    const shown = new Map<string, Finding>([[NUMBER, 'fail']]);
    expect(recomputeCase(entry('pass'), detail, shown)).toMatchObject({
      ok: true,
      value: { finding: 'pass', machine: 'fail' },
    });
    expect(recomputeCase(entry('pass'), detail, NONE).ok).toBe(false);
    expect(recomputeCase(entry('pass'), detail, new Map([[NUMBER, 'inconc']])).ok).toBe(false);
    expect(recomputeCase(entry('fail'), detail, shown).ok).toBe(false);
    expect(recomputeCase(entry('fail'), aDetail(), shown).ok).toBe(false);
  });

  it.each<[string, CaseEntry, (detail: Detail) => unknown]>([
    ['another finding in the cover', entry('pass'), () => undefined],
    ['another status in the cover', entry('fail', 'optional'), () => undefined],
    ['the detail of another case', entry(), (one) => (one.number = 'a1-producer:A1-001')],
    ['the record of another case', entry(), (one) => (record(one)['case'] = 'A1-001')],
    [
      'a verdict that its clauses do not make',
      entry('pass'),
      (one) => {
        record(one)['outcome'] = { ...failed, verdict: 'pass' };
        one.attempts.splice(1, 1, { n: 2, finding: 'pass', record: record(one) });
      },
    ],
    [
      'a clause left out',
      entry('pass'),
      (one) => {
        record(one)['outcome'] = { ...passed, clauses: passed.clauses.slice(1) };
        one.attempts.splice(1, 1, { n: 2, finding: 'pass', record: record(one) });
      },
    ],
    ['a clause that is not in the plan', entry(), (one) => (one.case['clauses'] = [{ id: 'status' }])],
    ['a rule that is none', entry(), (one) => (one.case['rule'] = 'most')],
    [
      'an attempt that says otherwise than its record',
      entry(),
      (one) => one.attempts.splice(0, 1, { n: 1, finding: 'pass', record: null }),
    ],
    ['attempts out of order', entry(), (one) => one.attempts.reverse()],
    ['no attempt', entry(), (one) => (one.attempts = [])],
    ['an outcome of no kind', entry(), (one) => (record(one)['outcome'] = { kind: 'guessed' })],
    ['a verdict of no kind', entry(), (one) => (record(one)['outcome'] = { ...failed, verdict: 'good' })],
    ['clauses that are no list', entry(), (one) => (record(one)['outcome'] = { ...failed, clauses: {} })],
    ['a requirement of no kind', entry(), (one) => (one.case['requirement'] = 'MUST')],
    ['an override without a finding', entry(), (one) => (one.override = {})],
    ['an override that is left out', entry(), (one) => (one.override = undefined)],
    ['a case of the plan that is missing', entry(), (one) => (one.case = {})],
  ])('is refused with %s', (_, cover, change) => {
    expect(recomputeCase(cover, aDetail(change), NONE).ok).toBe(false);
  });

  it.each<[string, Json]>([
    ['nothing', null],
    ['a text', 'detail'],
    ['a list', []],
  ])('is refused when its detail is %s', (_, detail) => {
    expect(recomputeCase(entry(), detail, NONE).ok).toBe(false);
  });
});
