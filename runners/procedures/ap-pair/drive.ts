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
  /**
   * Has a side do something in a step of its own, until its message has gone by, or could have, and what follows of
   * itself; false when nobody could be told.
   */
  readonly perform: (wanted: Performed) => Promise<boolean>;
  /** Lets messages go by. */
  readonly watch: (ms: number) => Promise<void>;
  /** Lets messages go by until that is so, at most for so long. */
  readonly until: (seen: () => boolean, withinMs: number) => Promise<void>;
}

export interface Performed {
  readonly by: Side;
  readonly step: string;
  readonly order: JsonObject;
  /** Name of the message with which it is over; absent: there is no telling. */
  readonly until?: string | undefined;
}

const POLL_MS = 5;

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
  const until = async (seen: () => boolean, withinMs: number): Promise<void> => {
    for (const end = performance.now() + withinMs; !seen() && performance.now() < end;) await watch(POLL_MS);
  };
  const on = { bench, signal, key: `${pair.spoken.name}.prepare` } as const;
  const driver: PairDriver = {
    ...{ bench, signal, listener, caller, relay, watch, until },
    perform: async ({ by, step, order, until: message }) => {
      relay.enter(step);
      const done = await tell({ ...on, product: by === LISTENER ? listener : caller, step }, order);
      if (!done) return false;
      if (message !== undefined) await until(() => relay.saw(message), bench.number('answerWithinMs'));
      await watch(bench.number('settleMs'));
      return true;
    },
  };
  const calling = { ...on, product: caller, step: 'connect' };
  try {
    await connect(pair, calling, relay);
    await untilSetUp(pair, driver);
    await behave(driver);
  } finally {
    relay.enter('clean-up');
    const url = hookUrl(caller, on.key);
    if (url !== null && !signal.aborted)
      await giveOrder({ bench, url, step: 'clean-up' }, { action: 'disconnect' }, { signal });
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
  { inWords, spoken }: ApPair<S>,
  { bench, signal, product, key, step }: Telling,
  { host, port, udpPort }: Relay,
): Promise<void> {
  const where = { host, port, ...(udpPort === undefined ? {} : { udpPort }) };
  const order = { action: 'connect', interface: spoken.name, ...where };
  const url = hookUrl(product, key);
  if (url !== null) return mustGiveOrder({ bench, url, step }, order, { signal });
  if (product.ixit[key] === 'manual')
    bench.ask(`Have ${product.id} connect to the ${inWords[LISTENER]} at ${host}, SCTP port ${port}, now`);
}

/** The setup and its answer have gone by. @throws Blocked when nothing came at all */
async function untilSetUp<S extends ApShape>(
  { inWords: [, caller], spoken }: ApPair<S>,
  { bench, relay, watch, until }: PairDriver,
): Promise<void> {
  await until(() => relay.count >= 2, bench.number('connectWithinMs'));
  if (relay.count === 0)
    throw Blocked.precondition(`the ${caller} did not set ${spoken.name.toUpperCase()} up`);
  await watch(bench.number('settleMs'));
}
