import type { Verification } from '../attest/verify/verify.ts';
import { computeEligibility, type EligibilityResult } from '../reports/eligibility.ts';

export type Eligible =
  | ({ readonly status: 'accepted'; readonly payloadSha256: string } & EligibilityResult)
  | Extract<Verification, { status: 'refused' }>;

/** Which awards a report would do for. Of a report that is refused, nothing is said. */
export function eligibilityOf(verification: Verification): Eligible {
  if (verification.status === 'refused') return verification;
  const { payloadSha256, statement, disclosed } = verification;
  return { status: 'accepted', payloadSha256, ...computeEligibility({ statement, disclosed }) };
}

/** For people; control characters of the report are made harmless. */
export function renderEligibility(result: Eligible): string {
  if (result.status === 'refused') {
    const [{ code, text }] = result.reasons;
    return tame(`refused: ${code}: ${text}`);
  }
  const { awards, withoutAward, payloadSha256 } = result;
  const lines = [
    `report sha256:${payloadSha256}`,
    ...awards.flatMap(({ title, state, conditions }) => [
      `${title}: ${state}`,
      ...conditions.map(({ id, state: one, text }) => `  ${WORDS[one]} ${id}: ${text}`),
    ]),
    ...withoutAward.map((name) => `${name}: there is no award for this interface`),
    ...(awards.length === 0 ? ['No award is about this report.'] : []),
    'Awards are given by others; this says only whether the report would do.',
  ];
  return lines.map(tame).join('');
}

const WORDS = { met: '[met]', notMet: '[not met]', undecided: '[undecided]' } as const;

function tame(line: string): string {
  return `${line.replaceAll(/\p{Cc}/gu, ' ')}\n`;
}
