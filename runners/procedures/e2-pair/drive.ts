import type { Equipment } from '../../../src/domain/equipment.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { giveOrder, hookUrl, mustGiveOrder } from '../hook.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { openRelay, type Relay } from './relay.ts';

export const RIC = 0;
export const NODE = 1;

/** A near-RT RIC (subject 0) and an E2 node (subject 1), with the runner between them. */
export interface PairDriver {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly relay: Relay;
  /** Has a side do something in a step of its own, and gives it time; false when nobody could be told. */
  readonly order: (side: typeof RIC | typeof NODE, step: string, order: JsonObject) => Promise<boolean>;
  /** Lets messages go by. */
  readonly watch: (ms: number) => Promise<void>;
}

/** @throws Blocked when the E2 node cannot be told where to connect */
export async function drivePair(
  bench: Bench,
  { signal }: { signal: AbortSignal },
  behave: (driver: PairDriver) => Promise<void>,
): Promise<void> {
  const [ric, node] = bench.subjects;
  if (ric === undefined || node === undefined)
    throw new HarnessError('PLAN_INVALID', 'the plan has not two subjects');
  await using relay = await openRelay({ bench, ric, node, signal });
  const watch = (ms: number): Promise<void> => pause(ms, { signal });
  const on = { bench, signal };
  const driver: PairDriver = {
    ...{ bench, signal, relay, watch },
    order: async (side, step, order) => {
      relay.enter(step);
      const product = side === RIC ? ric : node;
      const done = await tell({ ...on, product, step }, order);
      if (done) await watch(bench.number('settleMs'));
      return done;
    },
  };
  try {
    await connect({ ...on, product: node, step: 'connect' }, relay);
    await untilSetUp(driver);
    await behave(driver);
  } finally {
    const url = hookUrl(node, 'e2.prepare');
    relay.enter('clean-up');
    if (url !== null && !signal.aborted)
      await giveOrder({ bench, url, step: 'clean-up' }, { action: 'disconnect' }, { signal });
  }
}

interface Telling {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly product: Equipment;
  readonly step: string;
}

async function tell({ bench, signal, product, step }: Telling, order: JsonObject): Promise<boolean> {
  const url = hookUrl(product, 'e2.prepare');
  if (url !== null) return giveOrder({ bench, url, step }, order, { signal });
  if (product.ixit['e2.prepare'] !== 'manual') return false;
  bench.ask(`Have ${product.id} do this now: ${JSON.stringify(order)}`);
  return true;
}

async function connect(
  { bench, signal, product, step }: Telling,
  { host, port, udpPort }: Relay,
): Promise<void> {
  const order = { action: 'connect', host, port, ...(udpPort === undefined ? {} : { udpPort }) };
  const url = hookUrl(product, 'e2.prepare');
  if (url !== null) return mustGiveOrder({ bench, url, step }, order, { signal });
  if (product.ixit['e2.prepare'] === 'manual')
    bench.ask(`Have ${product.id} connect to the near-RT RIC at ${host}, SCTP port ${port}, now`);
}

/** The setup and its answer have gone by. @throws Blocked when nothing came at all */
async function untilSetUp({ bench, relay, watch }: PairDriver): Promise<void> {
  const end = performance.now() + bench.number('connectWithinMs');
  while (relay.count < 2 && performance.now() < end) await watch(10);
  if (relay.count === 0) throw Blocked.precondition('the E2 node did not set E2 up');
  await watch(bench.number('settleMs'));
}
