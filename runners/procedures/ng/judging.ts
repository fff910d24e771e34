import type { Seen } from '../procedure.ts';
import { answeredWith, broken, errorIndicated, type Found, holds, undecided, unseen } from '../ap/judging.ts';
import { openingOf, receivedAfter } from '../ap/seen-messages.ts';
import { HOOK } from '../hook.ts';
import { type SeenMessage, type SeenPdu, messagesOf } from './seen-messages.ts';
import type { MessageName } from '../../interfaces/ngap/types.ts';

/** The probe at the end of a case: the product still does what every AMF and every gNB must. */
export function alive(pdus: readonly SeenPdu[], step = 'alive'): Found {
  const probe = messagesOf(pdus, 'NGReset', 'sent').findLast((pdu) => pdu.step === step);
  if (probe === undefined) return unseen('it was not asked');
  // What came before may still be complained about: that is no answer to this.
  const [answer] = messagesOf(receivedAfter(pdus, probe), 'NGResetAcknowledge');
  return answer === undefined
    ? answeredWith(pdus, probe, ['NGResetAcknowledge'])
    : holds('NGResetAcknowledge', probe.n, answer.n);
}

/** The first message of that name that came in the step. */
export function cameIn<Name extends MessageName>(
  pdus: readonly SeenPdu[],
  step: string,
  name: Name,
): SeenMessage<Name> | undefined {
  return messagesOf(pdus, name, 'received').find((pdu) => pdu.step === step);
}

/** A message of that name came in the step. */
export function came(pdus: readonly SeenPdu[], step: string, name: MessageName): Found {
  const found = cameIn(pdus, step, name);
  if (found !== undefined) return holds(name, found.n);
  const last = pdus.findLast((pdu) => pdu.step === step);
  return broken(`no ${name} came in time`, ...(last === undefined ? [] : [last.n]));
}

/** What the product said of identifiers that it cannot know, with one of these causes. */
export function errorAbout(pdus: readonly SeenPdu[], step: string, causes: readonly string[]): Found {
  const stimulus = openingOf(pdus, step);
  if (stimulus === undefined) return unseen('the message was not sent');
  const indication = messagesOf(receivedAfter(pdus, stimulus), 'ErrorIndication').find(
    (pdu) => pdu.step === step,
  );
  if (indication === undefined) return broken('no ERROR INDICATION came in time', stimulus.n);
  const { Cause: cause } = indication.message.ies;
  const said = cause !== undefined && 'radioNetwork' in cause ? cause.radioNetwork : '';
  return causes.includes(said)
    ? holds(said, stimulus.n, indication.n)
    : broken(`cause ${said === '' ? 'of another group' : said}, not ${causes.join(' or ')}`, indication.n);
}

const TRANSFER_SYNTAX = 'protocol transfer-syntax-error';
const TOLD = [
  TRANSFER_SYNTAX,
  'protocol abstract-syntax-error-reject',
  'protocol abstract-syntax-error-falsely-constructed-message',
  'protocol semantic-error',
  'protocol unspecified',
];

/**
 * In each step the product told of what it could not decode. The cause that it should have is recommended: that another one of the protocol came is a
 * remark, no fault. @see TS 38.413 clause 10.2
 */
export function transferSyntaxTold(
  pdus: readonly SeenPdu[],
  steps: readonly string[],
): { readonly found: Readonly<Record<string, Found>>; readonly remarks: readonly string[] } {
  const found = steps.map((step) => {
    const own = pdus.filter((pdu) => pdu.step === step);
    return [step, errorIndicated(own, openingOf(own, step), TOLD)] as const;
  });
  const remarks = found.flatMap(([step, { verdict, saw }]) =>
    verdict === 'pass' && saw !== TRANSFER_SYNTAX
      ? [`${step}: cause ${saw} instead of ${TRANSFER_SYNTAX}, which TS 38.413 clause 10.2 recommends`]
      : [],
  );
  return { found: Object.fromEntries(found), remarks };
}

/**
 * The product began what it was made to begin. A hook that says so and a product that does not is the product's fault; of a person
 * nobody knows.
 */
export function begun(
  { observations }: Seen,
  found: { readonly n: number } | undefined,
  what: string,
): Found {
  if (found !== undefined) return holds(what, found.n);
  const order = observations.find(({ kind }) => kind === HOOK);
  return order === undefined
    ? undecided(`no ${what} came in time, and nobody knows whether it was triggered`)
    : broken(`no ${what} came in time although the hook had said that it would`, order.n);
}
