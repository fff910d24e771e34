import { randomBytes } from 'node:crypto';
import { pause } from '../../../src/kernel/deadline.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { A1Producer } from '../../interfaces/a1/peer.ts';
import { DEFAULT_BASE_PATH } from '../../interfaces/a1/types.ts';
import type { HttpReceived } from '../../interfaces/http/types.ts';
import type { Bench } from '../procedure.ts';
import { openTap, type Tap } from './callbacks.ts';
import { hookUrl, mustGiveOrder } from '../hook.ts';
import {
  FIRST_BODY,
  hasMethod,
  hasUri,
  isAttempt,
  type Operation,
  type OperationName,
  OPERATIONS,
  SECOND_BODY,
  TESTER_POLICY_TYPE,
  TESTER_TYPE,
  type Wanted,
} from './operations.ts';
import { missing } from './product.ts';

/** The tester speaks for the producer; one consumer under test. */
export interface ConsumerDriver {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly producer: A1Producer;
  /** The policy of this case. */
  readonly policy: string;
  /** Puts the policy there as if it had been created before. */
  readonly seed: () => void;
  /** Has the product do one operation and waits for the request; null when none came that could be it. */
  readonly trigger: (name: OperationName, options?: { notify?: boolean }) => Promise<HttpReceived | null>;
}

/** Runs a case against the consumer in `subjects[0]`, with a producer of the tester's own. */
export async function driveConsumer(
  bench: Bench,
  { signal }: { signal: AbortSignal },
  behave: (driver: ConsumerDriver) => Promise<void>,
): Promise<void> {
  const producer = new A1Producer({
    basePath: DEFAULT_BASE_PATH,
    types: new Map([[TESTER_TYPE, TESTER_POLICY_TYPE]]),
    notify: () => {},
  });
  const port = bench.subjects[0]?.ixit['a1.listenPort'];
  await using tap = await openTap(bench, (received) => producer.handle(received), {
    step: 'consumer',
    ...(typeof port === 'number' ? { port } : {}),
  });
  const policy = `pb-${bench.case.id.toLowerCase()}-${randomBytes(4).toString('hex')}`;
  const scene = { bench, signal, tap, policy };
  await behave({
    bench,
    signal,
    producer,
    policy,
    seed: () => {
      producer.policies(TESTER_TYPE).set(policy, {
        body: FIRST_BODY,
        status: { enforceStatus: 'ENFORCED' },
        notificationDestination: null,
      });
    },
    trigger: (name, { notify = false } = {}) => trigger(scene, OPERATIONS[name], notify),
  });
}

interface Scene {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly tap: Tap;
  readonly policy: string;
}

async function trigger(scene: Scene, operation: Operation, notify: boolean): Promise<HttpReceived | null> {
  const { bench, signal, tap, policy } = scene;
  const wanted: Wanted = { operation, basePath: DEFAULT_BASE_PATH, type: TESTER_TYPE, policy };
  bench.observe('wanted', 'note', { operation: operation.name, policy });
  await order(scene, operation, notify);
  const withinMs = bench.number('triggerWithinMs');
  const fits = (one: HttpReceived): boolean => hasMethod(one, wanted) && hasUri(one, wanted);
  const attempt = await tap.waitFor((one) => fits(one) || isAttempt(one, wanted), { withinMs, signal });
  if (attempt === null) return null;
  bench.stimulated();
  bench.transport('a1', attempt.scheme === 'https' ? 'http/1.1 tls' : 'http/1.1');
  if (fits(attempt)) return attempt;
  await pause(bench.number('settleMs'), { signal });
  return tap.received.find(fits) ?? attempt;
}

/** Has the request triggered by the prepare hook, or by the person at the testbed. */
async function order(
  { bench, signal, tap, policy }: Scene,
  operation: Operation,
  notify: boolean,
): Promise<void> {
  const product = bench.subjects[0];
  const root = `${tap.url}${DEFAULT_BASE_PATH}`;
  const body: Json = operation.name === 'updatePolicy' ? SECOND_BODY : FIRST_BODY;
  const url = product === undefined ? null : hookUrl(product, 'a1.prepare');
  if (url !== null)
    return mustGiveOrder(
      { bench, url, step: 'trigger' },
      {
        action: 'trigger',
        operation: operation.name,
        producer: root,
        policyType: TESTER_TYPE,
        policy,
        notify,
        ...(operation.method === 'PUT' ? { body } : {}),
      },
      { signal },
    );
  if (product?.ixit['a1.prepare'] !== 'manual')
    throw missing(
      'IXIT_MISSING',
      'ixit a1.prepare does not say how a request is triggered: manual, or {url: …}',
    );
  const details = operation.method === 'PUT' ? ` with the body ${JSON.stringify(body)}` : '';
  const wish = notify ? ', asking for status notifications' : '';
  bench.ask(
    `Have the product ${operation.inWords} now: producer ${root}, policy type ${TESTER_TYPE}, policy ${policy}${details}${wish}`,
  );
}
