import type { Json } from '../../../src/kernel/json.ts';
import { hasStatus, type Matcher } from '../../interfaces/a1/expect.ts';
import { splitRequestPath } from '../../interfaces/a1/uri.ts';
import { sendHttp } from '../../interfaces/http/send.ts';
import { type Bench, clause, type JudgedClause, type Procedure, type Seen } from '../procedure.ts';
import { driveConsumer } from './consumer.ts';
import { requestOf } from './consumer-requests.ts';
import { answered, exchangeAt, judgeStep, responseTime, unseen } from './judging.ts';
import { RESPONSE_TIME, SETTLE, TRIGGER_WITHIN } from './parameters.ts';
import { readTls } from './product.ts';
import { asJson } from './steps.ts';

const GOOD_STATUS: Json = { enforceStatus: 'NOT_ENFORCED', enforceReason: 'OTHER_REASON' };
const BAD_STATUS: Json = { enforceStatuss: 'NOT_ENFORCED' };

interface Callback {
  readonly id: string;
  /** Where the notification is sent, given what the consumer asked for. */
  readonly to: (destination: string) => string;
  readonly status: Json;
  readonly is: Matcher;
}

const CALLBACKS: readonly Callback[] = [
  { id: 'a1.consumer.notified', to: (url) => url, status: GOOD_STATUS, is: hasStatus(204) },
  { id: 'a1.consumer.notified-bad', to: (url) => url, status: BAD_STATUS, is: hasStatus(400) },
  { id: 'a1.consumer.notified-unknown', to: unknownBeside, status: GOOD_STATUS, is: hasStatus(404) },
];

/** A URI beside the destination that the consumer never gave out. */
function unknownBeside(destination: string): string {
  const url = new URL(destination);
  return `${url.origin}${url.pathname.replace(/\/?$/u, '-nobody')}`;
}

/** A1TS 5.2.6: the consumer asks for notifications and answers them. */
export const CONSUMER_CALLBACKS: readonly Procedure[] = CALLBACKS.map(({ id, to, status, is }) => ({
  id,
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN, settleMs: SETTLE },
  clauses: ['requested', 'destination', 'answered', 'status'],
  drive: (bench, { signal }) =>
    driveConsumer(bench, { signal }, async ({ trigger }) => {
      const request = await trigger('create', { notify: true });
      const destination = request === null ? null : destinationIn(request.path);
      if (destination !== null) await notify(bench, { url: to(destination), status }, { signal });
    }),
  judge: (seen) => ({
    clauses: [...destinationClauses(seen), answered(seen), judgeStep(seen, 'status', { step: 'notify', is })],
    measurements: responseTime(seen),
  }),
}));

async function notify(
  bench: Bench,
  { url, status }: { url: string; status: Json },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const material = bench.subjects[0]?.interfaces['a1']?.tls;
  const tls = material === undefined ? {} : { tls: await readTls(bench, material) };
  const exchange = await sendHttp(
    { method: 'POST', url, headers: [['Content-Type', 'application/json']], body: JSON.stringify(status) },
    { limits: { timeoutMs: bench.number('responseTimeMs') }, ...tls },
    { signal },
  );
  bench.observe('notify', 'http-exchange', asJson(exchange));
}

/** The notification destination in a request; null when there is none that can be called. */
function destinationIn(path: string): string | null {
  const destination = splitRequestPath(path).query.get('notificationDestination');
  const usable = destination !== null && URL.canParse(destination) && /^https?:/u.test(destination);
  return usable ? destination : null;
}

function destinationClauses(seen: Seen): readonly JudgedClause[] {
  const found = requestOf(seen, 'create');
  if (found === null)
    return [
      clause('requested', ['inconc', `no request came within ${seen.number('triggerWithinMs')} ms`]),
      unseen('destination', 'no request came'),
    ];
  const named = destinationIn(found.data.path) !== null;
  const saw = named ? 'a notification destination' : 'no usable notification destination';
  const told = exchangeAt(seen, 'notify')?.n;
  return [
    clause('requested', ['pass', 'a request came'], found.n),
    clause('destination', [named ? 'pass' : 'fail', saw], found.n, ...(told === undefined ? [] : [told])),
  ];
}
