import type { Equipment } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { unwrapItems } from '../../interfaces/e2/messages.ts';
import type { Ies, Item } from '../../interfaces/e2/types.ts';
import type { LinkWaiting } from '../ap/link.ts';
import type { E2Link } from '../e2/link.ts';
import { mustGiveOrder, giveOrder, hookUrl } from '../hook.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { type Door, openDoor } from './door.ts';
import { TesterRic } from './ric.ts';

/** The tester speaks for the near-RT RIC; one E2 node under test. */
export interface NodeDriver {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly product: Equipment;
  readonly door: Door;
  readonly ric: TesterRic;
  /** How long the product may take to answer. */
  readonly waiting: LinkWaiting;
  /** Has the product connect, if somebody has to. */
  readonly connect: () => Promise<void>;
  /** Has the product begin a procedure by itself; false when nothing can make it. */
  readonly trigger: (procedure: TriggeredProcedure, inWords: string) => Promise<void>;
}

export type TriggeredProcedure = 'reset' | 'serviceUpdate' | 'configurationUpdate' | 'removal';

/** What a product has presented itself with. */
export interface Presented {
  readonly link: E2Link;
  readonly functions: readonly Item<'RANfunction-Item'>[];
}

export interface DriveOptions {
  readonly signal: AbortSignal;
  /** Associations of the product that are listened to; default 32. */
  readonly mostAssociations?: number;
}

/** Runs a case against the E2 node in `subjects[0]`; every association is shut down at the end. */
export async function driveNode(
  bench: Bench,
  { signal, mostAssociations }: DriveOptions,
  behave: (driver: NodeDriver) => Promise<void>,
): Promise<void> {
  const product = bench.subjects[0];
  if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
  const plmn = product.ixit['plmn'];
  const ric = new TesterRic(typeof plmn === 'string' ? plmn : '00101');
  await using door = await openDoor(bench, product, {
    handle: ric.handle,
    ...(mostAssociations === undefined ? {} : { most: mostAssociations }),
  });
  const waiting = { signal, withinMs: bench.number('answerWithinMs') };
  const to = { bench, product, door, signal };
  try {
    await behave({
      ...{ bench, signal, product, door, ric, waiting },
      connect: () => orderConnection(to),
      trigger: (procedure, inWords) => orderProcedure(to, procedure, inWords),
    });
  } finally {
    await orderDisconnection(to);
  }
}

/** The product connected and its E2 setup was accepted; what it presented. @throws Blocked */
export async function mustSetUp(driver: NodeDriver): Promise<Presented> {
  const { door, bench, signal } = driver;
  await driver.connect();
  const withinMs = bench.number('connectWithinMs');
  const link = await door.arrival(0, { withinMs, signal });
  if (link === null) throw Blocked.precondition(`the product did not connect within ${withinMs} ms`);
  return mustPresent(driver, link);
}

/** An E2 setup on an association, accepted. @throws Blocked */
export async function mustPresent({ bench, signal }: NodeDriver, link: E2Link): Promise<Presented> {
  const withinMs = bench.number('connectWithinMs');
  const entry = await link.waitFor(isSetup, { withinMs, signal, from: 0 });
  const ies = entry?.decoded.message?.ies as Partial<Ies<'E2setupRequest'>> | undefined;
  if (ies === undefined || entry?.comprehension?.action !== 'accept')
    throw Blocked.precondition('the product did not set E2 up in a way that can be accepted');
  return { link, functions: unwrapItems('RANfunction-Item', ies.RANfunctionsAdded) };
}

export const isSetup = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
  decoded.message?.name === 'E2setupRequest';

interface Ordering {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly door: Door;
  readonly signal: AbortSignal;
}

/** IXIT `e2.prepare`: absent, the product tries by itself; `manual`, somebody makes it; a hook is told. */
async function orderConnection({ bench, product, door, signal }: Ordering): Promise<void> {
  const { host, port, udpPort } = door;
  const url = hookUrl(product, 'e2.prepare');
  const order: JsonObject = { action: 'connect', host, port, ...(udpPort === undefined ? {} : { udpPort }) };
  if (url !== null) await mustGiveOrder({ bench, url, step: 'connect' }, order, { signal });
  else if (product.ixit['e2.prepare'] === 'manual')
    bench.ask(`Have the product connect to the near-RT RIC at ${host}, SCTP port ${port}, now`);
}

async function orderProcedure(
  { bench, product, signal }: Ordering,
  procedure: TriggeredProcedure,
  inWords: string,
): Promise<void> {
  const url = hookUrl(product, 'e2.prepare');
  if (url !== null)
    return mustGiveOrder({ bench, url, step: 'trigger' }, { action: 'trigger', procedure }, { signal });
  if (product.ixit['e2.prepare'] !== 'manual')
    throw new Blocked(
      {
        code: 'IXIT_MISSING',
        text: `nothing can make the product ${inWords}: ixit e2.prepare is neither manual nor {url: …}`,
      },
      'notSupportedByTestbed',
    );
  bench.ask(`Have the product ${inWords} now`);
}

async function orderDisconnection({ bench, product, signal }: Ordering): Promise<void> {
  const url = hookUrl(product, 'e2.prepare');
  if (url === null || signal.aborted) return;
  await giveOrder({ bench, url, step: 'clean-up' }, { action: 'disconnect' }, { signal });
}
