import { outgoing } from '../../interfaces/e2/answers.ts';
import { elementsFor, encodeElements, encodeMessage } from '../../interfaces/e2/codec.ts';
import { wrapItems } from '../../interfaces/e2/messages.ts';
import type { Criticality, Ies } from '../../interfaces/e2/types.ts';
import { messageRule } from '../../interfaces/e2/messages.ts';
import type { Procedure } from '../procedure.ts';
import {
  answeredWith,
  broken,
  clausesOf,
  errorIndicated,
  type Found,
  holds,
  shown,
  unseen,
  withCause,
} from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { driveRic } from './ric-driver.ts';
import { alive } from './ric-judging.ts';
import { answerTo, receivedAfter, sentIn } from '../ap/seen-messages.ts';
import { messagesOf, seenPdus, type SeenPdu } from './seen-messages.ts';
import { kpmFunction, SECOND_COMPONENT } from './tester-node.ts';

const TRANSFER_SYNTAX = ['protocol transfer-syntax-error'];
const REJECT = ['protocol abstract-syntax-error-reject'];
const NOTIFY = ['protocol abstract-syntax-error-ignore-and-notify'];
const FALSELY_CONSTRUCTED = ['protocol abstract-syntax-error-falsely-constructed-message'];
const WRONG_STATE = ['protocol message-not-compatible-with-receiver-state'];
/** No element of E2AP has this identifier, and no procedure that code. */
const UNKNOWN_ELEMENT = 60_001;
const UNKNOWN_PROCEDURE = 201;

/** E2AP 10.2: a message that is cut off and one that is no E2AP at all. */
export const transferSyntax: Procedure = {
  id: 'e2.ric.transfer-syntax',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['cut-off', 'garbage', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.ready();
      const whole = encodeMessage('E2nodeConfigurationUpdate', anUpdate(node.transactionId));
      await node.provoke('cut-off', whole.subarray(0, whole.length - 5));
      await node.provoke(
        'garbage',
        Uint8Array.from({ length: 40 }, (_, index) => 0xff - index),
      );
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        'cut-off': errorIndicated(inStep(pdus, 'cut-off'), sentIn(pdus, 'cut-off'), TRANSFER_SYNTAX),
        garbage: errorIndicated(inStep(pdus, 'garbage'), sentIn(pdus, 'garbage'), TRANSFER_SYNTAX),
        alive: alive(pdus),
      }),
    };
  },
};

/** E2AP 10.3.4.2: elements that nobody knows, by their criticality. */
export const unknownElements: Procedure = {
  id: 'e2.ric.unknown-elements',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['reject', 'ignore', 'notify', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.ready();
      for (const criticality of ['reject', 'ignore', 'notify'] as const) {
        await node.provoke(criticality, withUnknownElement(anUpdate(node.transactionId), criticality));
        await node.settle(bench.number('settleMs'));
      }
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [reject, ignore, notify] = ['reject', 'ignore', 'notify'].map((step) => sentIn(pdus, step));
    return {
      clauses: clausesOf({
        reject: refused(pdus, reject, REJECT),
        ignore: answeredWith(pdus, ignore, ['E2nodeConfigurationUpdateAcknowledge']),
        notify: notified(pdus, notify),
        alive: alive(pdus),
      }),
    };
  },
};

/** E2AP 10.3.5 and 10.3.6: an element that must be there is not, and one is there twice. */
export const wronglyMade: Procedure = {
  id: 'e2.ric.wrongly-made',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['missing', 'repeated', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.ready();
      const functions = { RANfunctionsModified: wrapItems('RANfunction-Item', [kpmFunction()]) };
      const nameless = elementsFor('RICserviceUpdate', functions);
      await node.provoke('missing', encodeElements('RICserviceUpdate', nameless));
      const whole = elementsFor('RICserviceUpdate', { TransactionID: node.transactionId, ...functions });
      await node.provoke('repeated', encodeElements('RICserviceUpdate', [...whole, ...whole.slice(1)]));
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        missing: refused(pdus, sentIn(pdus, 'missing'), REJECT),
        repeated: refused(pdus, sentIn(pdus, 'repeated'), FALSELY_CONSTRUCTED),
        alive: alive(pdus),
      }),
    };
  },
};

