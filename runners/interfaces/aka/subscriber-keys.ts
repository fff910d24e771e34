import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '../../../src/kernel/result.ts';
import type { AuthenticationFunctions } from './functions.ts';
import { jsonIn, octetsIn } from './key-file.ts';
import { milenage, opcOf } from './milenage.ts';
import { topcOf, tuak } from './tuak.ts';

/** What USIM and home network share; octets. OP and TOP stand for OPc and TOPc that are made of them. */
export type SubscriberKeys =
  | { readonly set: 'milenage'; readonly k: Uint8Array; readonly opc: Uint8Array }
  | { readonly set: 'milenage'; readonly k: Uint8Array; readonly op: Uint8Array }
  | { readonly set: 'tuak'; readonly k: Uint8Array; readonly topc: Uint8Array }
  | { readonly set: 'tuak'; readonly k: Uint8Array; readonly top: Uint8Array };

/** @throws RangeError when a key has another length */
export function functionsOf(keys: SubscriberKeys): AuthenticationFunctions {
  const { k } = keys;
  if (keys.set === 'milenage') return milenage({ k, opc: 'opc' in keys ? keys.opc : opcOf(k, keys.op) });
  return tuak({ k, topc: 'topc' in keys ? keys.topc : topcOf(k, keys.top) });
}

/** Keys that nobody else has. */
export function newMilenageKeys(): SubscriberKeys {
  return {
    set: 'milenage',
    k: Uint8Array.from(randomBytes(16)),
    opc: Uint8Array.from(randomBytes(16)),
  };
}

/** What a file with the keys of a subscriber says. */
export interface SubscriberSecrets {
  readonly keys: SubscriberKeys;
  /** Authentication management field, 2 octets; default 8000. */
  readonly amf: Uint8Array;
}

/** Names of the operator's key, with the octets that it has. */
const OPERATOR_KEYS = { opc: 16, op: 16, topc: 32, top: 32 } as const;
type OperatorKey = keyof typeof OPERATOR_KEYS;
const DEFAULT_AMF = '8000';

/** @param text JSON: `{"k": hex, "opc" | "op" | "topc" | "top": hex, "amf"?: hex}`; what is wrong is told without any of it */
export function parseSubscriberSecrets(text: string): Result<SubscriberSecrets, string> {
  const given = jsonIn(text);
  if (given === null) return err('it is no JSON object');
  const name = (Object.keys(OPERATOR_KEYS) as OperatorKey[]).find((each) => given[each] !== undefined);
  if (name === undefined) return err('one of opc, op, topc, top is missing');
  const [k, operator, amf] = [
    octetsIn(given['k']),
    octetsIn(given[name]),
    octetsIn(given['amf'] ?? DEFAULT_AMF),
  ];
  const lengths = name.startsWith('top') ? [16, 32] : [16];
  if (k === null || !lengths.includes(k.length))
    return err(`k must have ${lengths.join(' or ')} octets in hexadecimal`);
  if (operator?.length !== OPERATOR_KEYS[name])
    return err(`${name} must have ${OPERATOR_KEYS[name]} octets in hexadecimal`);
  if (amf?.length !== 2) return err('amf must have 2 octets in hexadecimal');
  return ok({ keys: keysOf(name, { k, operator }), amf });
}

function keysOf(
  name: OperatorKey,
  { k, operator }: { readonly k: Uint8Array; readonly operator: Uint8Array },
): SubscriberKeys {
  switch (name) {
    case 'opc':
      return { set: 'milenage', k, opc: operator };
    case 'op':
      return { set: 'milenage', k, op: operator };
    case 'topc':
      return { set: 'tuak', k, topc: operator };
    case 'top':
      return { set: 'tuak', k, top: operator };
  }
}
