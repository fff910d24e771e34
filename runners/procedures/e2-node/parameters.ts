import type { ParameterSpec } from '../procedure.ts';

const ms = (about: string): ParameterSpec => ({ type: 'number', unit: 'ms', about });
const count = (about: string): ParameterSpec => ({ type: 'number', unit: 'count', about });

/** What every case against an E2 node needs. */
export const BASIC = {
  connectWithinMs: ms('how long the product may take to connect and to set E2 up'),
  answerWithinMs: ms('how long one answer may take'),
} as const;

/** What a case with a KPM subscription needs. */
export const REPORTING = {
  ...BASIC,
  periodMs: ms('reporting period of the subscription; granularity is the same'),
  periods: count('how many indications are waited for, or how many periods it must be quiet'),
} as const;

export const TOLERANCE: ParameterSpec = {
  type: 'number',
  unit: '%',
  about: 'how far the mean distance of indications may be from the period',
};
export const GRACE = ms('what may still be under way when a subscription ends');
export const SETTLE = ms('how long the tester watches what else comes');
export const TRIGGER_WITHIN = ms('how long the product has to begin a procedure after it was triggered');
export const RETRY_WITHIN = ms('how long the product may take to try again once it may');
export const EARLY = ms('by how much a wait may fall short, for clocks are no two alike');
export const MAX_RETRIES = count('how often the product may set up again while the tester watches');
export const MAX_ASSOCIATIONS = count('how many associations the product may open to one near-RT RIC');
export const GARBAGE = count('how many messages that are no E2AP are sent');
