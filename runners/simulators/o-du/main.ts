import { readFile } from 'node:fs/promises';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { outgoing } from '../../interfaces/f1ap/codec.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import { exitWithParent } from '../../sandbox/child.ts';
import { defective } from '../ap/defects.ts';
import { openGtpu } from '../ap/gtpu.ts';
import { DONE, listenForOrders, type OrderOutcome, unable } from '../ap/hook.ts';
import { parseTarget } from '../dialling.ts';
import { whenUp } from '../when-up.ts';
import type { DuConfig } from './config.ts';
import { Du } from './du.ts';
import { DuUe } from './du-ue.ts';

/** Test keys of TS 35.208, set 1; subscribers count on from the first. */
const KEYS = {
  set: 'milenage',
  k: new Uint8Array(Buffer.from('465b5ce8b199b49faa5f0a2ee238a6bc', 'hex')),
  opc: new Uint8Array(Buffer.from('cd63cb71954a9f4e48a5994e37a02baf', 'hex')),
} as const;

/**
 * The gNB-DU simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when its hook listens:
 * `{"ready":true,"controlPort":…,"gtpuHost":…}`. It connects when it is ordered to.
 */
async function main(configPath: string): Promise<void> {
  const config = JSON.parse(await readFile(configPath, 'utf8')) as DuConfig;
  const has = defective(config.defects);
  const { gtpu, host: gtpuHost } = await openGtpu(config.gtpuHost);
  const choice = chooseTransport(config.transport, readTransportFacts());
  const transport = await openSctp(choice, { host: config.host });
  let teid = 0x200;
  const newUe = (duId: number): DuUe =>
    new DuUe({
      ...{ duId, gtpu, has, newTeid: () => (teid += 1) },
      profile: {
        ...{ plmn: config.plmn, msin: String(duId).padStart(15 - config.plmn.length, '0'), keys: KEYS },
        slices: [{ sst: config.sst }],
      },
    });
  const du = new Du({ settings: config, has, transport, gtpuHost, newUe, say });
  const hook = await listenForOrders((order) => obey(order, du));
  process.stdout.write(`${JSON.stringify({ ready: true, controlPort: hook.port, gtpuHost })}\n`);
}

async function obey(order: JsonObject, du: Du): Promise<OrderOutcome> {
  const { action } = order;
  if (action === 'report') return { done: reportOf(du) };
  if (action === 'connect') {
    const target = parseTarget(order);
    if (target === null) return { refused: 'invalid', cause: 'connect needs host and port' };
    du.connect(target);
    return DONE;
  }
  if (action === 'disconnect') {
    du.disconnect();
    return DONE;
  }
  if (action !== 'attachUe' && action !== 'reset' && action !== 'duUpdate')
    return { refused: 'unknown', cause: 'unknown action' };
  const peer = await whenUp(() => (du.isSetUp ? du.peer : null));
  if (peer === null) return unable('there is no F1 interface');
  const TransactionID = peer.newTransactionId();
  if (action === 'attachUe') await du.attach();
  if (action === 'reset') {
    const Cause = { misc: 'om-intervention' } as const;
    await peer.send(outgoing('Reset', { TransactionID, Cause, ResetType: { 'f1-Interface': 'reset-all' } }));
  }
  if (action === 'duUpdate')
    await peer.send(outgoing('GNBDUConfigurationUpdate', { TransactionID, 'gNB-DU-Name': 'du-renamed' }));
  return DONE;
}

function reportOf(du: Du): Json {
  return {
    isSetUp: du.isSetUp,
    ues: du.ues.map(({ duId, rrc, nas, bearers }) => ({
      ...{ duId, rrc: rrc.state, nas: nas.state },
      bearers: [...bearers],
    })),
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
