import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApPeer } from '../../../runners/interfaces/ap/peer.ts';
import { PROTOCOL } from '../../../runners/interfaces/ngap/codec.ts';
import type { NgapShape } from '../../../runners/interfaces/ngap/types.ts';
import { chooseTransport } from '../../../runners/interfaces/sctp/choose.ts';
import { openSctp } from '../../../runners/interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../../runners/interfaces/sctp/transport-facts.ts';
import type { SctpAssociation } from '../../../runners/interfaces/sctp/types.ts';
import { tryConnect } from '../../../runners/simulators/dialling.ts';
import { freeUdpPort } from '../../../runners/simulators/free-port.ts';
import { Gnb } from '../../../runners/simulators/gnb/gnb.ts';
import { DEFAULT_GNB } from '../../../runners/simulators/gnb/settings.ts';
import { UserPlane } from '../../../runners/simulators/gnb/user-plane.ts';
import { readSubscriber } from '../../../runners/simulators/subscribers.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { soon } from '../e2/peers.ts';
import { scratchFolder } from '../scratch.ts';
import { anEquipment } from '../things.ts';

const HOST = '127.0.0.1';
const PORT = 38_412;
const KEYS = { k: '465b5ce8b199b49faa5f0a2ee238a6bc', opc: 'cd63cb71954a9f4e48a5994e37a02baf' };

/**
 * A gNB without a hook: it comes by itself, at first with an association on which it says nothing, and its UE registers just
 * when the AMF has a question.
 */
export async function aGnbByItself() {
  await using undo = new Teardown();
  const folder = undo.use(await scratchFolder());
  const file = join(folder.path, 'subscriber.json');
  await writeFile(file, JSON.stringify(KEYS));
  const udpPort = await freeUdpPort(HOST);
  const transport = undo.use(await openSctp(chooseTransport('ts-udp', readTransportFacts()), { host: HOST }));
  const gnb = new Gnb({ settings: DEFAULT_GNB, userPlane: undo.use(await UserPlane.open(null)) });
  const { plmn, slices } = gnb.settings;
  const ue = gnb.add({ plmn, msin: '0000000001', keys: (await readSubscriber(file)).keys, slices });
  const stop = new AbortController();
  undo.defer(async () => {
    ue.stop();
    stop.abort();
    await Promise.resolve();
  });
  const connect = async (): Promise<SctpAssociation> => {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(5_000)]);
    for (const target = { host: HOST, port: PORT, remoteUdpPort: udpPort }; ;) {
      const association = await tryConnect(transport, target, signal);
      if (association !== null) return association;
      // Nobody listens yet.
      await pause(20, { signal });
    }
  };
  const owner = undo.move();
  return {
    equipment: equipmentOf({ udpPort, file }),
    async run(): Promise<void> {
      await connect();
      const peer = new ApPeer<NgapShape>(PROTOCOL, {
        association: await connect(),
        answerFaults: gnb.answerFaults,
        handle: (message, entry) => {
          if (message.name === 'AMFConfigurationUpdate') ue.run(ue.ue.register());
          return gnb.handle(message, entry);
        },
      });
      gnb.use(peer);
      await gnb.setUp(soon());
    },
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

function equipmentOf({ udpPort, file }: { readonly udpPort: number; readonly file: string }): Equipment {
  const { plmn, tac } = DEFAULT_GNB;
  return anEquipment('acme/gnb', {
    role: 'gnb',
    interfaces: {
      ng: {
        specification: { document: '3GPP TS 38.413', version: '18.3.0' },
        endpoint: {
          ...{ host: HOST, transport: 'ts-udp', udpEncapsulation: { local: udpPort } },
          tester: { port: PORT },
        },
      },
    },
    ixit: {
      ...{ plmn, 'ng.tac': tac, 'ng.dnn': 'internet', 'ng.slices': [{ sst: 1, sd: '010203' }] },
      'ng.subscribers': [{ imsi: `${plmn}0000000001`, keys: { file } }],
      'ng.prepare': 'automatic',
    },
  });
}
