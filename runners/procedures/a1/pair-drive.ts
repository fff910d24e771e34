import { randomBytes } from 'node:crypto';
import { pause } from '../../../src/kernel/deadline.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { a1Root, splitRequestPath } from '../../interfaces/a1/uri.ts';
import { bytesOf } from '../../interfaces/http/body.ts';
import type { Answer, Received } from '../../interfaces/http/listen.ts';
import { sendHttp } from '../../interfaces/http/send.ts';
import type { HeaderList, HttpExchange, TlsClientMaterial } from '../../interfaces/http/types.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { openTap } from './callbacks.ts';
import { giveOrder, hookUrl } from '../hook.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import { claimedTypes, missing, policyBodies, readTls } from './product.ts';
import { asJson, carriedBy, refuseUnreachable } from './steps.ts';

/** The whole life of a policy, in the order of A1TS clause 7.2. */
export const LIFE = [
  'query-types',
  'query-type',
  'create',
  'list',
  'read',
  'status',
  'update',
  'delete',
] as const satisfies readonly OperationName[];

/** Fields that belong to one connection (RFC 9110 §7.6.1) or are written anew. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'upgrade',
  'host',
  'content-length',
];

interface Path {
  readonly bench: Bench;
  readonly signal: AbortSignal;
}

/** Stands between consumer (subject 0) and producer (subject 1), records both directions, and has a whole life triggered. */
export async function drivePair(bench: Bench, { signal }: { signal: AbortSignal }): Promise<void> {
  const [consumer, producer] = bench.subjects;
  const end = producer?.interfaces['a1'];
  const root = end === undefined ? null : a1Root(end.endpoint);
  if (consumer === undefined || producer === undefined || end === undefined || root === null)
    throw missing('INTERFACE_MISSING', 'the producer names no A1 end point');
  const hook = hookUrl(consumer, 'a1.prepare');
  if (hook === null)
    throw missing('IXIT_MISSING', 'the consumer has no prepare hook: ixit a1.prepare: {url: …}');
  const toProducer = end.tls === undefined ? undefined : await readTls(bench, end.tls);
  const material = consumer.interfaces['a1']?.tls;
  const toConsumer = material === undefined ? undefined : await readTls(bench, material);
  const on = { bench, signal };
  const destinations: string[] = [];
  let first: HttpExchange | undefined;
  await using callbacks = await openTap(
    bench,
    (received) => {
      const url = destinations[Number(splitRequestPath(received.path).path.slice(1))];
      if (url === undefined) return { status: 404 };
      return forward(on, { step: 'notification', received, url, tls: toConsumer });
    },
    { step: 'producer-side', at: 1 },
  );
  await using tap = await openTap(
    bench,
    (received) => {
      const path = redirect(received.path, callbacks.url, destinations);
      return forward(on, {
        step: 'exchange',
        received,
        url: `${new URL(root).origin}${path}`,
        tls: toProducer,
        seen: (exchange) => (first ??= exchange),
      });
    },
    { step: 'consumer-side' },
  );
  const base = `${tap.url}${new URL(root).pathname}`;
  const life = { hook, base, ...policyFor(bench) };
  bench.observe('life', 'note', { root: new URL(root).pathname, ...life });
  for (const name of LIFE) {
    await triggerOne(on, name, life);
    if (name === LIFE[0] && first !== undefined) refuseUnreachable(first, producer);
    if (name === 'create') await provokeChange(on, life);
    if (name === 'create' && destinations.length > 0)
      // It may take the producer, and then the consumer, as long as a response.
      await callbacks.waitFor(() => true, { withinMs: 2 * bench.number('responseTimeMs'), signal });
    await pause(bench.number('settleMs'), { signal });
  }
}

interface Life {
  readonly hook: string;
  readonly base: string;
  readonly type: string;
  readonly policy: string;
  readonly valid: Json;
  readonly update: Json;
}

function policyFor(bench: Bench): Omit<Life, 'hook' | 'base'> {
  const producer = bench.subjects[1];
  const types = producer === undefined ? [] : claimedTypes(producer);
  for (const type of types) {
    const bodies = producer === undefined ? {} : policyBodies(producer, type);
    const { valid, update = valid } = bodies;
    if (valid === undefined || update === undefined) continue;
    const policy = `pb-${bench.case.id.toLowerCase()}-${randomBytes(4).toString('hex')}`;
    return { type, policy, valid, update };
  }
  throw missing(
    'IXIT_MISSING',
    'IXIT a1.policies of the producer has no valid body for a policy type it claims',
  );
}

async function triggerOne({ bench, signal }: Path, name: OperationName, life: Life): Promise<void> {
  const operation = OPERATIONS[name];
  const order = {
    action: 'trigger',
    operation: operation.name,
    producer: life.base,
    policyType: life.type,
    policy: life.policy,
    notify: operation.method === 'PUT',
    ...(operation.method === 'PUT' ? { body: name === 'create' ? life.valid : life.update } : {}),
  };
  const done = await giveOrder({ bench, url: life.hook, step: `trigger-${name}` }, order, { signal });
  if (!done && name === LIFE[0])
    throw Blocked.precondition('the prepare hook of the consumer does not trigger');
}

async function provokeChange({ bench, signal }: Path, { type, policy }: Life): Promise<void> {
  const producer = bench.subjects[1];
  const url = producer === undefined ? null : hookUrl(producer, 'a1.prepare');
  if (url === null) return;
  const order = { action: 'changeStatus', policyType: type, policy };
  await giveOrder({ bench, url, step: 'provoke' }, order, { signal });
  await pause(bench.number('settleMs'), { signal });
}

/** Lets notifications come by here as well: the destination in the query becomes one of the tap. */
function redirect(path: string, tapUrl: string, destinations: string[]): string {
  const { path: bare, query } = splitRequestPath(path);
  const destination = query.get('notificationDestination');
  if (destination === null || !URL.canParse(destination)) return path;
  destinations.push(destination);
  query.set('notificationDestination', `${tapUrl}/${destinations.length - 1}`);
  return `${bare}?${query.toString()}`;
}

interface Forwarding {
  readonly step: string;
  readonly received: Received;
  readonly url: string;
  readonly tls: TlsClientMaterial | undefined;
  readonly seen?: (exchange: HttpExchange) => void;
}

async function forward(
  { bench, signal }: Path,
  { step, received, url, tls, seen }: Forwarding,
): Promise<Answer> {
  const passing = (headers: HeaderList): HeaderList =>
    headers.filter(([name]) => !HOP_BY_HOP.includes(name.toLowerCase()));
  const exchange: HttpExchange = await sendHttp(
    {
      method: received.method,
      url,
      headers: passing(received.headers),
      ...(received.body.byteLength > 0 ? { body: received.body } : {}),
    },
    { limits: { timeoutMs: bench.number('responseTimeMs') }, ...(tls === undefined ? {} : { tls }) },
    { signal },
  );
  bench.observe(step, 'http-exchange', asJson(exchange));
  seen?.(exchange);
  if (exchange.delivered) bench.stimulated();
  if (step === 'exchange' && exchange.response !== null) bench.transport('a1', carriedBy(exchange));
  if (exchange.response === null) return { status: 504 };
  const { status, headers, body } = exchange.response;
  const bytes = bytesOf(body);
  return { status, headers: passing(headers), ...(bytes.byteLength > 0 ? { body: bytes } : {}) };
}
