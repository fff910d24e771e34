import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { jsonOf, recordBody } from '../../interfaces/http/body.ts';
import type { Answer, Received } from '../../interfaces/http/listen.ts';
import { readOrder } from './orders.ts';
import type { Ric } from './ric.ts';
import type { Xapp } from './xapp.ts';

const STATUS_OF_REFUSAL = { 'unknown-node': 404, unable: 409, invalid: 400 } as const;

/** The hook by which a tester has the RIC do something, and asks what it made of what it got. See testplans/README-e2-hook.md. */
export async function answerHook(ric: Ric, xapp: Xapp, received: Received): Promise<Answer> {
  const order = jsonOf(recordBody(received.body));
  if (received.method !== 'POST' || !isJsonObject(order)) return json(400, { cause: 'POST a JSON object' });
  if (order['action'] === 'report') return json(200, reportOf(ric));
  const known = readOrder(order);
  if (known === undefined) return json(501, { cause: 'unknown action' });
  const refusal = await xapp.carryOut(known);
  return refusal === null
    ? { status: 204 }
    : json(STATUS_OF_REFUSAL[refusal.refused], { cause: refusal.cause });
}

function reportOf({ nodes, entries, associations }: Ric): Json {
  return {
    associations,
    nodes: nodes.map(({ name, functions, subscriptions, ledger }) => ({
      node: name,
      functions: [...functions.keys()],
      subscriptions: [...subscriptions.values()].map(({ requestId, state }) => ({ ...requestId, state })),
      processed: ledger.processed,
      discarded: Object.fromEntries(ledger.discarded),
      values: Object.fromEntries(ledger.values),
    })),
    log: entries.map((entry) => ({ ...entry })),
  };
}

function json(status: number, body: Json): Answer {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) };
}
