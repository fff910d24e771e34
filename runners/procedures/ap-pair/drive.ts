import type { Equipment } from '../../../src/domain/equipment.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { ApShape } from '../../interfaces/ap/types.ts';
import { giveOrder, hookUrl, mustGiveOrder, type PrepareKey } from '../hook.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { type ApPair, LISTENER, type Side } from './pair.ts';
import { openRelay, type Relay } from './relay.ts';

/** Two products, with the runner between them. */
export interface PairDriver {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly listener: Equipment;
  readonly caller: Equipment;
  readonly relay: Relay;
  /** Has a side do something in a step of its own, and gives it time; false when nobody could be told. */
  readonly order: (side: Side, asked: PairOrder) => Promise<boolean>;
  /** Has something done in a step of its own, and gives it time, if it was done. */
  readonly during: (
    step: Pick<PairOrder, 'step' | 'until'>,
    work: () => Promise<boolean>,
  ) => Promise<boolean>;
  /** Lets messages go by. */
  readonly watch: (ms: number) => Promise<void>;
}

export interface PairOrder {
  readonly step: string;
  readonly order: JsonObject;
  /** Messages by which it is done. They are waited for as long as an answer may take, and then what else comes of it. */
  readonly until: readonly string[];
}

/** Step of what the runner does when a case is over. */
export const CLEAN_UP = 'clean-up';

export interface DrivingPair {
  readonly bench: Bench;
  readonly signal: AbortSignal;
}

/** @throws Blocked when the caller cannot be told where to connect */
export async function drivePair<S extends ApShape>(
  pair: ApPair<S>,
  { bench, signal }: DrivingPair,
  behave: (driver: PairDriver) => Promise<void>,
): Promise<void> {
  const [listener, caller] = bench.subjects;
  if (listener === undefined || caller === undefined)
    throw new HarnessError('PLAN_INVALID', 'the plan has not two subjects');
  await using relay = await openRelay(pair.spoken, { bench, listener, caller, signal });
  const watch = (ms: number): Promise<void> => pause(ms, { signal });
  const on = { bench, signal, key: `${pair.spoken.name}.prepare` } as const;
  const driver: PairDriver = {
    ...{ bench, signal, listener, caller, relay, watch },
    order: (side, { step, order, until }) => {
      const product = side === LISTENER ? listener : caller;
      return driver.during({ step, until }, () => tell({ ...on, product, step }, order));
    },
    during: async ({ step, until }, work) => {
      relay.enter(step);
      if (!(await work())) return false;
      await untilSeen(until, driver);
      await watch(bench.number('settleMs'));
      return true;
    },
  };
  const calling = { ...on, product: caller, step: 'connect' };
  try {
    await connect(pair, calling, relay);
    const { byListener: first } = pair;
    if (first !== undefined) await tell({ ...on, product: listener, step: 'setup' }, first.order);
    await untilSetUp(pair, driver);
    await behave(driver);
  } finally {
    relay.enter(CLEAN_UP);
    const url = hookUrl(caller, on.key);
    if (url !== null && !signal.aborted)
      await giveOrder({ bench, url, step: CLEAN_UP }, { action: 'disconnect' }, { signal });
  }
}

interface Telling extends DrivingPair {
  readonly product: Equipment;
  readonly key: PrepareKey;
  readonly step: string;
}

async function tell({ bench, signal, product, key, step }: Telling, order: JsonObject): Promise<boolean> {
  const url = hookUrl(product, key);
  if (url !== null) return giveOrder({ bench, url, step }, order, { signal });
  if (product.ixit[key] !== 'manual') return false;
  bench.ask(`Have ${product.id} do this now: ${JSON.stringify(order)}`);
  return true;
}

async function connect<S extends ApShape>(
  { inWords, spoken, byListener }: ApPair<S>,
  { bench, signal, product, key, step }: Telling,
  { host, port, udpPort }: Relay,
): Promise<void> {
  const where = { host, port, ...(udpPort === undefined ? {} : { udpPort }) };
  const order = { action: 'connect', interface: spoken.name, ...where, ...byListener?.connects };
  const url = hookUrl(product, key);
  if (url !== null) return mustGiveOrder({ bench, url, step }, order, { signal });
  if (product.ixit[key] === 'manual')
    bench.ask(`Have ${product.id} connect to the ${inWords[LISTENER]} at ${host}, SCTP port ${port}, now`);
}

async function untilSeen(names: readonly string[], { bench, relay, watch }: PairDriver): Promise<void> {
  const end = performance.now() + bench.number('answerWithinMs');
  while (!names.every((name) => relay.has(name)) && performance.now() < end) await watch(10);
}

/** The setup and its answer have gone by. @throws Blocked when nothing came at all */
async function untilSetUp<S extends ApShape>(
  { inWords: [, caller], spoken }: ApPair<S>,
  { bench, relay, watch }: PairDriver,
): Promise<void> {
  const end = performance.now() + bench.number('connectWithinMs');
  while (relay.count < 2 && performance.now() < end) await watch(10);
  if (relay.count === 0)
    throw Blocked.precondition(`the ${caller} did not set ${spoken.name.toUpperCase()} up`);
  await watch(bench.number('settleMs'));
}
