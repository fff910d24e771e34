import { ApPeer } from '../../../runners/interfaces/ap/peer.ts';
import { outgoing as ng, PROTOCOL as NGAP } from '../../../runners/interfaces/ngap/codec.ts';
import type { NgapShape } from '../../../runners/interfaces/ngap/types.ts';
import { outgoing, PROTOCOL as XNAP } from '../../../runners/interfaces/xnap/codec.ts';
import { setupRequest } from '../../../runners/interfaces/xnap/node.ts';
import type { XnapShape } from '../../../runners/interfaces/xnap/types.ts';
import { AmfLink } from '../../../runners/simulators/xn-gnb/amf.ts';
import { defective } from '../../../runners/simulators/xn-gnb/defects.ts';
import { Gnb } from '../../../runners/simulators/xn-gnb/gnb.ts';
import { neighbourIn } from '../../../runners/simulators/xn-gnb/neighbours.ts';
import { gnbOf, readSettings } from '../../../runners/simulators/xn-gnb/settings.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { anAssociation, soon } from '../e2/peers.ts';

export function aGnb(settings: Readonly<Record<string, Json>> = {}, ...defects: readonly string[]): Gnb {
  const wanted = readSettings({
    answerWithinMs: 1_000,
    prepareWithinMs: 60,
    overallWithinMs: 90,
    ...settings,
  });
  return new Gnb({ settings: wanted, has: defective(defects), say: () => {} });
}

/** A gNB and, at the other end of an association, whoever tests it: a gNB with the number 2. */
export async function aGnbAndANeighbour(...defects: readonly string[]) {
  await using undo = new Teardown();
  const { client, server } = undo.use(await anAssociation());
  const gnb = aGnb({}, ...defects);
  gnb.admit(server);
  const peer = undo.use(new ApPeer<XnapShape>(XNAP, { association: client }));
  const owner = undo.move();
  return { gnb, peer, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

export const neighbour = gnbOf(readSettings({ gnb: 2 }));

/** As above, with Xn set up. */
export async function neighbours(...defects: readonly string[]) {
  const pair = await aGnbAndANeighbour(...defects);
  await pair.peer.request('XnSetupRequest', setupRequest(neighbour), soon());
  return pair;
}

/** Two gNBs that have set Xn up, each with an AMF that does what it is asked. */
export async function twoGnbs() {
  await using undo = new Teardown();
  const { client, server } = undo.use(await anAssociation());
  const [near, far] = [aGnb(), aGnb({ gnb: 2 })];
  far.admit(server);
  const session = near.open(client);
  const outcome = await session.ask('XnSetupRequest', setupRequest(near.node));
  if (outcome.kind !== 'successful') throw new Error(`Xn was not set up: ${outcome.kind}`);
  session.neighbour = neighbourIn(outcome.message.ies);
  const amf = undo.use(await anAmf(far));
  const owner = undo.move();
  return { near, far, session, amf, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

/** An AMF of that gNB, with NG set up. */
export async function anAmf(gnb: Gnb) {
  await using undo = new Teardown();
  const { client, server } = undo.use(await anAssociation());
  const plmn = Uint8Array.of(0, 0xf1, 0x10);
  const s = { 's-NSSAI': { sST: Uint8Array.of(1) } };
  const amf = undo.use(
    new ApPeer<NgapShape>(NGAP, {
      association: server,
      handle: (message) => {
        if (message.name === 'NGSetupRequest')
          return [
            ng('NGSetupResponse', {
              AMFName: 'amf',
              ServedGUAMIList: [
                {
                  gUAMI: {
                    pLMNIdentity: plmn,
                    aMFRegionID: { bits: Uint8Array.of(1), length: 8 },
                    aMFSetID: { bits: Uint8Array.of(0, 0x40), length: 10 },
                    aMFPointer: { bits: Uint8Array.of(0), length: 6 },
                  },
                },
              ],
              RelativeAMFCapacity: 255,
              PLMNSupportList: [{ pLMNIdentity: plmn, sliceSupportList: [s] }],
            }),
          ];
        if (message.name !== 'PathSwitchRequest') return [];
        return [
          ng('PathSwitchRequestAcknowledge', {
            'AMF-UE-NGAP-ID': message.ies['SourceAMF-UE-NGAP-ID'],
            'RAN-UE-NGAP-ID': message.ies['RAN-UE-NGAP-ID'],
            SecurityContext: {
              nextHopChainingCount: 1,
              nextHopNH: { bits: new Uint8Array(32), length: 256 },
            },
            PDUSessionResourceSwitchedList: [{ pDUSessionID: 1, pathSwitchRequestAcknowledgeTransfer: {} }],
            AllowedNSSAI: [s],
          }),
        ];
      },
    }),
  );
  const say = (): void => {};
  const link = undo.use(
    new AmfLink({ association: client, gnb: gnb.node, answerWithinMs: 1_000, say, released: say }),
  );
  gnb.amf = link;
  await link.setUp();
  const owner = undo.move();
  return { amf, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

export { outgoing };
