import type { ApMessage } from '../../../interfaces/ap/types.ts';
import {
  answeredWith,
  broken,
  errorIndicated,
  type Found,
  holds,
  shown,
  unseen,
  withCause,
} from '../judging.ts';
import { answerTo, receivedAfter, type SeenPdu, sentIn } from '../seen-messages.ts';
import { isResetAnswer } from './suite.ts';

/** The probe in that step: a reset was answered, as the association it was sent on. */
export function alive(pdus: readonly SeenPdu[], step = 'alive'): Found {
  const request = pdus.find((pdu) => pdu.step === step && isReset(pdu));
  if (request === undefined) return unseen('the case did not get there');
  const [response] = receivedAfter(pdus, request).filter(({ decoded }) =>
    isResetAnswer(decoded.message?.name),
  );
  return response === undefined
    ? broken('a reset was not answered in time', request.n)
    : holds('a reset was answered', request.n, response.n);
}

function isReset({ direction, decoded }: SeenPdu): boolean {
  const name = decoded.message?.name;
  return direction === 'sent' && (name === 'Reset' || name === 'ResetRequest');
}

export function inStep(pdus: readonly SeenPdu[], step: string): readonly SeenPdu[] {
  return pdus.filter((pdu) => pdu.step === step);
}

/** What was sent in a step led to an ERROR INDICATION with one of these causes. */
export function indicatedIn(pdus: readonly SeenPdu[], step: string, causes: readonly string[]): Found {
  return errorIndicated(inStep(pdus, step), sentIn(pdus, step), causes);
}

/** The request failed, or an ERROR INDICATION came: the rules allow both where not all is there that a failure must name. */
export function refusedIn(pdus: readonly SeenPdu[], step: string, causes: readonly string[]): Found {
  const request = sentIn(pdus, step);
  if (request === undefined) return unseen('the message was not sent');
  const answer = answerTo(pdus, request);
  const message = answer?.decoded.message;
  if (answer === undefined || message === undefined || message === null || message.name === 'ErrorIndication')
    return errorIndicated(inStep(pdus, step), request, causes);
  if (message.kind === 'successful')
    return broken(`it was taken; octets: ${shown(answer)}`, request.n, answer.n);
  const { Cause } = message.ies as { readonly Cause?: object };
  return withCause(answer, Cause, causes);
}

/** The message was acted on, and the sender heard of what was not understood: beside the answer, or in it. */
export function notifiedIn(
  pdus: readonly SeenPdu[],
  step: string,
  { answer, causes }: { readonly answer: string; readonly causes: readonly string[] },
): Found {
  const request = sentIn(pdus, step);
  if (request === undefined) return unseen('the message was not sent');
  const after = receivedAfter(pdus, request).filter((pdu) => pdu.step === step);
  const named = (name: string): SeenPdu | undefined =>
    after.find(({ decoded }) => decoded.message?.name === name);
  const [acknowledge, indication] = [named(answer), named('ErrorIndication')];
  if (acknowledge === undefined) return broken('it was not acted on: there is no acknowledgement', request.n);
  if (indication === undefined)
    return broken('nobody was told that an element was not understood', request.n, acknowledge.n);
  const { Cause } = (indication.decoded.message as ApMessage).ies as { readonly Cause?: object };
  return withCause(indication, Cause, causes);
}

export function ignoredIn(pdus: readonly SeenPdu[], step: string): Found {
  const request = sentIn(pdus, step);
  if (request === undefined) return unseen('the message was not sent');
  const [reaction] = receivedAfter(pdus, request).filter((pdu) => pdu.step === step);
  return reaction === undefined
    ? holds('nothing came of it', request.n)
    : broken(`something came of it; octets: ${shown(reaction)}`, request.n, reaction.n);
}

/** What was sent last in a step was answered by that message. */
export function answeredIn(pdus: readonly SeenPdu[], step: string, answers: readonly string[]): Found {
  return answeredWith(pdus, sentIn(pdus, step), answers);
}
