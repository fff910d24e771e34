import { PROTOCOL } from './codec.ts';
import type { E2apShape, RequestName } from './types.ts';
import { ApPeer, type ApPeerOptions, type OutcomeIn } from '../ap/peer.ts';

export type E2PeerOptions = ApPeerOptions<E2apShape>;
export type Outcome<Name extends RequestName> = OutcomeIn<E2apShape, Name>;

/** One end of E2AP on an association, whichever side it plays. */
export class E2Peer extends ApPeer<E2apShape> {
  constructor(options: E2PeerOptions) {
    super(PROTOCOL, options);
  }
}
