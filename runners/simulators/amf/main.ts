import { readFile } from 'node:fs/promises';
import { announceReady, exitWithParent } from '../../sandbox/child.ts';
import { listenHttp } from '../../interfaces/http/listen.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import { readHomeKeys } from '../home-keys.ts';
import { openSegment, segmentReady } from '../security-gateway/for-product.ts';
import { readSubscriber } from '../subscribers.ts';
import { Amf } from './amf.ts';
import type { AmfConfig } from './config.ts';
import { answerHook } from './control.ts';
import { amfBehaviourWith } from './defects.ts';
import type { Subscriber } from './nas-types.ts';
import { Upf } from './upf.ts';

/**
 * The AMF simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when it listens:
 * `{"ready":true,"transport":…,"port":…,"controlPort":…}`, and lines on standard error about what happens.
 */
async function main(configPath: string): Promise<void> {
  const config = JSON.parse(await readFile(configPath, 'utf8')) as AmfConfig;
  const { settings, defects } = config;
  const behaviour = amfBehaviourWith(defects);
  const stop = new AbortController();
  process.once('SIGTERM', () => {
    stop.abort(new Error('told to end'));
    process.exit(0);
  });
  const { host, udpPort, port, maxAssociations, n3Host } = settings;
  const choice = chooseTransport(settings.transport, readTransportFacts());
  const transport = await openSctp(choice, { host, udpPort });
  const listener = await transport.listen({ port, backlog: maxAssociations });
  const segment = await openSegment({ transport, defects, host, udpPort });
  const upf = await Upf.open(n3Host, behaviour.upf);
  const subscribers = await subscribersIn(config);
  const homeKeys = await readHomeKeys(config.homeKeys);
  const amf = new Amf({ settings, behaviour, subscribers, homeKeys, upf, signal: stop.signal, say });
  const control = await listenHttp({ answer: (received) => Promise.resolve(answerHook(amf, received)) });
  announceReady({
    ...{ ready: true, transport: transport.name, port: listener.port, controlPort: control.port },
    ...(await segmentReady(segment)),
  });
  for await (const association of listener.associations) amf.admit(association);
}

async function subscribersIn({ subscribers, settings }: AmfConfig): Promise<readonly Subscriber[]> {
  const { slices, dnn } = settings;
  return Promise.all(
    subscribers.map(async ({ imsi, file }) => ({
      ...{ imsi, sqn: 0n, slices, dnns: [dnn] },
      ...(await readSubscriber(file)),
    })),
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