/** E2AP 10.3.4.1 and 10.4: a procedure that does not exist, and one at a time when it makes no sense. */
export const unknownProcedures: Procedure = {
  id: 'e2.ric.unknown-procedures',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['early', 'rejected', 'ignored', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const node = await driver.connect('early');
      await node.provoke('early', outgoing('RICserviceUpdate', serviceUpdate(node.transactionId)));
      await node.setUp('setup');
      await node.provoke('rejected', unknownProcedure('reject'));
      await node.link.sendBytes('ignored', unknownProcedure('ignore'));
      await node.settle(bench.number('settleMs'));
      await node.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        early: refused(pdus, sentIn(pdus, 'early'), WRONG_STATE),
        rejected: errorIndicated(inStep(pdus, 'rejected'), sentIn(pdus, 'rejected'), REJECT),
        ignored: ignored(pdus),
        alive: alive(pdus),
      }),
    };
  },
};

export function anUpdate(TransactionID: number): Ies<'E2nodeConfigurationUpdate'> {
  const added = wrapItems('E2nodeComponentConfigAddition-Item', [SECOND_COMPONENT]);
  return { TransactionID, E2nodeComponentConfigAddition: added };
}

function serviceUpdate(TransactionID: number): Ies<'RICserviceUpdate'> {
  return { TransactionID, RANfunctionsModified: wrapItems('RANfunction-Item', [kpmFunction()]) };
}

function withUnknownElement(ies: Ies<'E2nodeConfigurationUpdate'>, criticality: Criticality): Uint8Array {
  const unknown = { id: UNKNOWN_ELEMENT, criticality, value: Uint8Array.of(1, 2, 3) };
  const elements = [...elementsFor('E2nodeConfigurationUpdate', ies), unknown];
  return encodeElements('E2nodeConfigurationUpdate', elements);
}

function unknownProcedure(criticality: Criticality): Uint8Array {
  return encodeElements('ResetRequest', [], {
    code: UNKNOWN_PROCEDURE,
    criticality,
    kind: messageRule('ResetRequest').kind,
  });
}

/** What an ERROR INDICATION is about need not stand in it: it is about the step in which it came. */
function inStep(pdus: readonly SeenPdu[], step: string): readonly SeenPdu[] {
  return pdus.filter((pdu) => pdu.step === step);
}

/** The request failed, or an ERROR INDICATION came: the rules allow both where not all is there that a failure must name. */
function refused(pdus: readonly SeenPdu[], request: SeenPdu | undefined, causes: readonly string[]): Found {
  if (request === undefined) return unseen('the message was not sent');
  const answer = answerTo(pdus, request);
  const message = answer?.decoded.message;
  if (answer === undefined || message === undefined || message === null || message.name === 'ErrorIndication')
    return errorIndicated(inStep(pdus, request.step), request, causes);
  if (message.kind === 'successful')
    return broken(`it was taken; octets: ${shown(answer)}`, request.n, answer.n);
  const { Cause } = message.ies as Partial<Ies<'E2setupFailure'>>;
  return withCause(answer, Cause, causes);
}

/** The message was acted on, and the sender heard of what was not understood: beside the answer, or in it. */
function notified(pdus: readonly SeenPdu[], request: SeenPdu | undefined): Found {
  if (request === undefined) return unseen('the message was not sent');
  const after = receivedAfter(pdus, request).filter(({ step }) => step === 'notify');
  const [indication] = messagesOf(after, 'ErrorIndication');
  const [acknowledge] = messagesOf(after, 'E2nodeConfigurationUpdateAcknowledge');
  if (acknowledge === undefined) return broken('it was not acted on: there is no acknowledgement', request.n);
  if (indication === undefined)
    return broken('nobody was told that an element was not understood', request.n, acknowledge.n);
  return withCause(indication, indication.message.ies.Cause, NOTIFY);
}

function ignored(pdus: readonly SeenPdu[]): Found {
  const request = sentIn(pdus, 'ignored');
  if (request === undefined) return unseen('the message was not sent');
  const [reaction] = receivedAfter(pdus, request).filter(({ step }) => step === 'ignored');
  return reaction === undefined
    ? holds('nothing came of it', request.n)
    : broken(`something came of it; octets: ${shown(reaction)}`, request.n, reaction.n);
}
