import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';

/** What every case about a gNB has. */
export const TIMES = { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN } as const;
