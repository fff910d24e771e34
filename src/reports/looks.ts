import type { ReportResult } from '../attest/format/outcome.ts';
import type { Finding } from '../domain/verdict.ts';

export const TONES = ['pass', 'fail', 'open', 'error', 'rest'] as const;

export interface Look {
  readonly symbol: string;
  readonly word: string;
  readonly tone: (typeof TONES)[number];
}

/** A symbol, a word and a colour each: no finding is told by its colour alone. */
export const FINDING_LOOK = {
  pass: { symbol: '✓', word: 'pass', tone: 'pass' },
  fail: { symbol: '✗', word: 'fail', tone: 'fail' },
  inconc: { symbol: '?', word: 'inconclusive', tone: 'open' },
  error: { symbol: '!', word: 'error of the test system', tone: 'error' },
  none: { symbol: '–', word: 'none', tone: 'open' },
  notApplicable: { symbol: '∅', word: 'not applicable', tone: 'rest' },
  notSupportedByDut: { symbol: '∅', word: 'not supported by the product', tone: 'rest' },
  notSupportedByTestbed: { symbol: '∅', word: 'not supported by the testbed', tone: 'rest' },
  blocked: { symbol: '■', word: 'blocked', tone: 'open' },
  notRun: { symbol: '○', word: 'not run', tone: 'open' },
} as const satisfies Record<Finding, Look>;

export const RESULT_LOOK = {
  PASS: { symbol: '✓', word: 'PASS', tone: 'pass' },
  FAIL: { symbol: '✗', word: 'FAIL', tone: 'fail' },
  INCONCLUSIVE: { symbol: '?', word: 'INCONCLUSIVE', tone: 'open' },
} as const satisfies Record<ReportResult, Look>;
