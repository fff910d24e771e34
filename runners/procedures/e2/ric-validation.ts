import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import type { Ies } from '../../interfaces/e2/types.ts';
import { type Bench, Blocked, type Procedure, type Seen } from '../procedure.ts';
import { broken, clausesOf, type Found, holds, undecided, unseen } from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { type Burst, report, type WantedReport } from './reporting.ts';
import { driveRic, type RicDriver, type TesterNode } from './ric-driver.ts';
import { needsReport } from './ric-hook.ts';
import { askHook } from '../hook.ts';
import { alive, countIn, ordersIn, reportOn } from './ric-judging.ts';
import { subscription } from './ric-subscription.ts';
import { seenPdus } from './seen-messages.ts';
import { IMPOSSIBLE_VALUE, testerNodeName } from './tester-node.ts';

const FEW = 5;
/** Steps after each of which the product is asked what it made of what it got. */
const STEPS = ['valid', 'value', 'format', 'unknown', 'rate'] as const;
type Step = (typeof STEPS)[number];

/** WG11 11.5.2.3: what nodes report is looked at, one node's rubbish does not hurt another, and a flood is cut. */
export const validation: Procedure = {
  id: 'e2.ric.validation',
  parameters: {
    responseTimeMs: RESPONSE_TIME,
    triggerWithinMs: TRIGGER_WITHIN,
    settleMs: SETTLE,
    periodMs: { type: 'number', unit: 'ms', about: 'how often something is reported that is right' },
    excess: { type: 'number', unit: 'count', about: 'indications in a second beyond those that are allowed' },
  },
  clauses: ['valid', 'value', 'format', 'unknown', 'rate', 'others', 'logged', 'alive'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      needsReport(driver.product);
      const limit = limitOf(bench);
      const [first, second] = [await driver.ready(), await driver.ready('setup-2', 2)];
      const wanted = await subscription(driver, first);
      const other = await subscription(driver, second);
      if (wanted === undefined || other === undefined) return;
      const burst: Record<Step, Burst> = {
        valid: { count: FEW, everyMs: bench.number('periodMs') },
        value: { count: 1, everyMs: 0, value: IMPOSSIBLE_VALUE },
        format: { count: 1, everyMs: 0, change: withBrokenMessage },
        unknown: { count: 1, everyMs: 0, change: withUnknownRequest },
        rate: { count: limit + bench.number('excess'), everyMs: 0 },
      };
      for (const step of STEPS) {
        await reported(driver, { node: first, wanted, step }, burst[step]);
        await reported(driver, { node: second, wanted: other, step }, { count: 1, everyMs: 0 });
        await first.settle(bench.number('settleMs'));
        await reports(driver, step);
      }
      await first.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        valid: valid(seen),
        value: discarded(seen, 'value'),
        format: discarded(seen, 'format'),
        unknown: discarded(seen, 'unknown'),
        rate: rate(seen),
        others: others(seen),
        logged: logged(seen),
        alive: alive(pdus),
      }),
    };
  },
};

/** The threshold that somebody has configured at the product. */
function limitOf({ subjects }: Bench): number {
  const limit = subjects[0]?.ixit['e2.maxIndicationsPerS'];
  if (typeof limit === 'number' && limit > 0) return limit;
  const text = 'ixit e2.maxIndicationsPerS does not say how many indications in a second the product takes';
  throw new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}

interface From {
  readonly node: TesterNode;
  readonly wanted: WantedReport;
  readonly step: Step;
}

function reported({ product, signal }: RicDriver, { node, wanted, step }: From, burst: Burst): Promise<void> {
  return report({ node, product, wanted, step }, burst, { signal });
}

async function reports({ bench, product, signal }: RicDriver, step: Step): Promise<void> {
  await askHook({ bench, url: needsReport(product), step }, { action: 'report' }, { signal });
}

function withBrokenMessage(ies: Ies<'RICindication'>): Ies<'RICindication'> {
  return { ...ies, RICindicationMessage: Uint8Array.of(0xff, 0xff, 0xff) };
}

function withUnknownRequest(ies: Ies<'RICindication'>): Ies<'RICindication'> {
  return { ...ies, RICrequestID: { ricRequestorID: 65_000, ricInstanceID: 65_000 } };
}

