import type { Equipment } from '../../../src/domain/equipment.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import type { SctpAssociation, SctpListener } from '../../interfaces/sctp/types.ts';
import { Amf, type AmfDeps } from '../../simulators/amf/amf.ts';
import { type AmfBehaviour, RIGHT_AMF } from '../../simulators/amf/behaviour.ts';
import type { AmfUe, PeerOptions } from '../../simulators/amf/core.ts';
import type { Subscriber } from '../../simulators/amf/nas-types.ts';
import { type AmfSettings, TESTER_AMF } from '../../simulators/amf/settings.ts';
import { Upf } from '../../simulators/amf/upf.ts';
import { isStranger } from '../ap/door.ts';
import { SCTP_EVENT } from '../ap/message-observation.ts';
import type { Bench } from '../procedure.ts';
import { sctpEndPoint } from '../sctp-end-point.ts';
import { listenOn, openAwaiting } from '../sctp-transport.ts';
import { homePrivateKeys } from './home-keys.ts';
import { type NgIxit, subscriberSecrets } from './ixit.ts';
import { NgLink } from './link.ts';
import { NETWORK_FACT } from './network-facts.ts';

export interface NetworkNeeds {
  readonly bench: Bench;
  /** The network, and who may use it. */
  readonly ixit: NgIxit;
  readonly signal: AbortSignal;
  /** Address of ours for N3; null: one of this machine that nobody else has. */
  readonly n3Host: string | null;
  readonly behaviour?: Partial<AmfBehaviour>;
  /** Who sees to handovers; default: the AMF, which knows the nodes that are connected to it. */
  readonly handovers?: AmfDeps['handovers'];
  /** Where the AMF is told otherwise than the IXIT says. */
  readonly settings?: Partial<AmfSettings>;
}

export interface CoreNeeds extends NetworkNeeds {
  /** What comes on NG. */
  readonly product: Equipment;
}

/** The tester as AMF, with what stands in for the rest of a core. */
export interface Core extends AsyncDisposable {
  readonly amf: Amf;
  /** Associations of the product, in the order in which they came. */
  readonly links: readonly NgLink[];
  /** Where the product has to go. */
  readonly at: JsonObject;
  /** What is seen from now on belongs to that step. */
  readonly enter: (step: string) => void;
}

/** An AMF to which products come, each by a door of its own. */
export interface Network extends AsyncDisposable {
  readonly bench: Bench;
  readonly amf: Amf;
  readonly state: { step: string };
  /** The case is over: what breaks from now on is of no interest. */
  stop(): void;
  admit(association: SctpAssociation, open: OpenLink): void;
}

type OpenLink = (association: SctpAssociation, options: PeerOptions) => NgLink;

/** Waits for nobody; every association is shut down at the end. @throws Blocked when the equipment file does not say enough */
export async function openCore({ product, ...needs }: CoreNeeds): Promise<Core> {
  await using undo = new Teardown();
  const network = undo.use(await openNetwork(needs));
  const core = undo.use(await openDoor(network, { product, called: 'association' }));
  const owner = undo.move();
  const { amf, links, at, enter } = core;
  return { amf, links, at, enter, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

/** An AMF that nobody can come to yet. @throws Blocked as {@link openCore} */
export async function openNetwork(needs: NetworkNeeds): Promise<Network> {
  const { bench, ixit, signal, n3Host, behaviour = {}, handovers, settings } = needs;
  const right = { ...RIGHT_AMF, ...behaviour };
  const [subscribers, homeKeys] = [
    await subscribersOf(bench, ixit),
    await homePrivateKeys(bench, ixit.homeKeys),
  ];
  await using undo = new Teardown();
  const upf = undo.use(await Upf.open(n3Host, right.upf));
  const over = new AbortController();
  const state = { step: 'setup' };
  let open: OpenLink | null = null;
  const amf = new Amf({
    settings: { ...settingsFor(bench, ixit), ...settings },
    ...{ behaviour: right, upf, handovers, signal: AbortSignal.any([signal, over.signal]) },
    ...{ subscribers, homeKeys, say: () => undefined },
    told: (ue, fact) => bench.observe(state.step, NETWORK_FACT, { ue: nameOf(amf, ue), ...fact }),
    openPeer: (association, options) => {
      if (open === null) throw new TypeError('nobody was admitted');
      return open(association, options).peer;
    },
  });
  const owner = undo.move();
  return {
    ...{ bench, amf, state },
    stop: () => over.abort(new Error('the case is over')),
    admit: (association, by) => {
      open = by;
      amf.admit(association);
    },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

interface Door {
  readonly product: Equipment;
  /** How its associations are called, with a number each. */
  readonly called: string;
}

/** Where one product comes to the network. Disposing it shuts its associations down. @throws Blocked as {@link openCore} */
export async function openDoor(network: Network, { product, called }: Door): Promise<Core> {
  const { bench, amf, state } = network;
  const endPoint = sctpEndPoint(product, 'ng');
  const { port = NGAP_PORT } = endPoint.tester;
  await using undo = new Teardown();
  const { transport, host, udpPort } = await openAwaiting(bench, endPoint);
  undo.use(transport);
  const links: NgLink[] = [];
  const open: OpenLink = (association, options) => {
    const name = `${called}-${links.length + 1}`;
    const parties = { association: name, tester: 'amf', product: product.role };
    const link = new NgLink({ bench, association, parties, step: state.step, ...options });
    links.push(link);
    return link;
  };
  const listener = undo.use(await listenOn(transport, port));
  void admitAll(listener, { network, open, from: endPoint.host });
  undo.defer(async () => {
    network.stop();
    for (const link of links) await link.close();
  });
  const owner = undo.move();
  return {
    ...{ amf, links, at: { host, port, ...(udpPort === undefined ? {} : { udpPort }) } },
    enter: (step) => {
      state.step = step;
      for (const link of links) link.enter(step);
    },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

function settingsFor(bench: Bench, { plmn, tac, slices }: NgIxit): AmfSettings {
  const answerWithinMs = bench.number('responseTimeMs');
  return { ...TESTER_AMF, plmn, tacs: [tac], slices, answerWithinMs };
}

async function subscribersOf(
  bench: Bench,
  { subscribers, slices, dnn }: NgIxit,
): Promise<readonly Subscriber[]> {
  return Promise.all(
    subscribers.map(async (each) => ({
      // Ahead of what its USIM has seen in earlier cases.
      ...{ imsi: each.imsi, slices, dnns: [dnn], sqn: BigInt(Date.now()) << 5n },
      ...(await subscriberSecrets(bench, each)),
    })),
  );
}

/** UEs are named in the order in which they came: who they are stands in no evidence. */
function nameOf({ ues }: Amf, ue: AmfUe): string {
  return `ue-${ues.indexOf(ue) + 1}`;
}

interface Admitting {
  readonly network: Network;
  readonly open: OpenLink;
  readonly from: string | undefined;
}

/** Takes what comes from the product; whoever else comes is sent away. */
async function admitAll(listener: SctpListener, { network, open, from }: Admitting): Promise<void> {
  const { bench, state } = network;
  for await (const association of listener.associations) {
    if (isStranger(association, from)) {
      association.abort('not expected here');
      continue;
    }
    // It took part in the handshake: something of ours has reached it.
    bench.stimulated();
    const { host, port } = association.peer;
    bench.observe(state.step, SCTP_EVENT, { association: 'next', type: 'arrived', from: { host, port } });
    network.admit(association, open);
  }
}
