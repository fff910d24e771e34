import { pause } from '../../../src/kernel/deadline.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { hasStatus, isPolicyStatus } from '../../interfaces/a1/expect.ts';
import { jsonOf } from '../../interfaces/http/body.ts';
import type { HttpReceived } from '../../interfaces/http/types.ts';
import { clause, type JudgedClause, type Procedure, type Seen } from '../procedure.ts';
import { openTap, type Tap } from './callbacks.ts';
import { giveOrder, hookUrl } from '../hook.ts';
import { answered, judgeStep, notReached, noteAt, responseTime, typeInUse, unseen } from './judging.ts';
import { NOTIFICATION_WITHIN, RESPONSE_TIME, SETTLE } from './parameters.ts';
import { type A1Driver, driveA1, useType } from './steps.ts';

/** A1TS 6.2.6.1: status notifications follow the destination. Where they are delivered to is an addition of ours. */
export const notifyStatus: Procedure = {
  id: 'a1.policy.notify',
  parameters: { responseTimeMs: RESPONSE_TIME, notificationWithinMs: NOTIFICATION_WITHIN, settleMs: SETTLE },
  clauses: ['answered', 'created', 'redirected', 'cleared', 'to-a', 'to-b', 'to-nowhere', 'notification'],

  drive: (bench, { signal }) =>
    driveA1(bench, { signal }, async (driver) => {
      await using tap = await openTap(bench, () => ({ status: 204 }), { step: 'callback' });
      const { type, valid, update } = await useType(driver);
      const policy = driver.newPolicy(type);
      const resource = { kind: 'policy', type, policy } as const;
      const put = (step: string, { body = valid, to }: { body?: typeof valid; to?: string }) =>
        driver.send(step, {
          method: 'PUT',
          resource,
          body,
          ...(to === undefined ? {} : { notificationDestination: `${tap.url}/${to}` }),
        });
      await put('to-a', { to: 'a' });
      const tookA = await awaitNotification(driver, tap, { to: 'a', resource });
      await put('to-b', { to: 'b', body: update });
      const tookB = await awaitNotification(driver, tap, { to: 'b', resource });
      await put('to-nowhere', {});
      await provoke(driver, 'nowhere', resource);
      // A product that takes its time gets it here as well, or its mistake would go unseen.
      await pause(Math.max(bench.number('settleMs'), 2 * tookA, 2 * tookB), { signal });
      bench.observe('end', 'note', 'watched to the end');
    }),

  judge: (seen) => {
    if (typeInUse(seen) === null) return notReached(seen, notifyStatus.clauses);
    return {
      clauses: [
        answered(seen),
        judgeStep(seen, 'created', { step: 'to-a', is: hasStatus(201) }),
        judgeStep(seen, 'redirected', { step: 'to-b', is: hasStatus(200) }),
        judgeStep(seen, 'cleared', { step: 'to-nowhere', is: hasStatus(200) }),
        arrived(seen, 'a'),
        arrived(seen, 'b'),
        nothingAfter(seen),
        wellFormed(seen),
      ],
      measurements: responseTime(seen),
    };
  },
};

interface PolicyName {
  readonly type: string;
  readonly policy: string;
}

/**
 * Waits for a notification that the request itself caused, and provokes a change of status where there is a way.
 * Gives the ms until it came, 0 when none did.
 */
async function awaitNotification(
  driver: A1Driver,
  tap: Tap,
  { to, resource }: { to: string; resource: PolicyName },
): Promise<number> {
  const { bench, signal } = driver;
  const startedAt = performance.now();
  const fits = ({ path }: HttpReceived): boolean => path === `/${to}`;
  const withinMs = bench.number('notificationWithinMs');
  const provoked = await provoke(driver, to, resource);
  const found = await tap.waitFor(fits, { withinMs, signal });
  const tookMs = performance.now() - startedAt;
  const due = provoked || driver.product.ixit['a1.notifiesOnCreate'] === true;
  if (found !== null) await untilQuiet(driver, tap);
  bench.observe(`waited-${to}`, 'note', { due, arrived: found !== null });
  return found === null ? 0 : tookMs;
}

