import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { isPolicyStatus } from '../../interfaces/a1/expect.ts';
import type { A1Resource } from '../../interfaces/a1/types.ts';
import { a1Path } from '../../interfaces/a1/uri.ts';
import { jsonOf, mediaType, recordBody } from '../../interfaces/http/body.ts';
import type { Answer, Received } from '../../interfaces/http/listen.ts';
import type { HttpRequest } from '../../interfaces/http/types.ts';

/** What the prepare hook orders; see testplans/README-a1-hook.md. */
export interface Trigger {
  readonly operation: string;
  readonly producer: string;
  readonly policyType: string;
  readonly policy: string;
  readonly body: Json | undefined;
  readonly notify: boolean;
}

/** Null when it is no order of that kind. */
export function parseTrigger(order: Json | undefined): Trigger | null {
  if (!isJsonObject(order) || order['action'] !== 'trigger') return null;
  const text = (name: string): string => {
    const value = order[name];
    return typeof value === 'string' ? value : '';
  };
  const producer = text('producer');
  if (!URL.canParse(producer)) return null;
  return {
    operation: text('operation'),
    producer: producer.replace(/\/$/u, ''),
    policyType: text('policyType'),
    policy: text('policy'),
    body: order['body'],
    notify: order['notify'] === true,
  };
}

/** The request that an operation sends; null for an operation that does not exist. */
export function requestFor(trigger: Trigger, callback: string): HttpRequest | null {
  const { policyType: type, policy, producer } = trigger;
  const get = (resource: A1Resource): HttpRequest => ({
    method: 'GET',
    url: `${producer}${a1Path(resource)}`,
    headers: [['Accept', 'application/json']],
  });
  switch (trigger.operation) {
    case 'queryPolicyTypes':
      return get({ kind: 'types' });
    case 'queryPolicyType':
      return get({ kind: 'type', type });
    case 'queryPolicies':
      return get({ kind: 'policies', type });
    case 'queryPolicy':
      return get({ kind: 'policy', type, policy });
    case 'queryPolicyStatus':
      return get({ kind: 'status', type, policy });
    case 'deletePolicy':
      return { ...get({ kind: 'policy', type, policy }), method: 'DELETE' };
    case 'createPolicy':
    case 'updatePolicy':
      return putFor(trigger, callback);
    default:
      return null;
  }
}

function putFor({ policyType, policy, producer, body, notify }: Trigger, callback: string): HttpRequest {
  const path = a1Path({ kind: 'policy', type: policyType, policy });
  const query = notify
    ? `?notificationDestination=${encodeURIComponent(`${callback}/status/${policy}`)}`
    : '';
  return {
    method: 'PUT',
    url: `${producer}${path}${query}`,
    headers: [
      ['Accept', 'application/json'],
      ['Content-Type', 'application/json'],
    ],
    body: JSON.stringify(body ?? {}),
  };
}

const STATUS_SCHEMA: JsonObject = {
  type: 'object',
  properties: { enforceStatus: { enum: ['ENFORCED', 'NOT_ENFORCED'] }, enforceReason: { type: 'string' } },
  required: ['enforceStatus'],
};

/** Takes a status notification: 204, or 404 for a callback nobody asked for, or 400 for what is no status. */
export function answerCallback(
  { method, path, headers, body }: Received,
  known: ReadonlySet<string>,
): Answer {
  const policy = /^\/status\/([^/?]+)$/u.exec(path)?.[1];
  if (policy === undefined || !known.has(policy)) return { status: 404 };
  if (method !== 'POST') return { status: 405, headers: [['Allow', 'POST']] };
  if (mediaType(headers) !== 'application/json') return { status: 415 };
  return { status: isPolicyStatus(jsonOf(recordBody(body)), STATUS_SCHEMA).ok ? 204 : 400 };
}
