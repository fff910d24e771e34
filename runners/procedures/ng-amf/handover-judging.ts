import { isJsonObject } from '../../../src/kernel/json.ts';
import type { Ies, MessageName } from '../../interfaces/ngap/types.ts';
import { isSameCapabilities, wireCapabilities } from '../../interfaces/ngap/values.ts';
import { sameValue } from '../../interfaces/per/values.ts';
import { broken, type Found, holds, unseen, worstOf } from '../ap/judging.ts';
import { messagesOf, type SeenPdu } from '../ng/seen-messages.ts';
import type { SeenFact } from '../ng/ue-facts.ts';
import type { Seen } from '../procedure.ts';

/** Kind of an observation of the security capabilities of the UE of the tester, in hexadecimal. */
export const CAPABILITY = 'capability';
/** And of what came of its packets where it has arrived. */
export const DATA = 'data';

/** What one node said to the AMF, and what the AMF made of it for the other one. */
export interface PassedOn {
  readonly from: MessageName;
  readonly to: MessageName;
  readonly element: string;
}

/** An element comes out as it went in. */
export function passedOn(pdus: readonly SeenPdu[], { from, to, element }: PassedOn): Found {
  const said = messagesOf(pdus, from, 'sent')[0];
  if (said === undefined) return unseen(`there was no ${from}`);
  const told = messagesOf(pdus, to, 'received').find(({ n }) => n > said.n);
  if (told === undefined) return broken(`no ${to} came in time`, said.n);
  const [before, after] = [said, told].map(
    ({ message }) => (message.ies as Readonly<Record<string, unknown>>)[element],
  );
  return sameValue(before, after)
    ? holds(`${to}, with the ${element} of ${from}`, said.n, told.n)
    : broken(`the ${element} of ${to} is not that of ${from}`, said.n, told.n);
}

/** The node has its context released, by the identifiers that it has. */
export function releasedAt(
  pdus: readonly SeenPdu[],
  { association, step, ids }: { readonly association: string; readonly step: string; readonly ids: Ids },
): Found {
  const command = messagesOf(pdus, 'UEContextReleaseCommand', 'received').find(
    (pdu) => pdu.association === association && pdu.step === step,
  );
  if (command === undefined) return broken('no UE CONTEXT RELEASE COMMAND came in time');
  return isOf(command.message.ies, ids)
    ? holds('UE CONTEXT RELEASE COMMAND', command.n)
    : broken('UE CONTEXT RELEASE COMMAND with other identifiers', command.n);
}

export type Ids = Pick<Ies<'HandoverCancelAcknowledge'>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>;

function isOf({ 'UE-NGAP-IDs': named }: Partial<Ies<'UEContextReleaseCommand'>>, ids: Ids): boolean {
  if (named === undefined) return false;
  if ('aMF-UE-NGAP-ID' in named) return named['aMF-UE-NGAP-ID'] === ids['AMF-UE-NGAP-ID'];
  if (!('uE-NGAP-ID-pair' in named)) return false;
  const { 'aMF-UE-NGAP-ID': amf, 'rAN-UE-NGAP-ID': ran } = named['uE-NGAP-ID-pair'];
  return amf === ids['AMF-UE-NGAP-ID'] && ran === ids['RAN-UE-NGAP-ID'];
}

/** Identifiers in the first message of that name that the tester sent. */
export function idsIn(
  pdus: readonly SeenPdu[],
  name: 'HandoverRequired' | 'HandoverRequestAcknowledge',
): Ids | null {
  const [message] = messagesOf(pdus, name, 'sent');
  const { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran } = message?.message.ies ?? {};
  return amf === undefined || ran === undefined ? null : { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran };
}

/** TS 33.501 6.7.3.2: every target is told the capabilities that the UE has. */
export function capabilitiesTold(pdus: readonly SeenPdu[], { observations }: Seen): Found {
  const own = observations.find(({ kind }) => kind === CAPABILITY);
  const hex = own !== undefined && isJsonObject(own.data) ? own.data['octets'] : undefined;
  const right = typeof hex === 'string' ? wireCapabilities(new Uint8Array(Buffer.from(hex, 'hex'))) : null;
  if (right === null) return unseen('the UE did not get there');
  return worstOf(
    messagesOf(pdus, 'HandoverRequest', 'received').map(({ n, message }) => {
      const { UESecurityCapabilities: told } = message.ies;
      return told !== undefined && isSameCapabilities(told, right)
        ? holds('the capabilities of the UE', n)
        : broken('other capabilities than the UE has', n);
    }),
    'no HANDOVER REQUEST came',
  );
}

/** Of every arrival of the UE. */
export function nextHops(facts: readonly SeenFact[], what: 'isSameKey' | 'isFresh', wrong: string): Found {
  return worstOf(
    facts
      .filter(({ fact }) => fact === 'handed-over')
      .map(({ n, data }) => {
        const text = `NCC ${Number(data['ncc'])}`;
        return data[what] === true ? holds(text, n) : broken(`${text}: ${wrong}`, n);
      }),
    'the UE was not handed over',
  );
}

/** What came of a ping where the UE has arrived, and what was said where it was before. */
export function dataSeen({ observations }: Seen, what: 'pingMs' | 'endMarker', otherwise: string): Found {
  const seen = observations.find(({ kind }) => kind === DATA);
  if (seen === undefined || !isJsonObject(seen.data)) return unseen('the UE has not arrived');
  const { [what]: found } = seen.data;
  if (typeof found === 'number') return holds(`an answer after ${Math.ceil(found)} ms`, seen.n);
  return found === true ? holds('an end marker', seen.n) : broken(otherwise, seen.n);
}
