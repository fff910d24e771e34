import type { Outgoing } from '../../interfaces/ngap/types.ts';
import { keepsBack, NG_WIRE_DEFECTS, sends, without } from '../ng-wire.ts';
import { type AmfBehaviour, RIGHT_AMF } from './behaviour.ts';
import { AMF_HANDOVER_DEFECTS, withUpf } from './handover-defects.ts';
import type { NasBehaviour } from './nas-types.ts';

interface Defect {
  /** What it does wrong. */
  readonly says: string;
  readonly change: (before: AmfBehaviour) => Partial<AmfBehaviour>;
}

/** Of the octets of a UE security capability: everything but the null algorithms taken away. */
const ONLY_NULL = 0x80;

export const AMF_DEFECTS = {
  'plmn-mismatch-accepted': {
    says: 'serves nodes of a PLMN that is not its own',
    change: () => ({ checksPlmn: false }),
  },
  'setup-response-without-plmn-support': {
    says: 'leaves the mandatory PLMN Support List out of its NG SETUP RESPONSE',
    change: sends((message) => [without(message, 'NGSetupResponse', 'PLMNSupportList')]),
  },
  'update-unanswered': {
    says: 'does not answer a RAN CONFIGURATION UPDATE',
    change: keepsBack('RANConfigurationUpdateAcknowledge'),
  },
  'reset-half-done': {
    says: 'acknowledges a reset and keeps the first of the UEs that it names',
    change: () => ({ resets: (named) => named.slice(1) }),
  },
  'reconnect-refused': {
    says: 'refuses a node that connects again because its dead association is still there',
    change: () => ({ replacesDead: false }),
  },
  'null-integrity-accepted': {
    says: 'gives null integrity to a UE that has nothing else, without an emergency',
    change: nas({ acceptsNullIntegrity: true }),
  },
  'skips-authentication': {
    says: 'registers whoever it knows, without authentication and security',
    change: nas({ authenticates: false }),
  },
  'accepts-any-response': {
    says: 'takes any response to its challenge for the right one',
    change: nas({ checksResponse: false }),
  },
  'accepts-replayed-nas': {
    says: 'takes NAS messages again that it has had',
    change: nas({ acceptsReplays: true }),
  },
  'accepts-wrong-mac': {
    says: 'takes NAS messages whose message authentication code is wrong',
    change: nas({ checksIntegrity: false }),
  },
  'no-resynchronisation': {
    says: 'rejects a UE whose sequence number is ahead of its own',
    change: nas({ resynchronises: false }),
  },
  'no-nas-retransmission': {
    says: 'gives up what a UE has not answered in time, without saying it again',
    change: nas({ repeats: false }),
  },
  'bids-down': {
    says: 'repeats other security capabilities to the UE than those that it has sent',
    change: nas({ replayed: (capability) => capability.map((octet) => octet & ONLY_NULL) }),
  },
  'paging-lost': {
    says: 'does not page',
    change: () => ({ pages: false }),
  },
  'wrong-ue-id': {
    says: 'sends NAS under another identifier than that which the node gave the UE',
    change: sends((message) => [otherUe(message)]),
  },
  'ids-unchecked': {
    says: 'takes messages in which the identifiers of a UE do not belong together',
    change: () => ({ checksIds: false }),
  },
  'context-kept': {
    says: 'does not have the node release the context of a UE that has deregistered',
    change: keepsBack('UEContextReleaseCommand'),
  },
  'path-switch-trusts-node': {
    says: 'does not compare the security capabilities in a path switch with those of the UE',
    change: () => ({ checksCapabilities: false }),
  },
  'user-plane-dead': {
    says: 'sets sessions up through which nothing goes',
    change: withUpf({ answers: false }),
  },
  ...AMF_HANDOVER_DEFECTS,
  ...NG_WIRE_DEFECTS,
} as const satisfies Record<string, Defect>;

/** The right behaviour with these defects. */
export function amfBehaviourWith(defects: readonly string[]): AmfBehaviour {
  const chosen = Object.entries<Defect>(AMF_DEFECTS).filter(([name]) => defects.includes(name));
  return chosen.reduce<AmfBehaviour>(
    (before, [, { change }]) => ({ ...before, ...change(before) }),
    RIGHT_AMF,
  );
}

type Change = Defect['change'];

function nas(changed: Partial<NasBehaviour>): Change {
  return (before) => ({ nas: { ...before.nas, ...changed } });
}

function otherUe(message: Outgoing): Outgoing {
  if (message.name !== 'DownlinkNASTransport') return message;
  const id = message.ies['RAN-UE-NGAP-ID'];
  return { name: message.name, ies: { ...message.ies, 'RAN-UE-NGAP-ID': (id + 1) % 2 ** 32 } };
}
