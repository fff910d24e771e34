import { readFile } from 'node:fs/promises';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import { exitWithParent } from '../../sandbox/child.ts';
import { defective } from '../ap/defects.ts';
import { openGtpu } from '../ap/gtpu.ts';
import { listenForOrders } from '../ap/hook.ts';
import { openSegment, segmentReady } from '../security-gateway/for-product.ts';
import { imsiOf, readSubscriber } from '../subscribers.ts';
import type { DuConfig } from './config.ts';
import { Du } from './du.ts';
import { DuUe } from './du-ue.ts';
import { obey } from './orders.ts';

/**
 * The gNB-DU simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when its hook listens:
 * `{"ready":true,"controlPort":…,"gtpuHost":…}`. It connects when it is ordered to.
 */
async function main(configPath: string): Promise<void> {
  const config = JSON.parse(await readFile(configPath, 'utf8')) as DuConfig;
  const has = defective(config.defects);
  const { gtpu, host: gtpuHost } = await openGtpu(config.gtpuHost);
  const choice = chooseTransport(config.transport, readTransportFacts());
  const own = await openSctp(choice, { host: config.host });
  const segment = await openSegment({ transport: own, defects: config.defects, host: config.host });
  const transport = segment?.carry(own) ?? own;
  const { plmn, sst, keysFile, dnn } = config;
  const { keys } = await readSubscriber(keysFile);
  let teid = 0x200;
  const newUe = (duId: number): DuUe =>
    new DuUe({
      ...{ duId, gtpu, has, newTeid: () => (teid += 1) },
      profile: { plmn, msin: imsiOf(plmn, duId).slice(plmn.length), keys, slices: [{ sst }] },
    });
  const du = new Du({ settings: config, has, transport, gtpuHost, newUe, say });
  const hook = await listenForOrders((order) => obey(order, { du, dnn, sst }));
  process.stdout.write(
    `${JSON.stringify({ ready: true, controlPort: hook.port, gtpuHost, ...(await segmentReady(segment)) })}\n`,
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
