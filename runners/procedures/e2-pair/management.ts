import { unwrapItems } from '../../interfaces/e2/messages.ts';
import { broken, holds, undecided, unseen } from '../ap/judging.ts';
import { seenEvents } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../e2/seen-messages.ts';
import { BASIC, MAX_ASSOCIATIONS, SETTLE } from '../e2-node/parameters.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { drivePair } from '../ap-pair/drive.ts';
import { type Finding, judged, judgeExchange, judgeOrder, judgeSpeech } from '../ap-pair/findings.ts';
import { E2_PAIR, NODE, RIC } from './pair.ts';

/** E2TS 7.2.1.1: near-RT RIC and E2 node of two vendors go through the management of the E2 interface. */
export const management: Procedure = {
  id: 'e2.pair.management',
  parameters: { ...BASIC, settleMs: SETTLE, maxAssociationsCount: MAX_ASSOCIATIONS },
  clauses: [
    'setup',
    'functions',
    'service-update',
    'service-query',
    'configuration-update',
    'reset',
    'removal',
    'node-speech',
    'ric-speech',
    'order',
    'associations',
  ],
  drive: (bench, { signal }) =>
    drivePair(E2_PAIR, { bench, signal }, async ({ order, relay }) => {
      const trigger = (step: string, procedure: string, answer: string) =>
        order(NODE, { step, order: { action: 'trigger', procedure }, until: [answer] });
      await trigger('service-update', 'serviceUpdate', 'RICserviceUpdateAcknowledge');
      const query = { step: 'service-query', order: { action: 'serviceQuery' } };
      await order(RIC, { ...query, until: ['RICserviceUpdateAcknowledge'] });
      await trigger('configuration-update', 'configurationUpdate', 'E2nodeConfigurationUpdateAcknowledge');
      await order(RIC, { step: 'reset', order: { action: 'reset' }, until: ['ResetResponse'] });
      await trigger('removal', 'removal', 'E2RemovalResponse');
      relay.enter('over');
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const setup = judgeExchange(pdus, { by: NODE, request: 'E2setupRequest', answer: 'E2setupResponse' });
    const always = {
      'node-speech': judgeSpeech(pdus, NODE),
      'ric-speech': judgeSpeech(pdus, RIC),
      order: judgeOrder(pdus),
      associations: judgeAssociations(seen),
    };
    if (setup.verdict !== 'pass') {
      const rest = management.clauses.slice(1, -4).map((id) => [id, unseen('E2 was not set up')] as const);
      return judged({ setup, ...Object.fromEntries(rest), ...always });
    }
    return judged({
      setup,
      functions: judgeFunctions(pdus),
      'service-update': judgeExchange(inStep(pdus, 'service-update'), {
        ...{ by: NODE, request: 'RICserviceUpdate', answer: 'RICserviceUpdateAcknowledge' },
      }),
      'service-query': judgeQuery(pdus),
      'configuration-update': judgeExchange(pdus, {
        ...{ by: NODE, request: 'E2nodeConfigurationUpdate', answer: 'E2nodeConfigurationUpdateAcknowledge' },
      }),
      reset: judgeExchange(pdus, { by: RIC, request: 'ResetRequest', answer: 'ResetResponse' }),
      removal: judgeExchange(pdus, { by: NODE, request: 'E2RemovalRequest', answer: 'E2RemovalResponse' }),
      ...always,
    });
  },
};

function inStep(pdus: readonly SeenPdu[], step: string): readonly SeenPdu[] {
  return pdus.filter((pdu) => pdu.step === step);
}

/** What the E2 node presents has ids that it may have, and the near-RT RIC accepts or rejects each of them and nothing else. */
function judgeFunctions(pdus: readonly SeenPdu[]): Finding {
  const [request] = messagesOf(pdus, 'E2setupRequest', 'received');
  const [response] = messagesOf(pdus, 'E2setupResponse', 'sent');
  if (request === undefined || response === undefined) return unseen('the setup did not go by');
  const { ies } = response.message;
  const presented = unwrapItems('RANfunction-Item', request.message.ies.RANfunctionsAdded);
  const ids = presented.map(({ ranFunctionID }) => ranFunctionID);
  if (ids.includes(0)) return { ...broken(`RAN function ids ${ids.join(', ')}`, request.n), side: NODE };
  const answered = [
    ...unwrapItems('RANfunctionID-Item', ies.RANfunctionsAccepted),
    ...unwrapItems('RANfunctionIEcause-Item', ies.RANfunctionsRejected),
  ].map(({ ranFunctionID }) => ranFunctionID);
  const isSame = answered.length === ids.length && ids.every((id) => answered.includes(id));
  const saw = `presented ${ids.join(', ')}; accepted or rejected ${answered.join(', ')}`;
  return isSame ? holds(saw, request.n, response.n) : { ...broken(saw, request.n, response.n), side: RIC };
}

function judgeQuery(pdus: readonly SeenPdu[]): Finding {
  const [query] = messagesOf(pdus, 'RICserviceQuery', 'sent');
  if (query === undefined) return undecided('no RIC SERVICE QUERY went by');
  const update = messagesOf(pdus, 'RICserviceUpdate', 'received').find(({ n }) => n > query.n);
  return update === undefined
    ? { ...broken('no RIC SERVICE UPDATE came', query.n), side: NODE }
    : holds('a RIC SERVICE UPDATE came', query.n, update.n);
}

function judgeAssociations(seen: Seen): Finding {
  const arrivals = seenEvents(seen.observations).filter(({ type }) => type === 'arrived');
  const most = seen.number('maxAssociationsCount');
  const saw = `${arrivals.length} association(s) of the E2 node`;
  const shownBy = arrivals.map(({ n }) => n);
  if (arrivals.length <= most) return holds(saw, ...shownBy);
  return { ...broken(`${saw} instead of at most ${most}`, ...shownBy), side: NODE };
}
