import type { ParameterSpec } from '../procedure.ts';
import { RESPONSE_TIME, SETTLE, TRIGGER_WITHIN } from '../ap/parameters.ts';

/** What every case on Xn needs. */
export const BASIC = { responseTimeMs: RESPONSE_TIME } as const;
/** What a case needs in which something must not come. */
export const SETTLED = { ...BASIC, settleMs: SETTLE } as const;
/** What a case needs in which the product begins something. */
export const TRIGGERED = { ...SETTLED, triggerWithinMs: TRIGGER_WITHIN } as const;

export const CONNECT_WITHIN: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the product may take to connect and to set up',
};
