import { readFile } from 'node:fs/promises';
import { announceReady, exitWithParent } from '../../sandbox/child.ts';
import { listenHttp } from '../../interfaces/http/listen.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import { usimHalf } from '../home-keys.ts';
import { openSegment, segmentReady } from '../security-gateway/for-product.ts';
import { readSubscriber } from '../subscribers.ts';
import type { GnbConfig } from './config.ts';
import { keepConnected } from './connection.ts';
import { answerHook, type Ordered } from './control.ts';
import { gnbBehaviourWith } from './defects.ts';
import { Gnb } from './gnb.ts';
import { UserPlane } from './user-plane.ts';

/**
 * The gNB simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when its hook listens:
 * `{"ready":true,"controlPort":…}`, and lines on standard error. It connects when it is ordered to.
 */
async function main(configPath: string): Promise<void> {
  const { settings, defects, subscribers, homeKeys } = JSON.parse(
    await readFile(configPath, 'utf8'),
  ) as GnbConfig;
  const { host, transport: wanted, n3Host, plmn, slices, retryMs, dnn } = settings;
  const own = await openSctp(chooseTransport(wanted, readTransportFacts()), { host });
  const segment = await openSegment({ transport: own, defects, host });
  const transport = segment?.carry(own) ?? own;
  const behaviour = gnbBehaviourWith(defects);
  const gnb = new Gnb({ settings, behaviour, userPlane: await UserPlane.open(n3Host) });
  for (const [at, { imsi, file }] of subscribers.entries()) {
    const { keys } = await readSubscriber(file);
    const homeKey = homeKeys[at % (homeKeys.length + 1)];
    const concealing = homeKey === undefined ? {} : { homeKey: usimHalf(homeKey) };
    gnb.add({ plmn, msin: imsi.slice(plmn.length), keys, slices, ...concealing });
  }
  let run = new AbortController();
  const disconnect = (): void => {
    run.abort(new Error('told to disconnect'));
    run = new AbortController();
    for (const ue of gnb.ues) ue.ue.forget();
  };
  const keeping = { transport, gnb, retryMs, up: () => process.stderr.write('NG is set up\n') };
  const ordered: Ordered = {
    ...{ gnb, dnn, disconnect, signal: new AbortController().signal },
    connect: (target) => {
      disconnect();
      void keepConnected(target, keeping, { signal: run.signal });
    },
  };
  const control = await listenHttp({ answer: (received) => answerHook(ordered, received) });
  announceReady({ ready: true, controlPort: control.port, ...(await segmentReady(segment)) });
}

exitWithParent();
await main(process.argv[2] ?? '');
