import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { tryOrder } from '../ap/orders.ts';
import { notOffered } from '../ap/preparation.ts';
import { askHook, hookUrl, isDone } from '../hook.ts';
import type { ChainDriver } from './drive.ts';
import { CORE, DU } from './links.ts';
import { stepOf, type Step } from './steps.ts';

/** One UE registers, has a session, pings through it and deregisters, as often as the plan says; the first that fails is the last. */
export async function registerAgainAndAgain(driver: ChainDriver): Promise<void> {
  const { bench } = driver;
  const { 'ng.pingTarget': to } = driver.product(CORE).ixit;
  if (typeof to !== 'string') throw notOffered('ixit ng.pingTarget of the AMF names no address to ping');
  const rounds = bench.number('registrationsCount');
  for (let n = 1; n <= rounds; n += 1) if (!(await round(driver, { n, to }))) return;
}

/** False when it did not come to its end. */
async function round(
  driver: ChainDriver,
  { n, to }: { readonly n: number; readonly to: string },
): Promise<boolean> {
  const { bench, enter, until, listen } = driver;
  const since = listen();
  const withinMs = bench.number('triggerWithinMs');
  const order = (step: Step, action: JsonObject & { readonly action: string }): Promise<boolean> => {
    enter(stepOf(step, n));
    return tell(driver, stepOf(step, n), action);
  };
  let isWhole = await order('registration', { action: 'register' });
  isWhole &&= await until(() => since('ng', 'InitialContextSetupResponse'), withinMs);
  // The session may have come with the registration.
  const isThere = (): boolean => since('e1', 'BearerContextSetupResponse');
  if (isWhole && !isThere()) {
    isWhole = await order('session', { action: 'session' });
    isWhole &&= await until(() => since('ng', 'PDUSessionResourceSetupResponse'), withinMs);
  }
  isWhole &&= await order('ping', { action: 'ping', to });
  const isGoing = await order('deregistration', { action: 'deregister' });
  const isGone = await until(
    () =>
      isGoing &&
      since('ng', 'UEContextReleaseComplete') &&
      since('f1', 'UEContextReleaseComplete') &&
      (!isThere() || since('e1', 'BearerContextReleaseComplete')),
    isGoing ? withinMs : 0,
  );
  return isWhole && isGone;
}

const IN_WORDS: Readonly<Record<string, string>> = {
  register: 'have its UE register',
  session: 'have its UE ask for a session',
  ping: 'have its UE ping through its session',
  deregister: 'have its UE deregister',
};

/** False when the UE did not do it; of a ping, too, when the hook says that nothing came back. */
async function tell(
  { bench, signal, product }: ChainDriver,
  step: string,
  order: JsonObject & { readonly action: string },
): Promise<boolean> {
  const about = { bench, product: product(DU), key: 'ue.prepare', signal } as const;
  const url = hookUrl(about.product, about.key);
  if (url === null) return tryOrder(about, { step, order, inWords: IN_WORDS[order.action] ?? order.action });
  const answer = await askHook({ bench, url, step }, order, { signal });
  return isDone(answer) && (order.action !== 'ping' || tookMsIn(answer.body) !== null);
}

/** Of the answer to a ping: how long it took; `null` when it says that nothing came back, or nothing at all. */
export function tookMsIn(body: Json | undefined): number | null {
  const took = isJsonObject(body) ? body['tookMs'] : null;
  return typeof took === 'number' ? took : null;
}
