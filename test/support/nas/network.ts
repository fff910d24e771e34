import { randomBytes } from 'node:crypto';
import { newMilenageKeys, type SubscriberKeys } from '../../../runners/interfaces/aka/subscriber-keys.ts';
import { NetworkNas } from '../../../runners/simulators/amf/nas.ts';
import {
  type NasBehaviour,
  type Network,
  type NetworkAction,
  type NetworkFact,
  RIGHT_NAS,
} from '../../../runners/simulators/amf/nas-types.ts';
import { Ue } from '../../../runners/simulators/ue/ue.ts';
import type { UeAction, UeBehaviour, UeFact, UeProfile } from '../../../runners/simulators/ue/types.ts';

const SLICE = { sst: 1, sd: 0x010203 };
const AMF_FIELD = Uint8Array.of(0x80, 0x00);

export interface PairOptions {
  readonly keys?: SubscriberKeys;
  readonly profile?: Partial<UeProfile>;
  readonly ue?: Partial<UeBehaviour>;
  readonly network?: Partial<Network>;
  readonly nas?: Partial<NasBehaviour>;
  /** What does not arrive, by the name of the message. */
  readonly loses?: (message: string) => boolean;
}

/** A UE and its network without anything between them: what one says, the other hears at once. */
export interface NasPair {
  readonly ue: Ue;
  readonly nas: NetworkNas;
  readonly facts: (UeFact | NetworkFact)[];
  /** Everything that was said, by the name of the message. */
  readonly said: { readonly by: 'ue' | 'network'; readonly message: string; readonly nas: Uint8Array }[];
  readonly kgnbs: Uint8Array[];
  /** What the UE wants to be done, and all that comes of it. */
  readonly run: (actions: readonly UeAction[]) => void;
  readonly runNetwork: (actions: readonly NetworkAction[]) => void;
  readonly loses: (message: string) => boolean;
}

export function nasPair({
  keys = newMilenageKeys(),
  profile,
  ue,
  network,
  nas,
  loses = () => false,
}: PairOptions = {}): NasPair {
  const subscriber = {
    ...{ imsi: '001010000000001', keys, amf: AMF_FIELD, sqn: 0n, slices: [SLICE], dnns: ['internet'] },
  };
  const theNetwork: Network = {
    plmn: '00101',
    amfId: { region: 2, set: 1, pointer: 0 },
    tacs: [1],
    ciphering: [2, 1, 3, 0],
    integrity: [2, 1, 3],
    networkName: null,
    subscribers: new Map([[subscriber.imsi, subscriber]]),
    homeKeys: [],
    behaviour: { ...RIGHT_NAS, ...nas },
    newTmsi: () => Uint8Array.from(randomBytes(4)),
    newRand: () => Uint8Array.from(randomBytes(16)),
    ...network,
  };
  const pair: NasPair = {
    ue: new Ue({ plmn: '00101', msin: '0000000001', keys, slices: [SLICE], ...profile }, ue),
    nas: new NetworkNas(theNetwork),
    ...{ facts: [], said: [], kgnbs: [], loses },
    run: (actions) => actions.forEach((action) => doForUe(pair, action)),
    runNetwork: (actions) => actions.forEach((action) => doForNetwork(pair, action)),
  };
  return pair;
}

function doForUe(pair: NasPair, action: UeAction): void {
  if (action.do === 'tell') pair.facts.push(action.fact);
  if (action.do !== 'send') return;
  if (action.initial !== undefined) pair.nas.connected();
  pair.said.push({ by: 'ue', message: action.message, nas: action.nas });
  if (!pair.loses(action.message)) pair.runNetwork(pair.nas.receive(action.nas));
}

function doForNetwork(pair: NasPair, action: NetworkAction): void {
  const toUe = (message: string, nas: Uint8Array): void => {
    pair.said.push({ by: 'network', message, nas });
    if (!pair.loses(message)) pair.run(pair.ue.receive(nas));
  };
  switch (action.do) {
    case 'tell':
      pair.facts.push(action.fact);
      return;
    case 'send':
      toUe(action.message, action.nas);
      return;
    case 'set-up-context':
      pair.kgnbs.push(action.kgnb);
      toUe('InitialContextSetup', action.nas);
      return;
    case 'set-up-session':
      pair.nas.sessionSetUp(action.session.id, true);
      toUe('PduSessionSetup', action.accept('10.45.0.2', 5));
      return;
    case 'release-session':
      toUe('PduSessionRelease', action.nas);
      return;
    case 'release':
      pair.ue.connectionReleased();
  }
}
