import { describe, expect, it } from 'vitest';
import { type CaseStatus, countFindings, decideResult } from '../../../../src/attest/format/outcome.ts';
import { type Finding, FINDINGS } from '../../../../src/domain/verdict.ts';

const results = (status: CaseStatus): Record<string, string> =>
  Object.fromEntries(
    FINDINGS.map((finding) => [
      finding,
      decideResult([
        { status: 'mandatory', finding: 'pass' },
        { status, finding },
      ]),
    ]),
  );
const none = 'INCONCLUSIVE';
const all = (other: string): Record<Finding, string> =>
  Object.fromEntries(FINDINGS.map((finding) => [finding, other])) as Record<Finding, string>;

describe('the decision rule, beside a mandatory case that passes', () => {
  it('lets a mandatory case do nothing but pass', () => {
    expect(results('mandatory')).toEqual({ ...all(none), pass: 'PASS', fail: 'FAIL' });
  });

  it('lets a conditionally mandatory case not apply', () => {
    expect(results('conditionally.mandatory')).toEqual({
      ...all(none),
      pass: 'PASS',
      notApplicable: 'PASS',
      fail: 'FAIL',
    });
  });

  it('lets an optional case do anything but fail', () => {
    expect(results('optional')).toEqual({ ...all('PASS'), fail: 'FAIL' });
  });

  it('never passes when nothing that decides has passed', () => {
    expect(decideResult([])).toBe(none);
    expect(decideResult([{ status: 'optional', finding: 'pass' }])).toBe(none);
    expect(decideResult([{ status: 'conditionally.mandatory', finding: 'notApplicable' }])).toBe(none);
  });

  it('counts every finding, also those that do not occur', () => {
    expect(countFindings(['pass', 'pass', 'blocked'])).toEqual({
      ...all('0'),
      ...zeros(),
      pass: 2,
      blocked: 1,
    });
  });
});

function zeros(): Record<string, number> {
  return Object.fromEntries(FINDINGS.map((finding) => [finding, 0]));
}
