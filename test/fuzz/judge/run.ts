import { differenceAt, slanderAt } from '../../support/judge/compare.ts';
import type { Fuzzer } from '../fuzzer.ts';

const MAX_FINDINGS = 20;

/**
 * Random properties on random traces: the judge says the same as the slow evaluator, and blames nobody for what is only missing
 * from a trace.
 */
export const fuzzJudge: Fuzzer = ({ rounds, seed, onRound }) => {
  const findings: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const found = [differenceAt(seed + round), slanderAt(seed + round)].filter((text) => text !== '');
    if (findings.length < MAX_FINDINGS) findings.push(...found);
    onRound?.(round + 1);
  }
  return Promise.resolve({ findings, figures: { traces: rounds } });
};
