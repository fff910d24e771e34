import { unwrapItems } from '../../interfaces/e2/messages.ts';
import type { Ies } from '../../interfaces/e2/types.ts';
import type { Judged, Procedure, Seen } from '../procedure.ts';
import {
  answeredOnce,
  broken,
  clausesOf,
  type Found,
  holds,
  shown,
  unseen,
  wellFormed,
} from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { driveRic } from './ric-driver.ts';
import { alive, answered, firstAfter, sameTransaction } from './ric-judging.ts';
import { sentIn } from '../ap/seen-messages.ts';
import { messagesOf, seenPdus, type SeenMessage, type SeenPdu } from './seen-messages.ts';
import { kpmFunction, rcFunction, strangeFunction } from './tester-node.ts';

const ANSWERS = ['E2setupResponse', 'E2setupFailure'] as const;

/** E2TS 5.2.1.1.1: an E2 node with a KPM and an RC function sets up. */
export const ricSetup: Procedure = {
  id: 'e2.ric.setup',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['answered', 'transaction', 'well-formed', 'accepted', 'listed', 'components', 'once'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.connect('setup');
      await node.setUp('setup');
      await node.settle(bench.number('settleMs'));
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = sentIn(pdus, 'setup');
    const response = firstAfter(pdus, request, 'E2setupResponse');
    return judged(pdus, seen, {
      answered: answered(pdus, request, ANSWERS),
      transaction: sameTransaction(pdus, request, ANSWERS),
      'well-formed': wellFormed(pdus),
      accepted: answeredBySuccess(pdus, request),
      listed: listed(pdus, response),
      components: components(pdus, response),
      once: answeredOnce(pdus),
    });
  },
};

/** RAN function 0, a function of a model that nobody has, and one that is right. */
export const ricSetupOdd: Procedure = {
  id: 'e2.ric.setup-odd-functions',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['answered', 'listed', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.connect('setup');
      const outcome = await node.setUp('setup', [
        kpmFunction(0),
        kpmFunction(),
        rcFunction(),
        strangeFunction(9),
      ]);
      if (outcome.kind === 'successful') await node.probe();
      else await driver.ready('again').then((again) => again.probe());
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = pdus.find(({ direction, step }) => direction === 'sent' && step === 'setup');
    const response = firstAfter(pdus, request, 'E2setupResponse');
    const isRefused = response === undefined && firstAfter(pdus, request, 'E2setupFailure') !== undefined;
    const accepted = unwrapItems('RANfunctionID-Item', response?.message.ies.RANfunctionsAccepted);
    const tookZero = accepted.some(({ ranFunctionID }) => ranFunctionID === 0);
    return {
      clauses: clausesOf({
        answered: answered(pdus, request, ANSWERS),
        listed: isRefused ? unseen('the setup was refused as a whole') : listed(pdus, response),
        alive: alive(pdus),
      }),
      ...(tookZero
        ? { remarks: ['the product accepted RAN function 0, which is no identifier of a RAN function'] }
        : {}),
    };
  },
};

function judged(pdus: readonly SeenPdu[], seen: Seen, found: Readonly<Record<string, Found>>): Judged {
  const [request] = messagesOf(pdus, 'E2setupRequest', 'sent');
  const answer = pdus.find(({ answers }) => answers === request?.entry);
  if (request === undefined || answer === undefined) return { clauses: clausesOf(found) };
  const value = Math.round((answer.t - request.t) * 1_000);
  const max = seen.number('responseTimeMs');
  return { clauses: clausesOf(found), measurements: [{ name: 'setupTime', value, unit: 'ms', max }] };
}

function answeredBySuccess(pdus: readonly SeenPdu[], request: SeenPdu | undefined): Found {
  const response = firstAfter(pdus, request, 'E2setupResponse');
  if (response !== undefined) return holds('E2setupResponse', response.n);
  const failure = firstAfter(pdus, request, 'E2setupFailure');
  return failure === undefined
    ? unseen('there is no answer')
    : broken(`the setup was refused: ${shown(failure)}`, failure.n);
}

/** Every RAN function that was offered stands in one of the two lists, once, and nothing else does. */
function listed(pdus: readonly SeenPdu[], response: SeenMessage<'E2setupResponse'> | undefined): Found {
  if (response === undefined) return unseen('there is no response');
  const { RANfunctionsAccepted, RANfunctionsRejected } = response.message.ies;
  const accepted = unwrapItems('RANfunctionID-Item', RANfunctionsAccepted).map(
    ({ ranFunctionID }) => ranFunctionID,
  );
  const rejected = unwrapItems('RANfunctionIEcause-Item', RANfunctionsRejected).map(
    (each) => each.ranFunctionID,
  );
  const offered = offeredIn(messagesOf(pdus, 'E2setupRequest', 'sent')[0]?.message.ies ?? {});
  const found = [...accepted, ...rejected].sort((a, b) => a - b);
  const what = `accepted ${accepted.join(', ') || 'none'}; rejected ${rejected.join(', ') || 'none'}`;
  return found.join() === offered.join()
    ? holds(what, response.n)
    : broken(`${what}; offered were ${offered.join(', ')}; octets: ${shown(response)}`, response.n);
}

function offeredIn({ RANfunctionsAdded }: Partial<Ies<'E2setupRequest'>>): readonly number[] {
  const offered = unwrapItems('RANfunction-Item', RANfunctionsAdded).map(
    ({ ranFunctionID }) => ranFunctionID,
  );
  return [...offered].sort((a, b) => a - b);
}

/** Each component of the node is acknowledged. */
function components(pdus: readonly SeenPdu[], response: SeenMessage<'E2setupResponse'> | undefined): Found {
  if (response === undefined) return unseen('there is no response');
  const [request] = messagesOf(pdus, 'E2setupRequest', 'sent');
  const sent = unwrapItems(
    'E2nodeComponentConfigAddition-Item',
    request?.message.ies.E2nodeComponentConfigAddition,
  );
  const acks = unwrapItems(
    'E2nodeComponentConfigAdditionAck-Item',
    response.message.ies.E2nodeComponentConfigAdditionAck,
  );
  const what = `${acks.length} of ${sent.length} component(s) acknowledged`;
  return acks.length === sent.length
    ? holds(what, response.n)
    : broken(`${what}; octets: ${shown(response)}`, response.n);
}
