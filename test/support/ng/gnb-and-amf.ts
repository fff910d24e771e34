import { ApPeer, type EntryIn } from '../../../runners/interfaces/ap/peer.ts';
import { newMilenageKeys, type SubscriberKeys } from '../../../runners/interfaces/aka/subscriber-keys.ts';
import { PROTOCOL } from '../../../runners/interfaces/ngap/codec.ts';
import type { NgapShape } from '../../../runners/interfaces/ngap/types.ts';
import { Amf } from '../../../runners/simulators/amf/amf.ts';
import { amfBehaviourWith } from '../../../runners/simulators/amf/defects.ts';
import { type AmfSettings, DEFAULT_AMF } from '../../../runners/simulators/amf/settings.ts';
import { Upf } from '../../../runners/simulators/amf/upf.ts';
import { type GnbBehaviour, RIGHT_GNB } from '../../../runners/simulators/gnb/behaviour.ts';
import { Gnb } from '../../../runners/simulators/gnb/gnb.ts';
import { DEFAULT_GNB } from '../../../runners/simulators/gnb/settings.ts';
import { UserPlane } from '../../../runners/simulators/gnb/user-plane.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { anAssociation, soon } from '../e2/peers.ts';

export interface GnbAndAmfOptions {
  readonly defects?: readonly string[];
  readonly amf?: Partial<AmfSettings>;
  readonly keys?: SubscriberKeys;
}

/** A gNB and an AMF in this process, with one association between them, set up, and one UE that may come. */
export async function gnbAndAmf(options: GnbAndAmfOptions = {}) {
  await using undo = new Teardown();
  const house = undo.use(await openAmf(options));
  const { gnb, peer, outcome } = undo.use(await house.gnb());
  const owner = undo.move();
  return {
    ...{ gnb, amf: house.amf, peer, ue: house.ueOf(gnb), said: house.said, outcome },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

/** An AMF, and what is said to it and by it. */
export async function openAmf({ defects = [], amf, keys = newMilenageKeys() }: GnbAndAmfOptions = {}) {
  await using undo = new Teardown();
  const behaviour = amfBehaviourWith(defects);
  const upf = undo.use(await Upf.open(null, behaviour.upf));
  const settings = { ...DEFAULT_AMF, ...amf };
  const { slices } = settings;
  const subscriber = {
    ...{ imsi: '001010000000001', keys, amf: Uint8Array.of(0x80, 0), sqn: 0n, slices, dnns: ['internet'] },
  };
  const stop = new AbortController();
  undo.defer(async () => {
    stop.abort();
    await Promise.resolve();
  });
  const said: EntryIn<NgapShape>[] = [];
  const core = new Amf({
    ...{ settings, behaviour, subscribers: [subscriber], homeKeys: [], upf, signal: stop.signal },
    say: () => undefined,
    heard: (_link, entry) => said.push(entry),
  });
  const owner = undo.move();
  return {
    ...{ amf: core, said },
    gnb: (id = 1, behaves: Partial<GnbBehaviour> = {}) => openGnb(core, id, behaves),
    ueOf: (gnb: Gnb) => gnb.add({ plmn: '00101', msin: '0000000001', keys, slices }),
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

/** A gNB on an association of its own that has set up. */
async function openGnb(amf: Amf, id: number, behaves: Partial<GnbBehaviour>) {
  await using undo = new Teardown();
  const { client, server } = undo.use(await anAssociation());
  const userPlane = undo.use(await UserPlane.open(null));
  amf.admit(server);
  const gnb = new Gnb({
    settings: { ...DEFAULT_GNB, id, prepareWithinMs: 1_000, overallWithinMs: 300 },
    behaviour: { ...RIGHT_GNB, ...behaves },
    userPlane,
  });
  const { handle, answerFaults } = gnb;
  const peer = undo.use(new ApPeer<NgapShape>(PROTOCOL, { association: client, handle, answerFaults }));
  gnb.use(peer);
  const outcome = await gnb.setUp(soon());
  undo.defer(async () => {
    for (const ue of gnb.ues) ue.stop();
    await Promise.resolve();
  });
  const owner = undo.move();
  return { gnb, peer, outcome, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

export function inTime(withinMs = 3_000) {
  return { withinMs, signal: AbortSignal.timeout(10_000) };
}
