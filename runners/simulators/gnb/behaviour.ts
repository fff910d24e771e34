import type { EntryIn } from '../../interfaces/ap/peer.ts';
import { NGAP_PPID } from '../../interfaces/ngap/codec.ts';
import type { NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';

export interface FaultyMessage {
  readonly entry: EntryIn<NgapShape>;
  /** Acts on it as if it were right. */
  readonly take: () => void;
}

/** How a gNB does what it does: the right way, or with defects. */
export interface GnbBehaviour {
  readonly ppid: number;
  /** What goes out instead of a message; none: it is kept back. */
  readonly sends: (message: Outgoing) => readonly Outgoing[];
  /** What goes out because a message breaks the rules. */
  readonly faults: (standard: Outgoing | null, faulty: FaultyMessage) => Outgoing | null;
  /** Whether a session whose number is in use is refused. */
  readonly refusesDuplicates: boolean;
  /** Of the UEs that a reset names, those that are released. */
  readonly resets: <T>(named: readonly T[]) => readonly T[];
  /** Whether pages reach UEs. */
  readonly pages: boolean;
  /** Whether a UE without algorithms that are common is refused. */
  readonly checksAlgorithms: boolean;
  /** Whether NAS that comes along with a context or session reaches the UE. */
  readonly deliversNas: boolean;
  /** Whether packets of users go up. */
  readonly forwards: boolean;
  /** Whether it waits as long as it is told before it asks again. */
  readonly honoursTimeToWait: boolean;
  /** Whether a lost association is made again. */
  readonly reconnects: boolean;
  /** Whether messages about UEs that it does not have are told of. */
  readonly checksIds: boolean;
}

export const RIGHT_GNB: GnbBehaviour = {
  ppid: NGAP_PPID,
  sends: (message) => [message],
  faults: (standard) => standard,
  refusesDuplicates: true,
  resets: (named) => named,
  pages: true,
  checksAlgorithms: true,
  deliversNas: true,
  forwards: true,
  honoursTimeToWait: true,
  reconnects: true,
  checksIds: true,
};
