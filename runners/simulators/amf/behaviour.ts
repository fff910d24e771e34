import type { Outgoing } from '../../interfaces/ngap/types.ts';
import type { EntryIn } from '../../interfaces/ap/peer.ts';
import type { NgapShape } from '../../interfaces/ngap/types.ts';
import { NGAP_PPID } from '../../interfaces/ngap/codec.ts';
import type { NasBehaviour } from './nas-types.ts';
import { RIGHT_NAS } from './nas-types.ts';
import type { UpfBehaviour } from './upf.ts';

export interface FaultyMessage {
  readonly entry: EntryIn<NgapShape>;
  /** Acts on it as if it were right. */
  readonly take: () => void;
}

/** How an AMF does what it does: the right way, or with defects. */
export interface AmfBehaviour {
  readonly ppid: number;
  readonly nas: NasBehaviour;
  readonly upf: UpfBehaviour;
  /** What goes out instead of a message; none: it is kept back. */
  readonly sends: (message: Outgoing) => readonly Outgoing[];
  /** What goes out because a message breaks the rules. */
  readonly faults: (standard: Outgoing | null, faulty: FaultyMessage) => Outgoing | null;
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
}

export const RIGHT_AMF: AmfBehaviour = {
  ppid: NGAP_PPID,
  nas: RIGHT_NAS,
  upf: { answers: true },
  sends: (message) => [message],
  faults: (standard) => standard,
  checksPlmn: true,
  replacesDead: true,
  resets: (named) => named,
  pages: true,
  checksIds: true,
  checksCapabilities: true,
};
