import { elementsFor, encodeElements, type Deviation } from '../../interfaces/e2/codec.ts';
import { messageRule } from '../../interfaces/e2/messages.ts';
import type { Criticality, Element, Ies, MessageName } from '../../interfaces/e2/types.ts';
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
import { answerTo, openingOf, receivedAfter } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../e2/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { alive } from './alive.ts';
import { driveNode, mustSetUp } from './node.ts';
import { BASIC } from './parameters.ts';

/** An identifier that no version of E2AP uses. */
const UNKNOWN_ELEMENT = 4_711;
const UNKNOWN_PROCEDURE = 200;
const TRANSACTION = 31;
const RESET: Ies<'ResetRequest'> = { TransactionID: TRANSACTION, Cause: { misc: 'unspecified' } };
const REMOVAL: Ies<'E2RemovalRequest'> = { TransactionID: TRANSACTION };

interface Strange {
  readonly id: string;
  readonly octets: () => Uint8Array;
  /** What ends the waiting: nothing more is expected behind it. */
  readonly last: readonly MessageName[];
  /** What the standard makes of it. */
  readonly judge: (pdus: readonly SeenPdu[], sent: SeenPdu) => Found;
}

/** @see O-RAN.WG3.E2AP clause 10.3 */
const STRANGE: readonly Strange[] = [
  {
    id: 'e2.node.unknown-ignore',
    last: ['ResetResponse', 'ErrorIndication'],
    octets: () => withUnknown('ignore'),
    judge: (pdus, sent) => answeredWith(pdus, sent, ['ResetResponse']),
  },
  {
    id: 'e2.node.unknown-notify',
    last: ['ErrorIndication'],
    octets: () => withUnknown('notify'),
    judge: (pdus, sent) => notified(pdus, sent),
  },
  {
    id: 'e2.node.unknown-reject',
    last: ['E2RemovalFailure', 'E2RemovalResponse', 'ErrorIndication'],
    octets: () =>
      encodeElements('E2RemovalRequest', [
        ...elementsFor('E2RemovalRequest', REMOVAL),
        unknownElement('reject'),
      ]),
    judge: (pdus, sent) => refusedAs(pdus, sent, 'protocol abstract-syntax-error-reject'),
  },
  {
    id: 'e2.node.missing-mandatory',
    last: ['ResetResponse', 'ErrorIndication'],
    octets: () => without('ResetRequest', RESET, 'TransactionID'),
    judge: (pdus, sent) => refusedAs(pdus, sent, 'protocol abstract-syntax-error-reject'),
  },
  {
    id: 'e2.node.wrong-order',
    last: ['ResetResponse', 'ErrorIndication'],
    octets: () => encodeElements('ResetRequest', elementsFor('ResetRequest', RESET).toReversed()),
    judge: (pdus, sent) =>
      refusedAs(pdus, sent, 'protocol abstract-syntax-error-falsely-constructed-message'),
  },
  {
    id: 'e2.node.unknown-procedure',
    last: ['ResetResponse', 'ErrorIndication'],
    octets: () => deviating({ code: UNKNOWN_PROCEDURE, criticality: 'reject' }),
    judge: (pdus, sent) => refusedAs(pdus, sent, 'protocol abstract-syntax-error-reject'),
  },
  {
    id: 'e2.node.undecodable',
    last: ['ErrorIndication'],
    octets: () => Uint8Array.of(0x00, 0x03, 0x00, 0x05, 0x00, 0x00, 0x02, 0x00, 0x31),
    judge: (pdus, sent) => errorIndicated(pdus, sent, ['protocol transfer-syntax-error']),
  },
];

/** Messages that cannot be taken as they are: clause 10 says what becomes of each; afterwards all is as before. */
export const strangeMessages: readonly Procedure[] = STRANGE.map(({ id, octets, last, judge }) => ({
  id,
  parameters: BASIC,
  clauses: ['handled', 'alive'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const { link } = await mustSetUp(driver);
      const from = link.next;
      await link.sendBytes('strange', octets());
      await link.waitFor(({ decoded }) => last.some((name) => name === decoded.message?.name), {
        ...driver.waiting,
        from,
      });
      await alive.drive(driver, link, 'alive');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const sent = openingOf(pdus, 'strange');
    return {
      clauses: clausesOf({
        handled: sent === undefined ? unseen('the message was not sent') : judge(pdus, sent),
        alive: alive.judge(pdus, 'alive'),
      }),
    };
  },
}));

function unknownElement(criticality: Criticality): Element {
  return { id: UNKNOWN_ELEMENT, criticality, value: { '...': Uint8Array.of(1, 2, 3) } };
}

function withUnknown(criticality: Criticality): Uint8Array {
  return encodeElements('ResetRequest', [...elementsFor('ResetRequest', RESET), unknownElement(criticality)]);
}

function without<Name extends MessageName>(name: Name, ies: Ies<Name>, element: string): Uint8Array {
  const id = messageRule(name).elements.find((each) => each.name === element)?.id;
  return encodeElements(
    name,
    elementsFor(name, ies).filter((each) => each.id !== id),
  );
}

function deviating(deviation: Deviation): Uint8Array {
  return encodeElements('ResetRequest', elementsFor('ResetRequest', RESET), deviation);
}

/** It is done, and the sender hears what was not understood. */
function notified(pdus: readonly SeenPdu[], sent: SeenPdu): Found {
  const after = receivedAfter(pdus, sent);
  const [response] = messagesOf(after, 'ResetResponse');
  const told = errorIndicated(pdus, sent, ['protocol abstract-syntax-error-ignore-and-notify']);
  if (told.verdict !== 'pass') return told;
  return response === undefined
    ? broken('the reset was not answered', sent.n)
    : holds('answered, and told of the element', sent.n, response.n);
}

/** It is not done: a failure of the procedure or an ERROR INDICATION says why. */
function refusedAs(pdus: readonly SeenPdu[], sent: SeenPdu, cause: string): Found {
  const answer = answerTo(pdus, sent);
  const name = answer?.decoded.message?.name;
  if (answer !== undefined && answer.decoded.message?.kind === 'successful')
    return broken(`it was done; octets: ${shown(answer)}`, sent.n, answer.n);
  if (name !== 'E2RemovalFailure') return errorIndicated(pdus, sent, [cause]);
  const [failure] = messagesOf(pdus, 'E2RemovalFailure', 'received');
  const [group, value] = Object.entries(failure?.message.ies.Cause ?? {})[0] ?? [];
  const saw = `E2RemovalFailure, ${String(group)} ${String(value)}`;
  return `${String(group)} ${String(value)}` === cause
    ? holds(saw, sent.n, answer?.n ?? sent.n)
    : broken(`${saw} instead of ${cause}`, sent.n, answer?.n ?? sent.n);
}
