import { nextHopOf } from './keys.ts';

/** A next hop, and its place in the chain. */
export interface NextHop {
  /** Next Hop Chaining Count, 0 to 7. */
  readonly ncc: number;
  /** NH, 32 octets. */
  readonly key: Uint8Array;
}

const COUNTS = 8;

/**
 * The chain of next hops that AMF and UE go along, from a K_gNB on, each by itself. With the K_gNB count 0 goes; the first NH, which
 * nobody is given, has 1.
 * @see TS 33.501 clauses 6.9.2.1.1, 6.9.2.3.3
 */
export class KeyChain {
  readonly #kamf: Uint8Array;
  #now: NextHop;

  constructor(kamf: Uint8Array, kgnb: Uint8Array) {
    this.#kamf = kamf;
    this.#now = { ncc: 0, key: kgnb };
    this.next();
  }

  get now(): NextHop {
    return this.#now;
  }

  /** A fresh one: of the AMF, at every handover over N2 and at every path switch. */
  next(): NextHop {
    const { ncc, key } = this.#now;
    this.#now = { ncc: (ncc + 1) % COUNTS, key: nextHopOf(this.#kamf, key) };
    return this.#now;
  }

  /** Goes on to the next one that has this count: of the UE, which is told it. Where it is there already, it stays. */
  advanceTo(ncc: number): NextHop {
    for (let step = 0; step < COUNTS && this.#now.ncc !== ncc; step += 1) this.next();
    return this.#now;
  }
}
