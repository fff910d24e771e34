import { hasStatus, isPolicyType } from '../../interfaces/a1/expect.ts';
import type { Procedure } from '../procedure.ts';
import { answered, judgeStep, responseTime } from './judging.ts';
import { RESPONSE_TIME } from './parameters.ts';
import { claimedTypes, missing } from './product.ts';
import { driveA1, UNKNOWN_TYPE } from './steps.ts';

/** A1TS 6.2.1.2 and 6.2.1.3: one policy type, and one that does not exist. */
export const readType: Procedure = {
  id: 'a1.types.read',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'known-status', 'known-body', 'unknown-status'],

  drive: (bench, { signal }) =>
    driveA1(bench, { signal }, async ({ product, send }) => {
      const [type] = claimedTypes(product);
      if (type === undefined) throw missing('IXIT_MISSING', 'the equipment file names no policy type');
      await send('read-known', { method: 'GET', resource: { kind: 'type', type } });
      await send('read-unknown', { method: 'GET', resource: { kind: 'type', type: UNKNOWN_TYPE } });
    }),

  judge: (seen) => ({
    clauses: [
      answered(seen),
      judgeStep(seen, 'known-status', { step: 'read-known', is: hasStatus(200) }),
      judgeStep(seen, 'known-body', { step: 'read-known', is: isPolicyType }),
      judgeStep(seen, 'unknown-status', { step: 'read-unknown', is: hasStatus(404) }),
    ],
    measurements: responseTime(seen),
  }),
};
