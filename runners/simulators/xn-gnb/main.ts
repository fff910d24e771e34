import { readFile } from 'node:fs/promises';
import { announceReady, exitWithParent } from '../../sandbox/child.ts';
import { json, problem } from '../../interfaces/a1/peer.ts';
import { jsonOf, recordBody } from '../../interfaces/http/body.ts';
import { type Answer, listenHttp } from '../../interfaces/http/listen.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import { openSegment, segmentReady } from '../security-gateway/for-product.ts';
import type { XnGnbConfig } from './config.ts';
import { keepNg, keepXn } from './connection.ts';
import { defective } from './defects.ts';
import { Gnb } from './gnb.ts';
import { begin, INTERFACES, type InterfaceName, type Order, parseOrder, readyFor, report } from './orders.ts';
import { whenUp } from '../when-up.ts';

/**
 * The gNB on Xn as a process: `node main.js CONFIG.json`. Prints one line of JSON when it listens:
 * `{"ready":true,"controlPort":…}`, and a line per message on standard error. It connects when it is ordered to.
 */
async function main(configPath: string): Promise<void> {
  const { settings, defects } = JSON.parse(await readFile(configPath, 'utf8')) as XnGnbConfig;
  const { host, port, udpPort, maxAssociations } = settings;
  const choice = chooseTransport(settings.transport, readTransportFacts());
  const transport = await openSctp(choice, { host, udpPort });
  const listener = await transport.listen({ port, backlog: maxAssociations });
  const segment = await openSegment({ transport, defects, host, udpPort });
  const gnb = new Gnb({ settings, has: defective(defects), say });
  const stops = new Map<InterfaceName, AbortController>();
  const stop = (name: InterfaceName): void => stops.get(name)?.abort();
  const obey = async (order: Order): Promise<Answer> => {
    switch (order.action) {
      case 'connect': {
        stop(order.interface);
        const own = new AbortController();
        stops.set(order.interface, own);
        const keep = order.interface === 'xn' ? keepXn : keepNg;
        void keep({ gnb, transport, target: order.target, signal: own.signal });
        return json(202, {});
      }
      case 'disconnect':
        for (const name of INTERFACES) if (order.interface === null || order.interface === name) stop(name);
        return json(202, {});
      case 'report':
        return json(200, report(gnb));
      default: {
        await whenUp(() => readyFor(gnb, order.action));
        const why = begin(gnb, order);
        return why === null ? json(200, {}) : problem(409, why);
      }
    }
  };
  const hook = await listenHttp({
    answer: ({ body }) => {
      const order = parseOrder(jsonOf(recordBody(body)));
      return order === null ? problem(501, 'no such order') : obey(order);
    },
  });
  announceReady({ ready: true, controlPort: hook.port, ...(await segmentReady(segment)) });
  for await (const association of listener.associations) gnb.admit(association);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
