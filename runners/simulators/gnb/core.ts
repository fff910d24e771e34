import type { NextHop } from '../../interfaces/aka/key-chain.ts';
import type { OutcomeIn } from '../../interfaces/ap/peer.ts';
import type { RequestIn } from '../../interfaces/ap/types.ts';
import type { Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import type { UeFact } from '../ue/types.ts';
import type { GnbBehaviour } from './behaviour.ts';
import type { GnbSettings } from './settings.ts';
import type { UserPlane } from './user-plane.ts';

/** Something that has happened to a UE, also on the way to it. */
export type RanFact =
  | UeFact
  | { readonly fact: 'connected' | 'released' | 'paged' }
  /** Whether the key that the network gave the gNB is the one that the UE has. */
  | { readonly fact: 'context-set-up'; readonly isSameKey: boolean }
  | { readonly fact: 'context-refused'; readonly why: string }
  /** What became of the preparation of a handover. */
  | { readonly fact: 'handover-commanded' | 'handover-refused' | 'handover-cancelled' }
  /** It has arrived at another node: whether the next hop that this was given is the UE's, and another one than before. */
  | {
      readonly fact: 'handed-over';
      readonly ncc: NextHop['ncc'];
      readonly isSameKey: boolean;
      readonly isFresh: boolean;
    }
  | { readonly fact: 'bearer-up' | 'bearer-down'; readonly id: number };

/** The gNB, as far as one of its UEs needs it. */
export interface GnbCore {
  readonly settings: GnbSettings;
  readonly behaviour: GnbBehaviour;
  readonly userPlane: UserPlane;
  /** Sends to the AMF, unless the association has ended. */
  post(message: Outgoing): void;
  /** Sends a request and waits for what comes of it; without an association, or when that ends, `ended`. */
  ask<Name extends RequestIn<NgapShape>>(
    name: Name,
    ies: Ies<Name>,
    withinMs: number,
  ): Promise<OutcomeIn<NgapShape, Name>>;
  newUeId(): number;
  told(ue: object, fact: RanFact): void;
  /** The UE is somebody else's from now on. */
  remove(ue: object): void;
}
