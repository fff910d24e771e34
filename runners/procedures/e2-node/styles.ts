import { unwrapItems } from '../../interfaces/e2/messages.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import { answeredWith, broken, clausesOf, type Found, holds, shown, unseen } from '../ap/judging.ts';
import { answerTo } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../e2/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { actionFor, indications, mustHaveKpm, mustReport, REQUEST_ID, subscriptionRequest } from './kpm.ts';
import { driveNode, mustSetUp } from './node.ts';
import { GRACE, REPORTING, TOLERANCE } from './parameters.ts';
import { withSeries } from './series.ts';
import {
  type Asked,
  askedIn,
  indicationsFor,
  isSameRequest,
  judgeHeaders,
  judgeIds,
  judgeMessages,
  judgeNames,
  judgePeriod,
  judgeValues,
  means,
  seriesOf,
} from './reports.ts';

const STYLES = [1, 2, 3, 4, 5] as const;

/** E2TS 7.2.2.1.1 to 7.2.2.1.3, 5.2.3: a subscription of each KPM report style, and what it reports. */
export const kpmStyles: readonly Procedure[] = STYLES.map((style) => ({
  id: `e2.node.kpm-style-${style}`,
  parameters: { ...REPORTING, tolerance: TOLERANCE },
  clauses: ['admitted', 'request-id', 'reported', 'ids', 'header', 'period', 'message', 'names', 'values'],
  drive: (given, { signal }) => {
    const { bench, observeSeries } = withSeries(given);
    return driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      const kpm = mustHaveKpm(presented);
      const action = actionFor(driver.product, kpm, style);
      const periodMs = bench.number('periodMs');
      const ies = subscriptionRequest({ functionId: kpm.id, action, periodMs });
      const { link } = presented;
      await link.request('subscribe', { name: 'RICsubscriptionRequest', ies }, driver.waiting);
      await indications(link, { bench, count: bench.number('periods'), waiting: driver.waiting });
      const reference = { RICrequestID: REQUEST_ID, RANfunctionID: kpm.id };
      await link.request(
        'clean-up',
        { name: 'RICsubscriptionDeleteRequest', ies: reference },
        driver.waiting,
      );
      observeSeries();
    });
  },

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const asked = askedIn(pdus);
    const product = seen.subjects[0];
    if (asked === undefined || product === undefined) return { clauses: [] };
    const all = indicationsFor(pdus, asked);
    const [periodMs, periods] = [seen.number('periodMs'), seen.number('periods')];
    const { series } = seriesOf(all, asked);
    return {
      clauses: clausesOf({
        admitted: judgeAdmission(pdus, asked),
        'request-id': judgeResponseIds(pdus, asked),
        reported: judgeCount(all.length, { pdus, asked, wanted: periods }),
        ids: judgeIds(all, asked),
        header: judgeHeaders(all, product),
        period: judgePeriod(all, { periodMs, periods, tolerance: seen.number('tolerance') }),
        message: judgeMessages(all, asked),
        names: judgeNames(all, asked),
        values: judgeValues(all, asked),
      }),
      measurements: means(series),
    };
  },
}));

/** The response belongs to the request, is whole, and admits the action. */
function judgeAdmission(pdus: readonly SeenPdu[], asked: Asked): Found {
  const responses = messagesOf(pdus, 'RICsubscriptionResponse', 'received');
  const response = responses.find(({ n }) => n > asked.request.n);
  if (response === undefined) return answeredWith(pdus, asked.request, ['RICsubscriptionResponse']);
  const [finding] = response.comprehension.findings;
  if (finding !== undefined) return broken(`${finding.text}; octets: ${shown(response)}`, response.n);
  const admitted = unwrapItems('RICaction-Admitted-Item', response.message.ies['RICactions-Admitted']);
  return admitted.some(({ ricActionID }) => ricActionID === asked.actionId)
    ? holds('the action is admitted', asked.request.n, response.n)
    : broken(`the action is not admitted; octets: ${shown(response)}`, asked.request.n, response.n);
}

function judgeResponseIds(pdus: readonly SeenPdu[], asked: Asked): Found {
  const [response] = messagesOf(pdus, 'RICsubscriptionResponse', 'received').filter(
    ({ n }) => n > asked.request.n,
  );
  if (response === undefined) return unseen('no response came');
  const { RICrequestID } = response.message.ies;
  if (isSameRequest(RICrequestID, asked.requestId))
    return holds('the RIC request id of the request', asked.request.n, response.n);
  const { ricRequestorID, ricInstanceID } = RICrequestID ?? {};
  return broken(
    `RIC request id ${ricRequestorID}/${ricInstanceID} instead of ${asked.requestId.ricRequestorID}/${asked.requestId.ricInstanceID}; octets: ${shown(response)}`,
    asked.request.n,
    response.n,
  );
}

function judgeCount(
  count: number,
  {
    pdus,
    asked,
    wanted,
  }: { readonly pdus: readonly SeenPdu[]; readonly asked: Asked; readonly wanted: number },
): Found {
  const response = messagesOf(pdus, 'RICsubscriptionResponse', 'received').find(
    ({ n }) => n > asked.request.n,
  );
  if (response === undefined) return unseen('the subscription was not admitted');
  const saw = `${count} of ${wanted} indications`;
  return count >= wanted ? holds(saw, response.n) : broken(saw, response.n);
}

/** RIC Subscription Modification: from then on the new period holds. */
export const modification: Procedure = {
  id: 'e2.node.modify',
  parameters: { ...REPORTING, tolerance: TOLERANCE, graceMs: GRACE },
  clauses: ['answered', 'period'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      const kpm = await mustReport(driver, presented);
      const { link } = presented;
      const ies = {
        RICrequestID: REQUEST_ID,
        RANfunctionID: kpm.id,
        RICeventTriggerDefinitionToBeModified: KPM.v3.periodMs.encode(2 * bench.number('periodMs')),
      };
      await link.request('modify', { name: 'RICsubscriptionModificationRequest', ies }, driver.waiting);
      await indications(link, { bench, count: bench.number('periods'), waiting: driver.waiting });
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const asked = askedIn(pdus);
    const request = messagesOf(pdus, 'RICsubscriptionModificationRequest', 'sent')[0];
    const answer = request === undefined ? undefined : answerTo(pdus, request);
    const after =
      asked === undefined || answer === undefined
        ? []
        : indicationsFor(pdus, asked).filter(({ n }) => n > answer.n);
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, request, ['RICsubscriptionModificationResponse']),
        // What comes first after the change may still belong to the period before it.
        period: judgePeriod(after.slice(1), {
          periodMs: 2 * seen.number('periodMs'),
          periods: seen.number('periods') - 1,
          tolerance: seen.number('tolerance'),
        }),
      }),
    };
  },
};

/** RIC Query: what is not known is refused, and everything is answered. */
export const query: Procedure = {
  id: 'e2.node.query',
  parameters: REPORTING,
  clauses: ['answered'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      const { id } = mustHaveKpm(presented);
      const octets = Uint8Array.of(0);
      const ies = {
        ...{ RICrequestID: REQUEST_ID, RANfunctionID: id },
        ...{ RICqueryHeader: octets, RICqueryDefinition: octets },
      };
      await presented.link.request('query', { name: 'RICQueryRequest', ies }, driver.waiting);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [request] = messagesOf(pdus, 'RICQueryRequest', 'sent');
    const answered = answeredWith(pdus, request, ['RICQueryResponse', 'RICQueryFailure', 'ErrorIndication']);
    return { clauses: clausesOf({ answered }) };
  },
};
