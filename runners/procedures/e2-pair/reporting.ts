import { broken, type Found, holds, undecided, unseen } from '../ap/judging.ts';
import { answerTo } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../e2/seen-messages.ts';
import { GRACE, REPORTING, SETTLE, TOLERANCE } from '../e2-node/parameters.ts';
import {
  type Asked,
  askedIn,
  indicationsFor,
  judgeHeaders,
  judgeIds,
  judgeMessages,
  judgePeriod,
  judgeSilence,
  judgeValues,
  means,
  seriesOf,
} from '../e2-node/reports.ts';
import { withSeries } from '../e2-node/series.ts';
import type { Procedure } from '../procedure.ts';
import { drivePair } from '../ap-pair/drive.ts';
import { type Finding, judged, judgeExchange, judgeSpeech } from '../ap-pair/findings.ts';
import { E2_PAIR, NODE, RIC } from './pair.ts';

/** E2TS 7.2.2.1.1 and 7.2.2.5.1: an application of the near-RT RIC subscribes, is reported to, and deletes what it subscribed. */
export const reporting: Procedure = {
  id: 'e2.pair.reporting',
  parameters: { ...REPORTING, settleMs: SETTLE, graceMs: GRACE, tolerance: TOLERANCE },
  clauses: [
    'subscribed',
    'reported',
    'ids',
    'header',
    'period',
    'message',
    'values',
    'deleted',
    'silenced',
    'node-speech',
    'ric-speech',
  ],
  drive: (given, { signal }) => {
    const { bench, observeSeries } = withSeries(given);
    return drivePair(E2_PAIR, { bench, signal }, async ({ order, watch, relay }) => {
      const [periodMs, periods] = [bench.number('periodMs'), bench.number('periods')];
      const subscribe = { action: 'subscribe', periodMs };
      await order(RIC, { step: 'subscribe', order: subscribe, until: ['RICsubscriptionResponse'] });
      await watch(periodMs * (periods + 1));
      const remove = { action: 'deleteSubscriptions' };
      await order(RIC, { step: 'delete', order: remove, until: ['RICsubscriptionDeleteResponse'] });
      await watch(3 * periodMs + bench.number('graceMs'));
      relay.enter('over');
      observeSeries();
    });
  },

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const asked = askedIn(pdus);
    const node = seen.subjects[NODE];
    const ofNode = (found: Found): Finding => ({ ...found, side: NODE });
    const speech = { 'node-speech': judgeSpeech(pdus, NODE), 'ric-speech': judgeSpeech(pdus, RIC) };
    const setup = judgeExchange(pdus, { by: NODE, request: 'E2setupRequest', answer: 'E2setupResponse' });
    if (setup.verdict !== 'pass' || asked === undefined || node === undefined) {
      const rest = reporting.clauses
        .slice(1, -2)
        .map((id) => [id, unseen('nothing was subscribed')] as const);
      const subscribed =
        setup.verdict === 'pass'
          ? undecided('no RIC SUBSCRIPTION REQUEST went by')
          : unseen('E2 was not set up');
      return judged({ subscribed, ...Object.fromEntries(rest), ...speech });
    }
    const remove = messagesOf(pdus, 'RICsubscriptionDeleteRequest', 'sent')[0];
    const end = remove === undefined ? undefined : answerTo(pdus, remove);
    const all = indicationsFor(pdus, asked).filter(({ n }) => remove === undefined || n < remove.n);
    const { periodMs } = asked;
    const periods = seen.number('periods');
    return {
      ...judged({
        subscribed: judgeExchange(pdus, {
          ...{ by: RIC, request: 'RICsubscriptionRequest', answer: 'RICsubscriptionResponse' },
        }),
        reported: ofNode(judgeCount(all.length, asked, { pdus, periods })),
        ids: ofNode(judgeIds(all, asked)),
        header: ofNode(judgeHeaders(all, node)),
        period: ofNode(judgePeriod(all, { periodMs, periods, tolerance: seen.number('tolerance') })),
        message: ofNode(judgeMessages(all, asked)),
        values: ofNode(judgeValues(all, asked)),
        deleted: judgeExchange(pdus, {
          ...{ by: RIC, request: 'RICsubscriptionDeleteRequest', answer: 'RICsubscriptionDeleteResponse' },
        }),
        silenced: ofNode(judgeSilence(pdus, asked, { end, graceMs: seen.number('graceMs') })),
        ...speech,
      }),
      measurements: means(seriesOf(all, asked).series),
    };
  },
};

function judgeCount(
  count: number,
  { request }: Asked,
  { pdus, periods }: { readonly pdus: readonly SeenPdu[]; readonly periods: number },
): Found {
  const response = messagesOf(pdus, 'RICsubscriptionResponse', 'received').find(({ n }) => n > request.n);
  if (response === undefined) return unseen('nothing was admitted');
  const saw = `${count} of ${periods} indications`;
  // How often they come is what `period` says; the runner does not see when the first period begins.
  return count >= Math.ceil(periods / 2) ? holds(saw, response.n) : broken(saw, response.n);
}
