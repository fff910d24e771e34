import type { HomeKeys } from './keys.ts';
import { type AuthenticationFunctions, xor } from './functions.ts';
import { NO_AMF, numberOf, octetsOf } from './sequence-number.ts';

const AK_AT = 0;
const AMF_AT = 6;
const MAC_AT = 8;
/** The highest bit of AMF says that the vector was made for 5G. @see TS 33.501 clause 6.1.3.2 */
const SEPARATION = 0x80;

export interface UsimChallenge {
  readonly rand: Uint8Array;
  readonly autn: Uint8Array;
}

export interface UsimResponse extends Pick<HomeKeys, 'ck' | 'ik'> {
  readonly res: Uint8Array;
  /** SQN xor AK. */
  readonly concealedSqn: Uint8Array;
}

export type UsimAnswer =
  | ({ readonly kind: 'response' } & UsimResponse)
  | { readonly kind: 'mac-failure' | 'not-5g' }
  /** SQN is none that is new: the one that is, concealed, and its MAC. */
  | { readonly kind: 'synchronisation-failure'; readonly auts: Uint8Array };

/** The USIM's part of 5G AKA: it knows the keys and the highest SQN that it has seen. @see TS 33.102 clause 6.3.3 */
export class Usim {
  readonly #functions: AuthenticationFunctions;
  #sqn: bigint;

  /** @param sqn the highest that was seen */
  constructor(functions: AuthenticationFunctions, sqn = 0n) {
    this.#functions = functions;
    this.#sqn = sqn;
  }

  /** As if challenges with higher numbers had been seen: the network then has to resynchronise. */
  advance(sqn: bigint): void {
    this.#sqn = sqn;
  }

  challenge({ rand, autn }: UsimChallenge): UsimAnswer {
    const { res, ck, ik, ak } = this.#functions.f2345(rand);
    const concealedSqn = autn.slice(AK_AT, AMF_AT);
    const sqn = xor(concealedSqn, ak);
    const amf = autn.slice(AMF_AT, MAC_AT);
    const mac = this.#functions.f1({ rand, sqn, amf });
    if (!mac.every((octet, at) => octet === autn[MAC_AT + at])) return { kind: 'mac-failure' };
    if (((amf[0] ?? 0) & SEPARATION) === 0) return { kind: 'not-5g' };
    const number = numberOf(sqn);
    if (number <= this.#sqn) return { kind: 'synchronisation-failure', auts: this.#auts(rand) };
    this.#sqn = number;
    return { kind: 'response', res, ck, ik, concealedSqn };
  }

  #auts(rand: Uint8Array): Uint8Array {
    const sqn = octetsOf(this.#sqn);
    const mac = this.#functions.f1Star({ rand, sqn, amf: NO_AMF });
    return Uint8Array.from([...xor(sqn, this.#functions.f5Star(rand)), ...mac]);
  }
}
