import type { Outgoing } from '../../interfaces/ngap/types.ts';
import { type FaultyMessage, type GnbBehaviour, RIGHT_GNB } from './behaviour.ts';

interface Defect {
  /** What it does wrong. */
  readonly says: string;
  readonly change: (before: GnbBehaviour) => Partial<GnbBehaviour>;
}

export const GNB_DEFECTS = {
  'setup-without-areas': {
    says: 'leaves the mandatory Supported TA List out of its NG SETUP REQUEST',
    change: sends((message) => [without(message, 'NGSetupRequest', 'SupportedTAList')]),
  },
  'time-to-wait-ignored': {
    says: 'sets up again at once when it was told how long to wait',
    change: () => ({ honoursTimeToWait: false }),
  },
  'duplicate-session-accepted': {
    says: 'sets a session up again whose number is in use',
    change: () => ({ refusesDuplicates: false }),
  },
  'reset-half-done': {
    says: 'acknowledges a reset and keeps the first of the UEs that it names',
    change: () => ({ resets: (named) => named.slice(1) }),
  },
  'paging-lost': {
    says: 'does not page',
    change: () => ({ pages: false }),
  },
  'null-integrity-accepted': {
    says: 'sets up the context of a UE with which it has no integrity algorithm in common',
    change: () => ({ checksAlgorithms: false }),
  },
  'nas-lost': {
    says: 'sets contexts and sessions up, and loses the NAS that comes along',
    change: () => ({ deliversNas: false }),
  },
  'user-plane-dead': {
    says: 'sets sessions up through which nothing goes',
    change: () => ({ forwards: false }),
  },
  'never-reconnects': {
    says: 'does not come again when its association was lost',
    change: () => ({ reconnects: false }),
  },
  'update-unanswered': {
    says: 'does not answer an AMF CONFIGURATION UPDATE',
    change: sends((message) => (message.name === 'AMFConfigurationUpdateAcknowledge' ? [] : [message])),
  },
  'release-incomplete': {
    says: 'does not confirm that it has released a context',
    change: sends((message) => (message.name === 'UEContextReleaseComplete' ? [] : [message])),
  },
  'ids-unchecked': {
    says: 'says nothing about UEs that it does not have',
    change: () => ({ checksIds: false }),
  },
  'ignores-criticality': {
    says: 'takes messages with unknown elements as if their criticality were no matter',
    change: faults((standard, { entry, take }) => {
      const isStrange = (entry.comprehension?.findings ?? []).some(({ kind }) => kind === 'notUnderstood');
      if (!isStrange || entry.decoded.message === null) return standard;
      take();
      return null;
    }),
  },
  'ignores-malformed': {
    says: 'says nothing about messages that cannot be decoded',
    change: faults((standard, { entry }) => (entry.decoded.faults.length > 0 ? null : standard)),
  },
  'crashes-on-malformed': {
    says: 'crashes on a message that cannot be decoded',
    change: faults((standard, { entry }) => {
      // The product is gone, as after a fault in it: no answer, no tear-down.
      if (entry.decoded.faults.length > 0) process.exit(71);
      return standard;
    }),
  },
  'ppid-0': {
    says: 'sends everything with payload protocol identifier 0',
    change: () => ({ ppid: 0 }),
  },
} as const satisfies Record<string, Defect>;

/** The right behaviour with these defects. */
export function gnbBehaviourWith(defects: readonly string[]): GnbBehaviour {
  const chosen = Object.entries<Defect>(GNB_DEFECTS).filter(([name]) => defects.includes(name));
  return chosen.reduce<GnbBehaviour>(
    (before, [, { change }]) => ({ ...before, ...change(before) }),
    RIGHT_GNB,
  );
}

type Change = Defect['change'];

function sends(alter: (message: Outgoing) => readonly Outgoing[]): Change {
  return (before) => ({ sends: (message) => before.sends(message).flatMap(alter) });
}

function faults(alter: (standard: Outgoing | null, faulty: FaultyMessage) => Outgoing | null): Change {
  return (before) => ({ faults: (standard, faulty) => alter(before.faults(standard, faulty), faulty) });
}

function without(message: Outgoing, name: Outgoing['name'], element: string): Outgoing {
  return message.name === name
    ? ({ name, ies: { ...message.ies, [element]: undefined } } as unknown as Outgoing)
    : message;
}
