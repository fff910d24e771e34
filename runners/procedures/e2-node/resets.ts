import { pause } from '../../../src/kernel/deadline.ts';
import { answeredWith, broken, causeText, clausesOf, holds, undecided, unseen } from '../ap/judging.ts';
import { answerTo, openingOf } from '../ap/seen-messages.ts';
import { messagesOf, seenPdus } from '../e2/seen-messages.ts';
import { Blocked, type Procedure } from '../procedure.ts';
import { mustReport } from './kpm.ts';
import { driveNode, mustSetUp, type NodeDriver, type Presented } from './node.ts';
import { GRACE, REPORTING, TRIGGER_WITHIN } from './parameters.ts';
import { askedIn, judgeSilence } from './reports.ts';

const RESET = { TransactionID: 77, Cause: { misc: 'unspecified' } } as const;

/** E2TS 6.2.1.2.1: a reset by the near-RT RIC; the subscriptions are gone afterwards. */
export const resetByRic: Procedure = {
  id: 'e2.node.reset',
  parameters: { ...REPORTING, graceMs: GRACE },
  clauses: ['answered', 'silenced'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      await reportIfPossible(driver, presented);
      await presented.link.request('reset', { name: 'ResetRequest', ies: RESET }, driver.waiting);
      await quietly(driver);
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = openingOf(pdus, 'reset');
    // A product that answers in another way has taken the reset all the same.
    const end = (request && answerTo(pdus, request)) ?? messagesOf(pdus, 'ResetResponse', 'received')[0];
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, request, ['ResetResponse']),
        silenced: judgeSilence(pdus, askedIn(pdus), { end, graceMs: seen.number('graceMs') }),
      }),
    };
  },
};

/** E2TS 6.2.1.2.2: a reset by the E2 node. */
export const resetByNode: Procedure = {
  id: 'e2.node.own-reset',
  parameters: { ...REPORTING, graceMs: GRACE, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'cause', 'silenced'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      await reportIfPossible(driver, presented);
      const from = presented.link.next;
      await driver.trigger('reset', 'reset its E2 interface');
      const isReset = ({ decoded }: { decoded: { message: { name: string } | null } }) =>
        decoded.message?.name === 'ResetRequest';
      const withinMs = bench.number('triggerWithinMs');
      if ((await presented.link.waitFor(isReset, { withinMs, signal, from })) !== null) await quietly(driver);
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [request] = messagesOf(pdus, 'ResetRequest', 'received');
    if (request === undefined)
      return {
        clauses: clausesOf({
          requested: undecided(`no RESET REQUEST came within ${seen.number('triggerWithinMs')} ms`),
          cause: unseen('no RESET REQUEST came'),
          silenced: unseen('no RESET REQUEST came'),
        }),
      };
    const cause = request.message.ies.Cause;
    const end = messagesOf(pdus, 'ResetResponse', 'sent').find(({ n }) => n > request.n);
    return {
      clauses: clausesOf({
        requested: holds('a RESET REQUEST came', request.n),
        cause: cause === undefined ? broken('no cause', request.n) : holds(causeText(cause), request.n),
        silenced: judgeSilence(pdus, askedIn(pdus), { end, graceMs: seen.number('graceMs') }),
      }),
    };
  },
};

/** Without KPM the reset is looked at all the same; what it does to subscriptions cannot be seen. */
async function reportIfPossible(driver: NodeDriver, presented: Presented): Promise<void> {
  try {
    await mustReport(driver, presented);
  } catch (error) {
    if (!(error instanceof Blocked)) throw error;
    driver.bench.observe('no-report', 'note', error.reason.text);
  }
}

/** Long enough for what would still be reported. */
export async function quietly({ bench, signal }: NodeDriver): Promise<void> {
  await pause(bench.number('periodMs') * bench.number('periods') + bench.number('graceMs'), { signal });
}
