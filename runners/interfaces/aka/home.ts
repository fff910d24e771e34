import { type AuthenticationFunctions, xor } from './functions.ts';
import { autnOf } from './keys.ts';
import { NO_AMF, numberOf, octetsOf, SQN_OCTETS } from './sequence-number.ts';
import type { UsimResponse, UsimChallenge } from './usim.ts';

/** A challenge by the home network. */
export interface Vector extends UsimChallenge, UsimResponse {}

export function vectorOf(
  functions: AuthenticationFunctions,
  { rand, sqn, amf }: { readonly rand: Uint8Array; readonly sqn: bigint; readonly amf: Uint8Array },
): Vector {
  const { res, ck, ik, ak } = functions.f2345(rand);
  const number = octetsOf(sqn);
  const mac = functions.f1({ rand, sqn: number, amf });
  const autn = autnOf({ sqn: number, ak, amf, mac });
  return { rand, autn, res, ck, ik, concealedSqn: autn.slice(0, SQN_OCTETS) };
}

/** The SQN of the USIM, as it says in an AUTS; `null` when the MAC in it is wrong. @see TS 33.102 clause 6.3.5 */
export function sqnInAuts(
  functions: AuthenticationFunctions,
  { rand, auts }: { readonly rand: Uint8Array; readonly auts: Uint8Array },
): bigint | null {
  const sqn = xor(auts.slice(0, SQN_OCTETS), functions.f5Star(rand));
  const mac = functions.f1Star({ rand, sqn, amf: NO_AMF });
  return mac.every((octet, at) => octet === auts[SQN_OCTETS + at]) ? numberOf(sqn) : null;
}
