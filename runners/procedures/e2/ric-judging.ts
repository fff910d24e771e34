import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import type { MessageName } from '../../interfaces/e2/types.ts';
import type { Seen } from '../procedure.ts';
import { answeredWith, broken, type Found, holds, undecided, unseen } from '../ap/judging.ts';
import { HOOK } from '../hook.ts';
import { receivedAfter } from '../ap/seen-messages.ts';
import { messagesOf, type SeenMessage, type SeenPdu } from './seen-messages.ts';

/** The probe at the end of a case: the product still does what every RIC must. */
export function alive(pdus: readonly SeenPdu[], step = 'alive'): Found {
  const probe = messagesOf(pdus, 'ResetRequest', 'sent').findLast((pdu) => pdu.step === step);
  if (probe === undefined) return unseen('it was not asked');
  const transaction = probe.message.ies.TransactionID;
  const answer = messagesOf(receivedAfter(pdus, probe), 'ResetResponse').find(
    ({ message }) => message.ies.TransactionID === transaction,
  );
  return answer === undefined
    ? answeredWith(pdus, probe, ['ResetResponse'])
    : holds('ResetResponse', probe.n, answer.n);
}

/** What came first of those messages after the request, whether it belongs to it or not. */
export function firstAfter<Name extends MessageName>(
  pdus: readonly SeenPdu[],
  request: SeenPdu | undefined,
  name: Name,
): SeenMessage<Name> | undefined {
  return request === undefined ? undefined : messagesOf(receivedAfter(pdus, request), name)[0];
}

/** The request was answered by one of these messages, whatever transaction that names. */
export function answered(
  pdus: readonly SeenPdu[],
  request: SeenPdu | undefined,
  names: readonly MessageName[],
): Found {
  if (request === undefined) return unseen('the request was not sent');
  const found = names.flatMap((name) => firstAfter(pdus, request, name) ?? [])[0];
  if (found === undefined) return answeredWith(pdus, request, names);
  return holds(found.message.name, request.n, found.n);
}

/** The answer names the transaction of the request. */
export function sameTransaction(
  pdus: readonly SeenPdu[],
  request: SeenPdu | undefined,
  names: readonly MessageName[],
): Found {
  if (request === undefined || answered(pdus, request, names).verdict !== 'pass')
    return unseen('there is no answer');
  return answeredWith(pdus, request, names);
}

export interface SeenOrder {
  readonly n: number;
  readonly step: string;
  readonly order: JsonObject;
  readonly status: number | null;
  readonly body: Json;
}

export function ordersIn({ observations }: Seen, step?: string): readonly SeenOrder[] {
  return observations.flatMap(({ n, step: at, kind, data }) => {
    if (kind !== HOOK || !isJsonObject(data) || (step !== undefined && at !== step)) return [];
    const { order, status, body } = data;
    return [
      {
        ...{ n, step: at, body: body ?? null },
        order: isJsonObject(order) ? order : {},
        status: typeof status === 'number' ? status : null,
      },
    ];
  });
}

/** The messages of that name that the product began in these steps. */
export function begun<Name extends MessageName>(
  pdus: readonly SeenPdu[],
  name: Name,
  steps: readonly string[],
): readonly SeenMessage<Name>[] {
  return messagesOf(pdus, name, 'received').filter(({ step }) => steps.includes(step));
}

/**
 * The product began what it was made to begin. A hook that says so and a product that does not is the product's fault; of a person
 * nobody knows.
 */
export function requested(
  { seen, pdus }: { readonly seen: Seen; readonly pdus: readonly SeenPdu[] },
  name: MessageName,
  steps: readonly string[],
): Found {
  const [first] = begun(pdus, name, steps);
  if (first !== undefined) return holds(name, first.n);
  const order = steps.flatMap((step) => ordersIn(seen, step))[0];
  return order === undefined
    ? undecided(`no ${name} came in time, and nobody knows whether it was triggered`)
    : broken(`no ${name} came in time although the hook had said that it would`, order.n);
}

/** What the product says it made of what it got: of that node, by the last report in that step. */
export function reportOn(
  seen: Seen,
  step: string,
  node: string,
): { readonly n: number; readonly node: JsonObject } | undefined {
  const report = ordersIn(seen, step).findLast(({ order }) => order['action'] === 'report');
  if (report === undefined || !isJsonObject(report.body)) return undefined;
  const { nodes } = report.body;
  if (!Array.isArray(nodes)) return undefined;
  const found = (nodes as readonly Json[]).find((each) => isJsonObject(each) && each['node'] === node);
  return { n: report.n, node: isJsonObject(found) ? found : {} };
}

export function countIn(member: Json | undefined): number {
  return typeof member === 'number' ? member : 0;
}
