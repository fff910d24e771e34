import { readFile } from 'node:fs/promises';
import { json, problem } from '../../interfaces/a1/peer.ts';
import { jsonOf, recordBody } from '../../interfaces/http/body.ts';
import { type Answer, listenHttp } from '../../interfaces/http/listen.ts';
import { outgoing } from '../../interfaces/e2/answers.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import { makeRanModel } from '../ran-model/model.ts';
import { smallRan } from '../ran-model/small-ran.ts';
import type { E2NodeConfig } from './config.ts';
import { type Target, tryConnect } from '../dialling.ts';
import { whenUp } from '../when-up.ts';
import { elsewhere, keepConnected } from './connection.ts';
import { defective } from './defects.ts';
import { type Order, parseOrder, trigger } from './orders.ts';
import { globalNodeId, ranFunctions } from './presentation.ts';
import type { E2NodeSettings } from './settings.ts';
import { type NodeState, Visit } from './visit.ts';
import { exitWithParent } from '../../sandbox/child.ts';

/**
 * The E2 node simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when its hook listens:
 * `{"ready":true,"controlPort":…}`, and a line per message on standard error. It connects when it is ordered to.
 */
async function main(configPath: string): Promise<void> {
  const { settings, defects } = JSON.parse(await readFile(configPath, 'utf8')) as E2NodeConfig;
  const choice = chooseTransport(settings.transport, readTransportFacts());
  const transport = await openSctp(choice, { host: settings.host });
  const has = defective(defects);
  const { seed, plmn, gnb, cells, uesPerCell } = settings;
  const run: Run = { stop: new AbortController(), target: null, visit: null };
  const state: NodeState = {
    ...{ settings, has, say },
    functions: ranFunctions(settings, has),
    model: makeRanModel(smallRan({ seed, plmn, gnb, cells, uesPerCell })),
    connectAlso: async (tnl) => {
      if (run.target === null) return false;
      const association = await tryConnect(transport, elsewhere(run.target, tnl), run.stop.signal);
      if (association !== null) present(new Visit(state, association), settings);
      return association !== null;
    },
  };
  const obey = async (order: Order): Promise<Answer> => {
    if (order.action === 'trigger') {
      const visit = await whenUp(() =>
        run.visit?.isSetUp === true && !run.visit.peer.isOver ? run.visit : null,
      );
      if (visit === null) return problem(409, 'there is no E2 interface');
      await trigger(order.procedure, visit, state);
      return json(200, {});
    }
    run.stop.abort();
    run.stop = new AbortController();
    run.visit = null;
    run.target = order.action === 'connect' ? order.target : null;
    if (run.target !== null) {
      const arrived = (visit: Visit): void => void (run.visit = visit);
      void keepConnected(run.target, { transport, state, arrived }, { signal: run.stop.signal });
    }
    return json(202, {});
  };
  const hook = await listenHttp({
    answer: (received) => {
      const order = parseOrder(jsonOf(recordBody(received.body)));
      return order === null ? problem(400, 'no such order') : obey(order);
    },
  });
  process.stdout.write(`${JSON.stringify({ ready: true, controlPort: hook.port })}\n`);
}

interface Run {
  stop: AbortController;
  target: Target | null;
  visit: Visit | null;
}

/** On a further association, the node says first who it is. @see O-RAN.WG3.E2AP clause 8.3.6 */
function present(visit: Visit, settings: E2NodeSettings): void {
  visit.isSetUp = true;
  visit.say(
    outgoing('E2nodeConfigurationUpdate', {
      TransactionID: visit.peer.newTransactionId(),
      'GlobalE2node-ID': globalNodeId(settings),
    }),
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
