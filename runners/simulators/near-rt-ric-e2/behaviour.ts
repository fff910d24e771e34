import type { Outgoing } from '../../interfaces/e2/answers.ts';
import type { DecodedPdu } from '../../interfaces/e2/codec.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import type { AnyMessage } from '../../interfaces/e2/types.ts';
import type { Session } from './session.ts';

export interface Faulty {
  readonly entry: PduEntry;
  readonly session: Session;
  /** What would be answered, were the message right. */
  readonly take: (message: AnyMessage) => Outgoing | null;
}

/** How a RIC does what it does: the right way, or with defects. */
export interface Behaviour {
  /** Payload protocol identifier of what it sends. */
  readonly ppid: number;
  /** Answers to a message that the rules let through. */
  readonly answers: (
    right: readonly Outgoing[],
    message: AnyMessage,
    session: Session,
  ) => readonly Outgoing[];
  /** What goes out because a message breaks the rules. */
  readonly faults: (standard: Outgoing | null, faulty: Faulty) => Outgoing | null;
  /** False from the message on after which it hears nothing more on that association. */
  readonly hears: (decoded: DecodedPdu) => boolean;
  /** After a reset. */
  readonly keepsSubscriptions: boolean;
  /** Associations: how many, and what becomes of the old ones when there are more. */
  readonly limit: 'refuse' | 'none' | 'drop-oldest';
  /** A subscription that was refused or not answered is asked for again, for ever. */
  readonly retries: boolean;
  /** What applications ask for is looked at. */
  readonly checksXapps: boolean;
  /** What nodes report is looked at. */
  readonly checksIndications: boolean;
  readonly limitsRate: boolean;
  /** Overrides the KPM version that it was told to speak. */
  readonly readsShortTime: boolean;
}