/** What the product had processed of a node by the end of a step; undefined when it did not say. */
function countAfter(
  seen: Seen,
  step: Step | undefined,
  node: number,
): { n: number; count: number } | undefined {
  const [product] = seen.subjects;
  if (product === undefined || step === undefined) return undefined;
  const told = reportOn(seen, step, testerNodeName(product, node));
  return told === undefined ? undefined : { n: told.n, count: countIn(told.node['processed']) };
}

const NOT_SEEN = unseen('the product did not report what it had processed');

/** Who throws away everything does not look at anything. */
const NOTHING_TAKEN = unseen('what is right was thrown away, too');

/** How many were taken of a node in a step. */
function takenIn(seen: Seen, step: Step, node: number): { n: number; count: number } | undefined {
  const after = countAfter(seen, step, node);
  const before = step === 'valid' ? { count: 0 } : countAfter(seen, STEPS[STEPS.indexOf(step) - 1], node);
  return after === undefined || before === undefined
    ? undefined
    : { n: after.n, count: after.count - before.count };
}

function valid(seen: Seen): Found {
  const taken = takenIn(seen, 'valid', 1);
  if (taken === undefined) return NOT_SEEN;
  const what = `${taken.count} of ${FEW} valid indications were processed`;
  return taken.count === FEW ? holds(what, taken.n) : broken(what, taken.n);
}

function discarded(seen: Seen, step: Step): Found {
  const taken = takenIn(seen, step, 1);
  if (taken === undefined) return NOT_SEEN;
  if (valid(seen).verdict !== 'pass') return NOTHING_TAKEN;
  return taken.count === 0
    ? holds('it was thrown away', taken.n)
    : broken('it was processed like one that is right', taken.n);
}

function rate(seen: Seen): Found {
  const taken = takenIn(seen, 'rate', 1);
  const limit = seen.subjects[0]?.ixit['e2.maxIndicationsPerS'];
  if (taken === undefined || typeof limit !== 'number') return NOT_SEEN;
  if (valid(seen).verdict !== 'pass') return NOTHING_TAKEN;
  const sent = limit + seen.number('excess');
  const tookMs = spanMs(seen);
  if (tookMs > 900) return undecided(`the tester took ${tookMs} ms to send ${sent} indications`, taken.n);
  const what = `${taken.count} of ${sent} indications in ${tookMs} ms were processed, ${limit} in a second are allowed`;
  return taken.count <= limit ? holds(what, taken.n) : broken(what, taken.n);
}

/** How long the flood took to send. */
function spanMs({ observations }: Seen): number {
  const sent = observations.filter(
    ({ step, kind, data }) =>
      step === 'rate' && kind === 'message' && isJsonObject(data) && data['association'] === 'e2-node',
  );
  return Math.round(((sent.at(-1)?.t ?? 0) - (sent[0]?.t ?? 0)) * 1_000);
}

/** The other node goes on being heard. */
function others(seen: Seen): Found {
  const taken = STEPS.map((step) => takenIn(seen, step, 2));
  const lost = taken.find((each) => each !== undefined && each.count < 1);
  if (taken.every((each) => each === undefined)) return NOT_SEEN;
  const last = taken.findLast((each) => each !== undefined);
  return lost === undefined
    ? holds('every indication of the other node was processed', last?.n ?? 0)
    : broken('an indication of the other node was lost', lost.n);
}

/** What was thrown away stands in the log of the product, with when, which node, and from where. */
function logged(seen: Seen): Found {
  const last = ordersIn(seen, 'rate').findLast(({ order }) => order['action'] === 'report');
  if (last === undefined || !isJsonObject(last.body)) return NOT_SEEN;
  const { log } = last.body;
  if (!Array.isArray(log)) return unseen('the product does not show its log');
  const entries = (log as readonly Json[])
    .filter(isJsonObject)
    .filter(({ event }) => event === 'indication-discarded');
  const whole = entries.filter((entry) =>
    ['at', 'node', 'address', 'detail'].every((name) => entry[name] !== undefined && entry[name] !== ''),
  );
  const what = `${entries.length} entries about indications that were thrown away`;
  return entries.length > 0 && whole.length === entries.length
    ? holds(what, last.n)
    : broken(`${what}, ${whole.length} of them with time, node, address and reason`, last.n);
}
