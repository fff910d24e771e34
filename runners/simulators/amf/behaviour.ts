import type { KeyChain, NextHop } from '../../interfaces/aka/key-chain.ts';
import { type NgWire, RIGHT_NG_WIRE } from '../ng-wire.ts';
import type { NasBehaviour } from './nas-types.ts';
import { RIGHT_NAS } from './nas-types.ts';
import type { UpfBehaviour } from './upf.ts';

/** How an AMF does what it does: the right way, or with defects. */
export interface AmfBehaviour extends NgWire {
  readonly nas: NasBehaviour;
  readonly upf: UpfBehaviour;
  /** Whether the PLMN of a node has to be one of ours. */
  readonly checksPlmn: boolean;
  /** Whether a node that comes again takes the place of its association that is dead. */
  readonly replacesDead: boolean;
  /** Of the UEs that a reset names, those that are released. */
  readonly resets: <T>(named: readonly T[]) => readonly T[];
  /** Whether pages go out. */
  readonly pages: boolean;
  /** Whether the identifiers of UE-associated messages are looked at. */
  readonly checksIds: boolean;
  /** Whether the security capabilities in a path switch are held against those of the UE. */
  readonly checksCapabilities: boolean;
  /** What the node is given that a UE goes to. */
  readonly nextHop: (chain: KeyChain) => NextHop;
}

export const RIGHT_AMF: AmfBehaviour = {
  ...RIGHT_NG_WIRE,
  nas: RIGHT_NAS,
  upf: { answers: true, switches: true, marksEnd: true },
  checksPlmn: true,
  replacesDead: true,
  resets: (named) => named,
  pages: true,
  checksIds: true,
  checksCapabilities: true,
  nextHop: (chain) => chain.next(),
};
