import type { Procedure } from '../procedure.ts';
import { management } from './management.ts';
import { reporting } from './reporting.ts';

/** Everything that is done with a near-RT RIC and an E2 node as a pair. */
export const E2_PAIR_PROCEDURES: readonly Procedure[] = [management, reporting];
