import { outgoing } from '../../interfaces/e2/answers.ts';
import type { E2Link } from '../e2/link.ts';
import { broken, type Found, holds, unseen } from '../ap/judging.ts';
import { openingOf, receivedAfter } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu } from '../e2/seen-messages.ts';
import type { NodeDriver } from './node.ts';

const RESET = outgoing('ResetRequest', { TransactionID: 99, Cause: { misc: 'unspecified' } });

/**
 * A reset is answered on the same association: whatever came before has done no lasting harm. Whether the answer is right in
 * every part is what other cases look at.
 */
export const alive = {
  drive: async ({ waiting }: NodeDriver, link: E2Link, step: string): Promise<void> => {
    const from = link.next;
    await link.send(step, RESET);
    await link.waitFor(({ decoded }) => decoded.message?.name === 'ResetResponse', { ...waiting, from });
  },
  judge: (pdus: readonly SeenPdu[], step: string): Found => {
    const request = openingOf(pdus, step);
    if (request === undefined) return unseen('the case did not get there');
    const [response] = messagesOf(receivedAfter(pdus, request), 'ResetResponse');
    return response === undefined
      ? broken('a reset was not answered in time', request.n)
      : holds('a reset was answered', request.n, response.n);
  },
} as const;
