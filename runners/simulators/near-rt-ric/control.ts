import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { type A1Producer, json, problem } from '../../interfaces/a1/peer.ts';
import { jsonOf, recordBody } from '../../interfaces/http/body.ts';
import type { Answer, Received } from '../../interfaces/http/listen.ts';
import { POLICY_TYPES } from './policy-types.ts';

/** The prepare hook: arranges states that A1 itself has no request for. See testplans/README.md. */
export function answerHook(producer: A1Producer, received: Received): Answer {
  const order = jsonOf(recordBody(received.body));
  if (received.method !== 'POST' || !isJsonObject(order)) return problem(400, 'POST a JSON object');
  switch (order['action']) {
    case 'setPolicyTypes':
      return setPolicyTypes(producer, order['policyTypes']);
    case 'changeStatus':
      return changeStatus(producer, order);
    default:
      return problem(400, 'unknown action');
  }
}

function changeStatus(producer: A1Producer, { policyType, policy }: JsonObject): Answer {
  const known =
    typeof policyType === 'string' && typeof policy === 'string' && producer.changeStatus(policyType, policy);
  return known ? { status: 204 } : problem(404, 'no such policy');
}

function setPolicyTypes(producer: A1Producer, wanted: Json | undefined): Answer {
  if (!Array.isArray(wanted)) return problem(400, 'policyTypes must be a list of ids');
  const types = new Map([...POLICY_TYPES].filter(([id]) => (wanted as readonly Json[]).includes(id)));
  if (types.size !== new Set(wanted).size)
    return problem(400, 'one of these policy types does not exist here');
  producer.setTypes(types);
  return json(200, [...types.keys()]);
}
