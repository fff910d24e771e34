import { describe, expect, it } from 'vitest';

import { exitCodeFor } from '../../../src/domain/exit-code.ts';
import type { Finding } from '../../../src/domain/verdict.ts';

const TABLE: readonly (readonly [number, readonly Finding[]])[] = [
  [0, ['pass']],
  [0, ['pass', 'notApplicable', 'notSupportedByDut', 'notSupportedByTestbed']],
  [1, ['fail']],
  [1, ['pass', 'inconc', 'none', 'error', 'blocked', 'notRun', 'fail']],
  [3, ['error']],
  [3, ['pass', 'blocked']],
  [3, ['notRun']],
  [3, ['inconc', 'error', 'pass']],
  [4, ['inconc']],
  [4, ['pass', 'inconc']],
  [4, ['none', 'pass']],
  [4, []],
  [4, ['notApplicable']],
  [4, ['notSupportedByDut', 'notSupportedByTestbed']],
];

describe('exitCodeFor', () => {
  it.each(TABLE)('gives %i for %j', (code, findings) => {
    expect(exitCodeFor(findings)).toBe(code);
    expect(exitCodeFor([...findings].reverse())).toBe(code);
  });
});
