import { encodeMobility } from '../../interfaces/nas/codec.ts';
import type { Ies, MobilityName } from '../../interfaces/nas/types.ts';
import type { NetworkAction, NetworkFact, NetworkUe } from './nas-types.ts';

/** A message to a UE: under security as soon as there is one. */
export function send<Name extends MobilityName>(ue: NetworkUe, message: Name, ies: Ies<Name>): NetworkAction {
  return { do: 'send', message, nas: secure(ue, encodeMobility(message, ies)) };
}

export function secure({ isSecured, context }: NetworkUe, plain: Uint8Array): Uint8Array {
  return isSecured && context !== null ? context.protect(plain, 'ciphered') : plain;
}

export function tell(fact: NetworkFact): NetworkAction {
  return { do: 'tell', fact };
}
