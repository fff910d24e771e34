import type { Equipment } from '../../../src/domain/equipment.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import type { SctpListener } from '../../interfaces/sctp/types.ts';
import { Amf, type AmfDeps } from '../../simulators/amf/amf.ts';
import { type AmfBehaviour, RIGHT_AMF } from '../../simulators/amf/behaviour.ts';
import type { AmfUe } from '../../simulators/amf/core.ts';
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

export interface CoreNeeds {
  readonly bench: Bench;
  /** What comes on NG. */
  readonly product: Equipment;
  /** The network, and who may use it. */
  readonly ixit: NgIxit;
  readonly signal: AbortSignal;
  /** Address of ours for N3; null: one of this machine that nobody else has. */
  readonly n3Host: string | null;
  readonly behaviour?: Partial<AmfBehaviour>;
  /** Who sees to handovers; default: the AMF, of which the product is the only node. */
  readonly handovers?: AmfDeps['handovers'];
}

/** The tester as AMF, with what stands in for the rest of a core. */
export interface Core extends AsyncDisposable {
  readonly amf: Amf;
  /** Associations of the product, in the order in which they came. */
  readonly links: readonly NgLink[];
  /** Where the product has to go. */
  readonly at: JsonObject;
  /** What is seen from now on belongs to that step. */
  enter(step: string): void;
}

/** Waits for nobody; every association is shut down at the end. @throws Blocked when the equipment file does not say enough */
export async function openCore({
  bench,
  product,
  ixit,
  signal,
  n3Host,
  behaviour = {},
  handovers,
}: CoreNeeds): Promise<Core> {
  const endPoint = sctpEndPoint(product, 'ng');
  const { port = NGAP_PORT } = endPoint.tester;
  await using undo = new Teardown();
  const { transport, host, udpPort } = await openAwaiting(bench, endPoint);
  undo.use(transport);
  const right = { ...RIGHT_AMF, ...behaviour };
  const upf = undo.use(await Upf.open(n3Host, right.upf));
  const stop = new AbortController();
  const links: NgLink[] = [];
  const state = { step: 'setup' };
  const amf = new Amf({
    settings: settingsFor(bench, ixit),
    ...{ behaviour: right, upf, handovers, signal: AbortSignal.any([signal, stop.signal]) },
    subscribers: await subscribersOf(bench, ixit),
    homeKeys: await homePrivateKeys(bench, ixit.homeKeys),
    say: () => undefined,
    told: (ue, fact) => bench.observe(state.step, NETWORK_FACT, { ue: nameOf(amf, ue), ...fact }),
    openPeer: (association, options) => {
      const name = `association-${links.length + 1}`;
      const parties = { association: name, tester: 'amf', product: product.role };
      const link = new NgLink({ bench, association, parties, step: state.step, ...options });
      links.push(link);
      return link.peer;
    },
  });
  const listener = undo.use(await listenOn(transport, port));
  void admitAll(listener, { bench, amf, from: endPoint.host, state });
  undo.defer(async () => {
    stop.abort(new Error('the case is over'));
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
  readonly bench: Bench;
  readonly amf: Amf;
  readonly from: string | undefined;
  readonly state: { readonly step: string };
}

/** Takes what comes from the product; whoever else comes is sent away. */
async function admitAll(listener: SctpListener, { bench, amf, from, state }: Admitting): Promise<void> {
  for await (const association of listener.associations) {
    if (isStranger(association, from)) {
      association.abort('not expected here');
      continue;
    }
    // It took part in the handshake: something of ours has reached it.
    bench.stimulated();
    const { host, port } = association.peer;
    bench.observe(state.step, SCTP_EVENT, { association: 'next', type: 'arrived', from: { host, port } });
    amf.admit(association);
  }
}
