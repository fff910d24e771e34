import type { Equipment } from '../../../src/domain/equipment.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { orderProduct, tellProduct } from '../ap/orders.ts';
import type { Relay } from '../ap-pair/relay.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { CLEAN_UP } from './steps.ts';
import { type ChainLink, IN_WORDS, LINK_NAMES, type LinkName, LINKS, type Place } from './links.ts';

const POLL_MS = 5;

export type Heard = (link: LinkName, message: string) => boolean;

/** A chain of products, with the runner on every interface between them. */
export interface ChainDriver {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly product: (place: Place) => Equipment;
  /** What is seen from now on, on any interface, belongs to that step. */
  readonly enter: (step: string) => void;
  /** From now on: whether a message of that name has gone by. */
  readonly listen: () => Heard;
  /** Whether that has become true in time. */
  readonly until: (isSo: () => boolean, withinMs: number) => Promise<boolean>;
}

/** Has the products connect with each other through the runner, and then, when all is set up, `behave` have them do something. @throws Blocked */
export async function driveChain(
  { bench, signal }: Pick<ChainDriver, 'bench' | 'signal'>,
  behave: (driver: ChainDriver) => Promise<void>,
): Promise<void> {
  const product = (place: Place): Equipment => {
    const subject = bench.subjects[place];
    if (subject === undefined) throw new HarnessError('PLAN_INVALID', `the plan has no ${IN_WORDS[place]}`);
    return subject;
  };
  await using undo = new Teardown();
  const heard = new Map<string, number>();
  const relays: Relay[] = [];
  const driver: ChainDriver = {
    ...{ bench, signal, product },
    enter: (step) => {
      for (const relay of relays) relay.enter(step);
    },
    listen: () => {
      const before = new Map(heard);
      return (name, message) => timesOf(heard, name, message) > timesOf(before, name, message);
    },
    until: async (isSo, withinMs) => {
      for (const end = performance.now() + withinMs; !isSo() && performance.now() < end;)
        await pause(POLL_MS, { signal });
      return isSo();
    },
  };
  for (const name of LINK_NAMES) {
    const { open, listener, caller } = LINKS[name];
    const note = (message: string | null): void => {
      if (message !== null) heard.set(`${name} ${message}`, timesOf(heard, name, message) + 1);
    };
    const between = { listener: product(listener), caller: product(caller) };
    relays.push(undo.use(await open({ bench, signal, ...between, heard: note })));
  }
  await whileConnected(driver, relays, behave);
}

async function whileConnected(
  driver: ChainDriver,
  relays: readonly Relay[],
  behave: (driver: ChainDriver) => Promise<void>,
): Promise<void> {
  const { bench, signal, product, enter } = driver;
  try {
    let areUp = true;
    for (const [index, name] of LINK_NAMES.entries()) {
      const relay = relays[index];
      areUp &&= relay !== undefined && (await connect(LINKS[name], driver, relay));
    }
    enter('settled');
    await pause(bench.number('settleMs'), { signal });
    if (areUp) await behave(driver);
  } finally {
    enter(CLEAN_UP);
    for (const name of LINK_NAMES) {
      const { caller, connect: how, disconnect: action } = LINKS[name];
      const of = { bench, product: product(caller), key: how.key, signal };
      await tellProduct(of, { step: CLEAN_UP, order: { action } });
    }
  }
}

function timesOf(heard: ReadonlyMap<string, number>, name: LinkName, message: string): number {
  return heard.get(`${name} ${message}`) ?? 0;
}

/** The caller connects, and the interface is set up; false when it is not. @throws Blocked when nothing came at all */
async function connect(
  { name, listener, caller, connect: { key, action }, setups }: ChainLink,
  { bench, signal, product, listen, until }: ChainDriver,
  { host, port, udpPort }: Relay,
): Promise<boolean> {
  const heard = listen();
  const where = { host, port, ...(udpPort === undefined ? {} : { udpPort }) };
  await orderProduct(
    { bench, product: product(caller), key, signal },
    {
      step: 'setup',
      order: { action, ...where },
      inWords: `connect to the ${IN_WORDS[listener]} at ${host}, SCTP port ${port}`,
      comesByItself: true,
    },
  );
  const [asked, answered] = [setups.map(({ request }) => request), setups.map(({ answer }) => answer)];
  const some = (names: readonly string[]) => (): boolean => names.some((each) => heard(name, each));
  if (await until(some(answered), bench.number('connectWithinMs'))) return true;
  if (!some(asked)())
    throw Blocked.precondition(`nobody set ${name.toUpperCase()} up: the ${IN_WORDS[caller]} was to connect`);
  return false;
}
