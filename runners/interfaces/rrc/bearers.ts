import { PdcpReceiver, type PdcpSecurity, PdcpSender } from '../pdcp/entity.ts';
import type { BearerKind } from '../pdcp/pdu.ts';

/** Both ways of a radio bearer. */
export interface BearerEnds {
  readonly sender: PdcpSender;
  readonly receiver: PdcpReceiver;
}

export function bearerEnds(about: {
  readonly kind: BearerKind;
  readonly bearer: number;
  readonly sends: 'uplink' | 'downlink';
}): BearerEnds {
  const { kind, bearer, sends } = about;
  const receives = sends === 'uplink' ? 'downlink' : 'uplink';
  return {
    sender: new PdcpSender({ kind, bearer, direction: sends }),
    receiver: new PdcpReceiver({ kind, bearer, direction: receives }),
  };
}

/** Signalling radio bearers 1 and 2 of a UE, at one end. */
export class SignallingBearers {
  readonly #sends: 'uplink' | 'downlink';
  readonly #ends = new Map<number, BearerEnds>();
  #sending: PdcpSecurity = { ciphering: null, integrity: null };
  #receiving: PdcpSecurity = { ciphering: null, integrity: null };

  constructor(sends: 'uplink' | 'downlink') {
    this.#sends = sends;
  }

  has(srb: number): boolean {
    return this.#ends.has(srb);
  }

  /** Both ends of a bearer; one that was not there is made, under the security that there is now. */
  ends(srb: number): BearerEnds {
    const known = this.#ends.get(srb);
    if (known !== undefined) return known;
    const ends = bearerEnds({ kind: 'srb', bearer: srb, sends: this.#sends });
    ends.sender.security = this.#sending;
    ends.receiver.security = this.#receiving;
    this.#ends.set(srb, ends);
    return ends;
  }

  secureSending(security: Partial<PdcpSecurity>): void {
    this.#sending = { ...this.#sending, ...security };
    for (const { sender } of this.#ends.values()) sender.security = this.#sending;
  }

  secureReceiving(security: Partial<PdcpSecurity>): void {
    this.#receiving = { ...this.#receiving, ...security };
    for (const { receiver } of this.#ends.values()) receiver.security = this.#receiving;
  }
}
