import { NG_WIRE_DEFECTS, sends, without } from '../ng-wire.ts';
import { type GnbBehaviour, RIGHT_GNB } from './behaviour.ts';

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
    says: 'sets a session up whose number is in use, or stands twice in a list',
    change: () => ({ refusesDuplicates: false }),
  },
  'reset-half-done': {
    says: 'acknowledges a reset and keeps the first of the UEs that it names',
    change: () => ({ resets: (named) => named.slice(1) }),
  },
  'reset-unanswered': {
    says: 'does what a reset says, and does not acknowledge it',
    change: sends((message) => (message.name === 'NGResetAcknowledge' ? [] : [message])),
  },
  'paging-lost': {
    says: 'does not page',
    change: () => ({ pages: false }),
  },
  'null-integrity-accepted': {
    says: 'takes a UE with which it has no integrity algorithm in common',
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
  'handover-not-begun': {
    says: 'does not ask for a handover that is due',
    change: sends((message) => (message.name === 'HandoverRequired' ? [] : [message])),
  },
  'status-transfer-missing': {
    says: 'lets a UE go without telling the state of its bearers',
    change: sends((message) => (message.name === 'UplinkRANStatusTransfer' ? [] : [message])),
  },
  'handover-never-cancelled': {
    says: 'waits for ever for the answer to a handover that it asked for',
    change: () => ({ cancels: false }),
  },
  'refused-handover-drops-ue': {
    says: 'lets a UE fall whose handover was refused',
    change: () => ({ keepsRefused: false }),
  },
  'unknown-slice-admitted': {
    says: 'admits sessions that are handed over to it in a slice that it does not have',
    change: () => ({ checksSlices: false }),
  },
  'arrival-untold': {
    says: 'does not tell the AMF that a UE has arrived',
    change: sends((message) => (message.name === 'HandoverNotify' ? [] : [message])),
  },
  ...NG_WIRE_DEFECTS,
} as const satisfies Record<string, Defect>;

/** The right behaviour with these defects. */
export function gnbBehaviourWith(defects: readonly string[]): GnbBehaviour {
  const chosen = Object.entries<Defect>(GNB_DEFECTS).filter(([name]) => defects.includes(name));
  return chosen.reduce<GnbBehaviour>(
    (before, [, { change }]) => ({ ...before, ...change(before) }),
    RIGHT_GNB,
  );
}
