import { readFile } from 'node:fs/promises';
import type { Json } from '../../../src/kernel/json.ts';
import { A1Producer, problem } from '../../interfaces/a1/peer.ts';
import { type Answer, listenHttp, type Received } from '../../interfaces/http/listen.ts';
import { sendHttp } from '../../interfaces/http/send.ts';
import type { RicConfig } from './config.ts';
import { answerHook } from './control.ts';
import { notifierWithDefects, withDefects } from './defects.ts';
import { makeGate } from './gate.ts';
import { startIssuer } from './issuer.ts';
import { startCleartextListener, startListener } from './listener.ts';
import { POLICY_TYPES } from './policy-types.ts';
import { exitWithParent } from '../../sandbox/child.ts';

/**
 * The near-RT RIC simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when it listens:
 * `{"ready":true,"port":…,"controlPort":…}`, with `tokenPort` and `cleartextPort` where there are such, and a line per request on standard error.
 */
async function main(configPath: string): Promise<void> {
  const config = JSON.parse(await readFile(configPath, 'utf8')) as RicConfig;
  const notify = notifierWithDefects(sendNotification, config.defects);
  const producer = new A1Producer({ basePath: config.basePath, types: POLICY_TYPES, notify });
  const gate = makeGate(config);
  const handle = withDefects(
    (call) => producer.answer(call),
    { producer, slowMs: config.slowMs },
    config.defects,
  );
  const answer = async (received: Received): Promise<Answer> => {
    const call = producer.parse(received);
    return (await gate(received)) ?? (call === null ? problem(404, 'no such resource') : await handle(call));
  };
  const logged = async (received: Received): Promise<Answer> => {
    const answered = await answer(received);
    say(`${received.method} ${received.path} -> ${answered.status}`);
    return answered;
  };
  const listener = await startListener(config, logged);
  const cleartext = await startCleartextListener(config, logged);
  const issuer = config.oauth === null ? undefined : await startIssuer(config, config.oauth);
  const control = await listenHttp({ answer: (received) => answerHook(producer, received) });
  const ports = {
    port: listener.port,
    controlPort: control.port,
    tokenPort: issuer?.port,
    cleartextPort: cleartext?.port,
  };
  process.stdout.write(`${JSON.stringify({ ready: true, ...ports })}\n`);
}

function sendNotification(destination: string, status: Json): void {
  sendHttp(
    {
      method: 'POST',
      url: destination,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify(status),
    },
    { limits: { timeoutMs: 5000 } },
    { signal: new AbortController().signal },
  ).then(
    ({ response, failure }) => say(`notified -> ${response?.status ?? failure?.kind ?? 'nothing'}`),
    (error: unknown) => say(`notification failed: ${String(error)}`),
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
