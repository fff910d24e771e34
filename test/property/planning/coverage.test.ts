import { expect, it } from 'vitest';
import { aRandomModel } from '../../support/coverage-models.ts';
import { judgeCoverage } from '../../support/judge-coverage.ts';

// `npm run fuzz -- planning --rounds 10000` is the long version.
it('treats 60 random models as listing all their rows says', () => {
  const findings = Array.from({ length: 60 }, (_, round) => judgeCoverage(aRandomModel(round + 1), round));
  expect(findings.flat()).toEqual([]);
});
