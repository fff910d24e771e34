import type { Outgoing } from '../../interfaces/ngap/types.ts';
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
  | { readonly fact: 'bearer-up' | 'bearer-down'; readonly id: number };

/** The gNB, as far as one of its UEs needs it. */
export interface GnbCore {
  readonly settings: GnbSettings;
  readonly behaviour: GnbBehaviour;
  readonly userPlane: UserPlane;
  /** Sends to the AMF, unless the association has ended. */
  post(message: Outgoing): void;
  newUeId(): number;
  told(ue: object, fact: RanFact): void;
}