/** What is still under way to one destination must not be taken for a notification after the next was set. */
async function untilQuiet({ bench, signal }: A1Driver, tap: Tap): Promise<void> {
  const end = performance.now() + bench.number('notificationWithinMs');
  let count: number;
  do {
    count = tap.received.length;
    await pause(bench.number('settleMs'), { signal });
  } while (tap.received.length > count && performance.now() < end);
}

/** Has the status of the policy changed by the prepare hook; false when there is none or it could not. */
async function provoke(
  { bench, product, signal }: A1Driver,
  to: string,
  { type, policy }: PolicyName,
): Promise<boolean> {
  const url = hookUrl(product, 'a1.prepare');
  if (url === null) return false;
  const order = { action: 'changeStatus', policyType: type, policy };
  return giveOrder({ bench, url, step: `provoke-${to}` }, order, { signal });
}

function received(seen: Seen): readonly { n: number; data: HttpReceived }[] {
  return seen.observations
    .filter(({ kind, step }) => kind === 'http-received' && step === 'callback')
    .map(({ n, data }) => ({ n, data: data as unknown as HttpReceived }));
}

function numberOf(seen: Seen, step: string): number {
  return seen.observations.find((one) => one.step === step)?.n ?? Number.MAX_SAFE_INTEGER;
}

function arrived(seen: Seen, to: 'a' | 'b'): JudgedClause {
  const id = `to-${to}`;
  const waited = noteAt(seen, `waited-${to}`);
  if (!isJsonObject(waited)) return unseen(id, 'the case did not get there');
  const stale = received(seen).find(
    ({ n, data }) => to === 'b' && data.path === '/a' && n > numberOf(seen, 'to-b'),
  );
  if (stale !== undefined) return clause(id, ['fail', 'a notification at the old destination'], stale.n);
  const here = received(seen).filter(({ data }) => data.path === `/${to}`);
  if (here.length > 0)
    return clause(id, ['pass', `${here.length} notification(s) at ${to}`], ...here.map(({ n }) => n));
  return waited['due'] === true
    ? clause(
        id,
        ['fail', `no notification at ${to} after a change of status`],
        numberOf(seen, `waited-${to}`),
      )
    : clause(id, [
        'inconc',
        'no notification, and no way to provoke one (ixit a1.prepare, a1.notifiesOnCreate)',
      ]);
}

/** After the destination was taken away nothing goes anywhere. */
function nothingAfter(seen: Seen): JudgedClause {
  const id = 'to-nowhere';
  if (noteAt(seen, 'end') === undefined) return unseen(id, 'the case did not get there');
  const atB = numberOf(seen, 'waited-b');
  const cleared = numberOf(seen, 'to-nowhere');
  const late = received(seen).find(({ n }) => n > cleared);
  if (late !== undefined)
    return clause(id, ['fail', 'a notification after the destination was removed'], late.n);
  if (received(seen).length === 0) return unseen(id, 'no notification was ever seen');
  return clause(id, ['pass', 'nothing came after the destination was removed'], atB, cleared);
}

function wellFormed(seen: Seen): JudgedClause {
  const id = 'notification';
  const all = received(seen);
  if (all.length === 0) return unseen(id, 'no notification was seen');
  const statusSchema = typeInUse(seen)?.statusSchema ?? null;
  for (const { n, data } of all) {
    if (data.method !== 'POST') return clause(id, ['fail', `${data.method} instead of POST`], n);
    const { ok, saw } = isPolicyStatus(jsonOf(data.body), statusSchema);
    if (!ok) return clause(id, ['fail', saw], n);
  }
  return clause(id, ['pass', 'POST with a policy status'], ...all.map(({ n }) => n));
}
