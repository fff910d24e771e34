import { randomBytes } from 'node:crypto';
import type { AuthenticationFunctions } from './functions.ts';
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
