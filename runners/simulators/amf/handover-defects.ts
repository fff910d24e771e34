import type { Ies, Outgoing } from '../../interfaces/ngap/types.ts';
import { wireCapabilities } from '../../interfaces/ngap/values.ts';
import { sends } from '../ng-wire.ts';
import type { AmfBehaviour } from './behaviour.ts';
import type { UpfBehaviour } from './upf.ts';

/** A UE that has the null algorithms alone. */
const NOTHING = wireCapabilities(Uint8Array.of(0x80, 0x80, 0x80, 0x80));

/** What an AMF may do wrong when UEs are handed over. */
export const AMF_HANDOVER_DEFECTS = {
  'handover-bids-down': {
    says: 'tells the target of a handover of other security capabilities than the UE has',
    change: sends((message) => [
      changed(message, 'HandoverRequest', () => ({ UESecurityCapabilities: NOTHING })),
    ]),
  },
  'next-hop-repeated': {
    says: 'gives every node that a UE goes to the same next hop',
    change: () => ({ nextHop: (chain) => chain.now }),
  },
  'next-hop-unlinked': {
    says: 'counts next hops, and gives keys that are none',
    change: () => ({ nextHop: (chain) => ({ ncc: chain.next().ncc, key: new Uint8Array(32).fill(0x5a) }) }),
  },
  'container-changed': {
    says: 'changes what the source hands the target in its container',
    change: sends((message) => [
      changed(message, 'HandoverRequest', (ies) => ({
        'SourceToTarget-TransparentContainer': ies['SourceToTarget-TransparentContainer'].map(
          (octet, at, { length }) => (at === length - 1 ? octet ^ 1 : octet),
        ),
      })),
    ]),
  },
  'refusal-untold': {
    says: 'does not tell the source that a handover could not be prepared',
    change: without('HandoverPreparationFailure'),
  },
  'status-transfer-lost': {
    says: 'does not pass the state of bearers on to the target',
    change: without('DownlinkRANStatusTransfer'),
  },
  'source-not-released': {
    says: 'does not have the source release a UE that has arrived at the target',
    change: keepsContextOf('successful-handover'),
  },
  'cancel-unheard-by-target': {
    says: 'acknowledges the cancel of a handover, and lets the target wait',
    change: keepsContextOf('handover-cancelled'),
  },
  'path-not-switched': {
    says: 'sends what goes down to the node that a UE has left',
    change: withUpf({ switches: false }),
  },
  'end-marker-missing': {
    says: 'does not tell the node that a UE has left that nothing more comes',
    change: withUpf({ marksEnd: false }),
  },
} as const satisfies Record<
  string,
  { readonly says: string; readonly change: (before: AmfBehaviour) => Partial<AmfBehaviour> }
>;

export function withUpf(change: Partial<UpfBehaviour>): (before: AmfBehaviour) => Partial<AmfBehaviour> {
  return (before) => ({ upf: { ...before.upf, ...change } });
}

function without(name: Outgoing['name']): ReturnType<typeof sends> {
  return sends((message) => (message.name === name ? [] : [message]));
}

/** Of a UE that is released for that reason. */
function keepsContextOf(reason: 'successful-handover' | 'handover-cancelled'): ReturnType<typeof sends> {
  return sends((message) => {
    if (message.name !== 'UEContextReleaseCommand') return [message];
    const { Cause } = message.ies;
    return 'radioNetwork' in Cause && Cause.radioNetwork === reason ? [] : [message];
  });
}

function changed<Name extends Outgoing['name']>(
  message: Outgoing,
  name: Name,
  change: (ies: Ies<Name>) => Partial<Ies<Name>>,
): Outgoing {
  if (message.name !== name) return message;
  const ies = message.ies as Ies<Name>;
  return { name, ies: { ...ies, ...change(ies) } } as unknown as Outgoing;
}
