import { elementsFor, encodeElements, encodeMessage, outgoing } from '../../interfaces/ngap/codec.ts';
import type { Criticality, Element } from '../../interfaces/ap/types.ts';
import { supportedAreas } from '../../simulators/gnb/presentation.ts';
import {
  answeredWith,
  broken,
  clausesOf,
  errorIndicated,
  type Found,
  holds,
  shown,
  unseen,
} from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { receivedAfter, sentIn } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { driveAmf } from './amf-driver.ts';
import { alive, transferSyntaxTold } from '../ng/judging.ts';
import { wholeReset } from '../ng/resets.ts';

const REJECT = ['protocol abstract-syntax-error-reject'];
const NOTIFY = 'abstract-syntax-error-ignore-and-notify';
const FALSELY_CONSTRUCTED = ['protocol abstract-syntax-error-falsely-constructed-message'];
const ACKNOWLEDGED = ['NGResetAcknowledge'];
/** No element of NGAP has this identifier, and no procedure that code. */
const UNKNOWN_ELEMENT = 60_001;
const UNKNOWN_PROCEDURE = 201;

/** TS 38.413 10.2: a message that is cut off and one that is no NGAP at all. */
export const transferSyntax: Procedure = {
  id: 'ng.amf.transfer-syntax',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['cut-off', 'garbage', 'alive'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ies = { SupportedTAList: supportedAreas(gnb.settings) };
      const whole = encodeMessage('RANConfigurationUpdate', ies);
      await gnb.provoke('cut-off', whole.subarray(0, whole.length - 5));
      await gnb.provoke(
        'garbage',
        Uint8Array.from({ length: 40 }, (_, index) => 0xff - index),
      );
      await gnb.probe();
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const { found, remarks } = transferSyntaxTold(pdus, ['cut-off', 'garbage']);
    return { clauses: clausesOf({ ...found, alive: alive(pdus) }), remarks };
  },
};

/** TS 38.413 10.3.4.2: elements that nobody knows, by their criticality, in a message that every AMF takes. */
export const unknownElements: Procedure = {
  id: 'ng.amf.unknown-elements',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['reject', 'ignore', 'notify', 'alive'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      for (const criticality of ['reject', 'ignore', 'notify'] as const) {
        await gnb.provoke(criticality, aReset([stranger(criticality)]));
        await driver.settle(bench.number('settleMs'));
      }
      await gnb.probe();
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        reject: indicated(pdus, 'reject', REJECT),
        ignore: answeredWith(pdus, sentIn(pdus, 'ignore'), ACKNOWLEDGED),
        notify: notified(pdus),
        alive: alive(pdus),
      }),
    };
  },
};

function aReset(more: readonly Element[]): Uint8Array {
  return encodeElements('NGReset', [...elementsFor('NGReset', wholeReset().ies), ...more]);
}

function stranger(criticality: Criticality): Element {
  return { id: UNKNOWN_ELEMENT, criticality, value: Uint8Array.of(1, 2, 3) };
}

/** What was not understood is told, in the answer or beside it. */
function notified(pdus: readonly SeenPdu[]): Found {
  const request = sentIn(pdus, 'notify');
  if (request === undefined) return unseen('the message was not sent');
  const after = receivedAfter(pdus, request).filter(({ step }) => step === 'notify');
  const [acknowledge] = messagesOf(after, 'NGResetAcknowledge');
  const [indication] = messagesOf(after, 'ErrorIndication');
  const cause = indication?.message.ies.Cause;
  const isTold =
    (cause !== undefined && 'protocol' in cause && cause.protocol === NOTIFY) ||
    acknowledge?.message.ies.CriticalityDiagnostics !== undefined;
  const seen = [acknowledge, indication].flatMap((pdu) => (pdu === undefined ? [] : [pdu.n]));
  return isTold
    ? holds('what was not understood is told', request.n, ...seen)
    : broken('it is not told what was not understood', request.n, ...seen);
}

function indicated(pdus: readonly SeenPdu[], step: string, causes: readonly string[]): Found {
  return errorIndicated(
    pdus.filter((pdu) => pdu.step === step),
    sentIn(pdus, step),
    causes,
  );
}

/** TS 38.413 10.3.5 and 10.3.6: an element that must be there is not, and one is there twice. */
export const wronglyMade: Procedure = {
  id: 'ng.amf.wrongly-made',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['missing', 'repeated', 'alive'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const whole = elementsFor('NGReset', wholeReset().ies);
      await gnb.provoke('missing', encodeElements('NGReset', whole.slice(0, 1)));
      await gnb.provoke('repeated', aReset(whole.slice(1)));
      await gnb.probe();
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        missing: indicated(pdus, 'missing', REJECT),
        repeated: indicated(pdus, 'repeated', FALSELY_CONSTRUCTED),
        alive: alive(pdus),
      }),
    };
  },
};

/** TS 38.413 10.3.4.1 and 10.4: a procedure that does not exist, and one before it makes sense. */
export const unknownProcedures: Procedure = {
  id: 'ng.amf.unknown-procedures',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['early', 'rejected', 'ignored', 'alive'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.connect('early');
      const ies = { RANNodeName: 'early', SupportedTAList: supportedAreas(gnb.settings) };
      await gnb.provoke('early', outgoing('RANConfigurationUpdate', ies));
      await gnb.setUp('setup');
      await gnb.provoke('rejected', unknownProcedure('reject'));
      gnb.enter('ignored');
      await gnb.link.sendBytes('ignored', unknownProcedure('ignore'));
      await driver.settle(bench.number('settleMs'));
      await gnb.probe();
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        early: notTaken(pdus),
        rejected: indicated(pdus, 'rejected', REJECT),
        ignored: ignored(pdus),
        alive: alive(pdus),
      }),
    };
  },
};

function unknownProcedure(criticality: Criticality): Uint8Array {
  const elements = elementsFor('ErrorIndication', { Cause: { misc: 'unspecified' } });
  return encodeElements('ErrorIndication', elements, { code: UNKNOWN_PROCEDURE, criticality });
}

/** Before NG Setup nothing is done: it is refused, or nothing is said. */
function notTaken(pdus: readonly SeenPdu[]): Found {
  const stimulus = sentIn(pdus, 'early');
  if (stimulus === undefined) return unseen('the message was not sent');
  const taken = messagesOf(receivedAfter(pdus, stimulus), 'RANConfigurationUpdateAcknowledge')[0];
  return taken === undefined
    ? holds('it was not taken', stimulus.n)
    : broken('it was taken before the NG interface was set up', stimulus.n, taken.n);
}

function ignored(pdus: readonly SeenPdu[]): Found {
  const stimulus = sentIn(pdus, 'ignored');
  if (stimulus === undefined) return unseen('the message was not sent');
  const answer = receivedAfter(pdus, stimulus).find(({ step }) => step === 'ignored');
  return answer === undefined
    ? holds('nothing was said of it', stimulus.n)
    : broken(`it is to be ignored, and there was ${shown(answer)}`, stimulus.n, answer.n);
}
