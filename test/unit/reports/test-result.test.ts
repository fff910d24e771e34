import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/case-record.ts';
import { renderTestResult } from '../../../src/reports/test-result.ts';
import {
  aCase,
  aPlan,
  aRecord,
  aReportedRun,
  aStatement,
  blocked,
  broken,
  failed,
  notApplicable,
  passed,
} from '../../support/reports.ts';

const inconclusive: Outcome = {
  kind: 'judged',
  verdict: 'inconc',
  clauses: [],
  remarks: [],
  reason: { code: 'SIMULATOR_FAILED', text: 'no trace' },
};

interface TestResult {
  readonly subject: unknown;
  readonly predicate: {
    readonly result: string;
    readonly configuration: readonly { readonly digest: { readonly sha256: string } }[];
    readonly passedTests: readonly string[];
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly string[];
  };
}

function testResultOf(rendered: ReturnType<typeof aStatement>): TestResult {
  return JSON.parse(new TextDecoder().decode(renderTestResult(rendered))) as TestResult;
}

/** A report on one mandatory case that passed and one more case. */
function withCase(outcome: Outcome, requirement: 'M' | 'CM' | 'O'): TestResult['predicate'] {
  const cases = [aCase('A1-001'), aCase('A1-002', { requirement })];
  const records = [aRecord('run-1', 'A1-001', passed), aRecord('run-1', 'A1-002', outcome)];
  const run = { ...aReportedRun('run-1', records), plan: aPlan({ cases }) };
  return testResultOf(aStatement({ runs: [run] })).predicate;
}

describe('test-result/v0.1', () => {
  it('names the report it is made from, and the same subject', () => {
    const rendered = aStatement();
    const { subject, predicate } = testResultOf(rendered);
    expect(predicate.configuration.map(({ digest }) => digest.sha256)).toEqual([rendered.digest]);
    expect(subject).toEqual(rendered.statement.subject);
  });

  it.each([
    { finding: 'pass', outcome: passed, requirement: 'O', result: 'PASSED' },
    { finding: 'notApplicable', outcome: notApplicable, requirement: 'CM', result: 'PASSED' },
    { finding: 'blocked', outcome: blocked, requirement: 'O', result: 'PASSED' },
    { finding: 'blocked', outcome: blocked, requirement: 'M', result: 'FAILED' },
    { finding: 'notApplicable', outcome: notApplicable, requirement: 'M', result: 'FAILED' },
    { finding: 'fail', outcome: failed, requirement: 'O', result: 'FAILED' },
    { finding: 'error', outcome: broken, requirement: 'O', result: 'FAILED' },
    { finding: 'inconc', outcome: inconclusive, requirement: 'O', result: 'FAILED' },
  ] as const)(
    'is $result with a case $requirement that came to $finding',
    ({ finding, outcome, requirement, result }) => {
      const predicate = withCase(outcome, requirement);
      expect(predicate.result).toBe(result);
      expect(predicate.passedTests).toHaveLength(finding === 'pass' ? 2 : 1);
      expect(predicate.failedTests).toHaveLength(['fail', 'error', 'inconc'].includes(finding) ? 1 : 0);
      expect(predicate.warnedTests).toEqual([]);
    },
  );
});
