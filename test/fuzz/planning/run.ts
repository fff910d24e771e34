import { aRandomModel } from '../../support/coverage-models.ts';
import { judgeCoverage } from '../../support/judge-coverage.ts';
import type { Fuzzer } from '../fuzzer.ts';

/** Random small models of combinations, beside what listing all their rows says. */
export const fuzzPlanning: Fuzzer = ({ rounds, seed, onRound }) => {
  const findings: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    findings.push(...judgeCoverage(aRandomModel(seed * 1_000_003 + round), seed));
    onRound?.(round + 1);
  }
  return Promise.resolve({ findings, figures: { rounds } });
};
