import { decodeNas } from '../nas/codec.ts';
import { decodeIdentity } from '../nas/identity.ts';
import { readProtected } from '../nas/protection.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** Messages in messages: the protocol has no more than two in one. */
const DEEPEST = 3;
const SESSION_CONTAINER = 1;
/** Type of identity and the first digit stand in the first octet. */
const FIRST_DIGIT = 1;

/** Identities in a message of NAS, in place; what is ciphered stays as it is. Never throws. */
export function redactNas(bytes: Uint8Array, pseudonyms: Pseudonyms, depth = 0): void {
  const head = readProtected(bytes);
  if (head !== null) {
    redactNas(head.contents, pseudonyms, depth);
    return;
  }
  const ies: Readonly<Record<string, unknown>> = decodeNas(bytes).message?.ies ?? {};
  for (const [name, value] of Object.entries(ies)) {
    if (!(value instanceof Uint8Array)) continue;
    const isSession = name === 'payloadContainer' && ies['payloadContainerType'] === SESSION_CONTAINER;
    if (isSession || name === 'nasMessageContainer') {
      if (depth < DEEPEST) redactNas(value, pseudonyms, depth + 1);
    } else if (IDENTITIES.has(name)) redactIdentity(value, pseudonyms);
  }
}

const IDENTITIES: ReadonlySet<string> = new Set([
  ...['mobileIdentity', 'guti', 'sTmsi', 'additionalGuti', 'imeisv', 'eapMessage'],
]);

/** A mobile identity of 5GS; one of a kind that is not read loses all but its type. */
export function redactIdentity(value: Uint8Array, pseudonyms: Pseudonyms): void {
  const identity = decodeIdentity(value);
  if (identity === null) pseudonyms.octets('other', value.subarray(1));
  else if (identity.kind === 'guti' || identity.kind === 'sTmsi') pseudonyms.octets('tmsi', identity.tmsi);
  else if (identity.kind === 'suci' && identity.scheme === 0) pseudonyms.digits('msin', identity.output);
  else if (identity.kind === 'suci') pseudonyms.octets('suci', identity.output);
  else if (identity.kind !== 'none') pseudonyms.digits(identity.kind, value, FIRST_DIGIT);
}
