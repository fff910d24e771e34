import { readFile } from 'node:fs/promises';
import { listenHttp } from '../../interfaces/http/listen.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import type { E2RicConfig } from './config.ts';
import { answerHook } from './control.ts';
import { behaviourWith } from './defects.ts';
import { Ric } from './ric.ts';
import type { Session } from './session.ts';
import { Xapp } from './xapp.ts';
import { exitWithParent } from '../../sandbox/child.ts';

/**
 * The near-RT RIC simulator for E2 as a process: `node main.js CONFIG.json`. Prints one line of JSON when it listens:
 * `{"ready":true,"transport":…,"port":…,"controlPort":…}`, and lines on standard error about what happens.
 */
async function main(configPath: string): Promise<void> {
  const config = JSON.parse(await readFile(configPath, 'utf8')) as E2RicConfig;
  const { host, port, udpPort, script, maxAssociations } = config;
  const stop = new AbortController();
  process.once('SIGTERM', () => {
    stop.abort(new Error('told to end'));
    process.exit(0);
  });
  const transport = await openSctp(chooseTransport(config.transport, readTransportFacts()), {
    host,
    udpPort,
  });
  const listener = await transport.listen({ port, backlog: maxAssociations });
  const runScript = async (session: Session): Promise<void> => {
    for (const order of script) {
      const refusal = await xapp.carryOut({ ...order, ...nodeOf(session) });
      if (refusal !== null) say(`script: ${order.action}: ${refusal.cause}`);
    }
  };
  const behaviour = behaviourWith(config.defects);
  const ric = new Ric({ settings: config, behaviour, say, nodeUp: (session) => void runScript(session) });
  const xapp = new Xapp(ric, { signal: stop.signal });
  const control = await listenHttp({ answer: (received) => answerHook(ric, xapp, received) });
  const ready = { ready: true, transport: transport.name, port: listener.port, controlPort: control.port };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  for await (const association of listener.associations) ric.admit(association);
}

function nodeOf({ node }: Session): { readonly node?: string } {
  return node === undefined ? {} : { node: node.name };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
