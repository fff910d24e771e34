import { readFile } from 'node:fs/promises';
import { json, problem } from '../../interfaces/a1/peer.ts';
import { jsonOf, recordBody } from '../../interfaces/http/body.ts';
import { type Answer, listenHttp, type Received } from '../../interfaces/http/listen.ts';
import { sendHttp } from '../../interfaces/http/send.ts';
import type { NonRtRicConfig } from './config.ts';
import { answerCallback, parseTrigger, requestFor, type Trigger } from './consumer.ts';
import { callbackWithDefects, requestWithDefects } from './defects.ts';
import { exitWithParent } from '../../sandbox/child.ts';

/**
 * The non-RT RIC simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when it listens:
 * `{"ready":true,"callbackPort":…,"controlPort":…}`, and a line per request on standard error.
 */
async function main(configPath: string): Promise<void> {
  const { defects } = JSON.parse(await readFile(configPath, 'utf8')) as NonRtRicConfig;
  /** Policies whose status it asked to be told. */
  const watched = new Set<string>();
  const callbacks = await listenHttp({
    answer: async (received) => {
      const answer = await callbackWithDefects(answerCallback(received, watched), received, defects);
      say(`callback ${received.method} ${received.path} -> ${answer.status}`);
      return answer;
    },
  });
  const control = await listenHttp({
    answer: (received) => obey(received, { watched, callback: callbacks.urlOn('127.0.0.1'), defects }),
  });
  process.stdout.write(
    `${JSON.stringify({ ready: true, callbackPort: callbacks.port, controlPort: control.port })}\n`,
  );
}

interface Consumer {
  readonly watched: Set<string>;
  readonly callback: string;
  readonly defects: readonly string[];
}

async function obey(received: Received, { watched, callback, defects }: Consumer): Promise<Answer> {
  const trigger = parseTrigger(jsonOf(recordBody(received.body)));
  const right = trigger === null ? null : requestFor(trigger, callback);
  if (trigger === null || right === null) return problem(400, 'no such order');
  watch(trigger, watched);
  const request = requestWithDefects(right, defects);
  if (request === null) return json(202, {});
  const { response, failure } = await sendHttp(
    request,
    { limits: { timeoutMs: 5000 } },
    { signal: new AbortController().signal },
  );
  say(`${request.method} ${request.url} -> ${response?.status ?? failure?.kind ?? 'nothing'}`);
  return json(200, { status: response?.status ?? null });
}

function watch({ operation, policy, notify }: Trigger, watched: Set<string>): void {
  if (operation === 'deletePolicy') watched.delete(policy);
  else if (notify) watched.add(policy);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
