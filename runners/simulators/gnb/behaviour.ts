import { type NgWire, RIGHT_NG_WIRE } from '../ng-wire.ts';

/** How a gNB does what it does: the right way, or with defects. */
export interface GnbBehaviour extends NgWire {
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
  /** Of the sessions that are handed over to it, whether those in slices that it does not have are refused. */
  readonly checksSlices: boolean;
  /** Whether a UE is refused that is handed over to a cell that it does not have. */
  readonly checksCell: boolean;
  /** Whether packets go to and from a UE that has come from another node. */
  readonly servesArrived: boolean;
  /** Whether it forgets a UE that has left, or does not come, when it is told to. */
  readonly forgetsGone: boolean;
  /** What it does with a UE that is to be handed over to it. */
  readonly handedOver: 'admits' | 'refuses' | 'silent';
  /** Whether a handover that is not answered in time is cancelled. */
  readonly cancels: boolean;
  /** Whether a UE stays whose handover was refused. */
  readonly keepsRefused: boolean;
}

export const RIGHT_GNB: GnbBehaviour = {
  ...RIGHT_NG_WIRE,
  refusesDuplicates: true,
  resets: (named) => named,
  pages: true,
  checksAlgorithms: true,
  deliversNas: true,
  forwards: true,
  honoursTimeToWait: true,
  reconnects: true,
  checksIds: true,
  checksSlices: true,
  checksCell: true,
  servesArrived: true,
  forgetsGone: true,
  handedOver: 'admits',
  cancels: true,
  keepsRefused: true,
};
