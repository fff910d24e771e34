import { type Finding, FINDINGS } from '../domain/verdict.ts';

/** What one of our findings is called where others count verdicts. */
export interface Words {
  /** ETSI ES 201 873-1; it has no word for what was not judged. */
  readonly ttcn3: 'none' | 'pass' | 'inconc' | 'fail' | 'error' | '–';
  /** The words of the O-RAN ALLIANCE for a case. WARN is not ours: we have no pass with a warning. */
  readonly oran: 'PASS' | 'FAIL' | 'SKIP';
  /** The summary and test report templates of the O-RAN badging process. */
  readonly badge: 'Pass' | 'Fail' | '–' | 'not executed' | 'not applicable';
  readonly junit: 'success' | 'failure' | 'error' | 'skipped';
  readonly ctrf: 'passed' | 'failed' | 'skipped' | 'pending' | 'other';
  /** List of an in-toto test-result/v0.1 that the case is named in. */
  readonly testResult: 'passedTests' | 'failedTests' | 'omitted';
  readonly allure: 'passed' | 'failed' | 'broken' | 'unknown' | 'skipped';
  readonly sarif: 'pass' | 'fail' | 'open' | 'notApplicable' | '–';
  readonly oscal: 'satisfied' | 'not-satisfied' | '–';
}

const undecided = {
  oran: 'SKIP',
  badge: '–',
  junit: 'error',
  ctrf: 'other',
  testResult: 'failedTests',
  allure: 'unknown',
  sarif: 'open',
  oscal: 'not-satisfied',
} as const;

const notJudged = {
  ttcn3: '–',
  oran: 'SKIP',
  badge: 'not executed',
  junit: 'skipped',
  ctrf: 'skipped',
  testResult: 'omitted',
  allure: 'skipped',
  sarif: '–',
  oscal: '–',
} as const;

/**
 * Each finding in each vocabulary; printed in docs/report-format.md. Nothing but `pass` becomes success anywhere, and
 * only `fail` speaks of the product: where a format has no word for "undecided", a note or a property says it.
 */
export const WORDS = {
  pass: {
    ttcn3: 'pass',
    oran: 'PASS',
    badge: 'Pass',
    junit: 'success',
    ctrf: 'passed',
    testResult: 'passedTests',
    allure: 'passed',
    sarif: 'pass',
    oscal: 'satisfied',
  },
  fail: {
    ttcn3: 'fail',
    oran: 'FAIL',
    badge: 'Fail',
    junit: 'failure',
    ctrf: 'failed',
    testResult: 'failedTests',
    allure: 'failed',
    sarif: 'fail',
    oscal: 'not-satisfied',
  },
  inconc: { ...undecided, ttcn3: 'inconc' },
  error: { ...undecided, ttcn3: 'error', allure: 'broken' },
  none: { ...undecided, ttcn3: 'none' },
  notApplicable: { ...notJudged, badge: 'not applicable', sarif: 'notApplicable' },
  notSupportedByDut: notJudged,
  notSupportedByTestbed: notJudged,
  blocked: notJudged,
  notRun: { ...notJudged, ctrf: 'pending' },
} as const satisfies Record<Finding, Words>;

const TITLES = {
  ttcn3: 'TTCN-3',
  oran: 'O-RAN',
  badge: 'badge templates',
  junit: 'JUnit',
  ctrf: 'CTRF',
  testResult: 'test-result/v0.1',
  allure: 'Allure',
  sarif: 'SARIF kind',
  oscal: 'OSCAL',
} as const satisfies Record<keyof Words, string>;

/** The table above in Markdown, as docs/report-format.md prints it. */
export function renderWords(): string {
  const names = Object.keys(TITLES) as (keyof Words)[];
  const rows = [
    ['Finding', ...names.map((name) => TITLES[name])],
    ['---', ...names.map(() => '---')],
    ...FINDINGS.map((finding) => [finding, ...names.map((name) => WORDS[finding][name])]),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
