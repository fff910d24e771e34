import type { Equipment } from '../../../src/domain/equipment.ts';
import type { CaseId } from '../../../src/domain/ids.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import type { EntryIn, OutcomeIn } from '../../interfaces/ap/peer.ts';
import { type NrCgi, setupRequest, type XnGnb } from '../../interfaces/xnap/node.ts';
import type { AnyAccepted, Ies, MessageName, Outgoing, XnapShape } from '../../interfaces/xnap/types.ts';
import { XNAP_PORT } from '../../interfaces/xnap/codec.ts';
import { type Connecting, mustConnect, tryConnect } from '../ap/connect.ts';
import { type ApDoor, openApDoor } from '../ap/door.ts';
import { XN } from '../ap/interfaces/xn.ts';
import { ApLink, type LinkWaiting } from '../ap/link.ts';
import { preparationIn, trigger } from '../ap/preparation.ts';
import { giveOrder, hookUrl, mustGiveOrder } from '../hook.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { dialledEndPoint } from '../sctp-end-point.ts';
import { openTowards } from '../sctp-transport.ts';
import { testerGnb } from './tester.ts';

export type XnLink = ApLink<XnapShape>;

/** IXIT `xn.prepare`, whose contract is in testplans/README-xn-hook.md. */
export const PREPARE = 'xn.prepare';
const TESTER = 'gnb';
/** The case that shows that Xn can be set up at all. */
const SETUP_CASE = 'XN-001' as CaseId;

/** The tester speaks for a neighbour; one gNB under test. */
export interface XnDriver {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  /** How long the product may take to answer. */
  readonly waiting: LinkWaiting;
  /** The gNB that the tester plays. */
  readonly gnb: XnGnb;
  /** What the tester does with what the product begins; by default nothing. */
  manners: (message: AnyAccepted, entry: EntryIn<XnapShape>) => readonly Outgoing[];
  /** A new association with the product, which listens; null when there was none in time. */
  associate(step: string): Promise<XnLink | null>;
  /** Sets Xn up on it. */
  ask(link: XnLink, step: string): Promise<OutcomeIn<XnapShape, 'XnSetupRequest'>>;
  /** True when that was done. */
  setUp(link: XnLink, step: string): Promise<boolean>;
  /** A first association on which Xn is set up. @throws Blocked */
  ready(step?: string): Promise<XnLink>;
  /** The tester listens, and the product is made to come. @throws Blocked when nothing can make it */
  welcome(): Promise<ApDoor<XnapShape>>;
  /** Has the product begin something; gives the number of the first message that can be of it. @throws Blocked */
  order(link: XnLink, order: XnOrder): Promise<number>;
  /** Whether it did; nothing is held against the product when not. */
  mayOrder(step: string, order: JsonObject): Promise<boolean>;
}

export interface XnOrder {
  readonly step: string;
  readonly order: JsonObject & { readonly action: string };
  readonly inWords: string;
}

/** Runs a case against the gNB in `subjects[0]`; every association is shut down at the end. */
export async function driveXn(
  bench: Bench,
  { signal }: { signal: AbortSignal },
  behave: (driver: XnDriver) => Promise<void>,
): Promise<void> {
  const [product] = bench.subjects;
  if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
  await using undo = new Teardown();
  await behave(makeDriver({ bench, product, signal, undo }));
}

interface Parts {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly undo: Teardown;
}

function makeDriver(parts: Parts): XnDriver {
  const { bench, product, signal } = parts;
  const gnb = testerGnb(product);
  const waiting = { signal, withinMs: bench.number('responseTimeMs') };
  const dial = dialling(parts, (message, entry) => driver.manners(message, entry));
  const url = hookUrl(product, PREPARE);
  const driver: XnDriver = {
    ...{ bench, product, signal, waiting, gnb },
    manners: () => [],
    associate: (step) => dial(step, tryConnect),
    ask: (link, step) => link.request(step, { name: 'XnSetupRequest', ies: setupRequest(gnb) }, waiting),
    setUp: async (link, step) => (await driver.ask(link, step)).kind === 'successful',
    async ready(step = 'setup') {
      const link = await dial(step, mustConnect);
      if (link !== null && (await driver.setUp(link, step))) return link;
      throw Blocked.precondition('the Xn setup that the case begins with was not done', SETUP_CASE);
    },
    welcome: () => openWelcome(parts, (message, entry) => driver.manners(message, entry)),
    async order(link, { step, order, inWords }) {
      link.enter(step);
      const from = link.next;
      await trigger({ bench, product, key: PREPARE, step, order, inWords }, { signal });
      return from;
    },
    mayOrder: async (step, order) => url !== null && giveOrder({ bench, url, step }, order, { signal }),
  };
  return driver;
}

type Handle = XnDriver['manners'];

/** Associations that the tester makes, all on one transport, opened with the first. */
function dialling({ bench, product, signal, undo }: Parts, handle: Handle) {
  let opened: Promise<Omit<Connecting, 'association' | 'step'>> | undefined;
  const open = async (): Promise<Omit<Connecting, 'association' | 'step'>> => {
    const endPoint = dialledEndPoint(product, { interface: 'xn', usualPort: XNAP_PORT });
    const transport = undo.use(await openTowards(bench, endPoint));
    return { bench, transport, endPoint, withinMs: bench.number('responseTimeMs') * 2 };
  };
  let count = 0;
  return async (step: string, connect: typeof tryConnect): Promise<XnLink | null> => {
    const towards = await (opened ??= open());
    const name = `association-${(count += 1)}`;
    const association = await connect({ ...towards, association: name, step }, { signal });
    if (association === null) return null;
    const parties = { association: name, tester: TESTER, product: product.role };
    const link = new ApLink<XnapShape>(XN, { bench, association, parties, step, handle });
    undo.defer(() => link.close());
    return link;
  };
}

/** The tester listens, and the product is told to come. */
async function openWelcome(
  { bench, product, signal, undo }: Parts,
  handle: Handle,
): Promise<ApDoor<XnapShape>> {
  const { kind } = preparationIn(product, PREPARE);
  const door = undo.use(await openApDoor(XN, { bench, product }, { tester: TESTER, handle }));
  const { host, port, udpPort } = door;
  const where = { host, port, ...(udpPort === undefined ? {} : { udpPort }) };
  const url = hookUrl(product, PREPARE);
  if (url !== null) {
    undo.defer(async () => {
      if (!signal.aborted)
        await giveOrder(
          { bench, url, step: 'clean-up' },
          { action: 'disconnect', interface: 'xn' },
          { signal },
        );
    });
    await mustGiveOrder(
      { bench, url, step: 'connect' },
      { action: 'connect', interface: 'xn', ...where },
      { signal },
    );
  } else if (kind === 'manual')
    bench.ask(`Have ${product.id} set Xn up with the gNB at ${host}, SCTP port ${port}, now`);
  return door;
}

/** The first association of the product, with its XN SETUP REQUEST; null when none came in time. */
export async function arrivalOf(
  { bench, signal }: XnDriver,
  door: ApDoor<XnapShape>,
): Promise<XnLink | null> {
  const withinMs = bench.number('connectWithinMs');
  const link = await door.arrival(0, { withinMs, signal });
  await link?.waitFor(isNamed('XnSetupRequest'), { withinMs, signal, from: 0 });
  return link;
}

export function isNamed(...names: readonly MessageName[]) {
  return ({ decoded }: EntryIn<XnapShape>): boolean => names.some((name) => name === decoded.message?.name);
}

/** The cells that the product has shown in its setup. */
export function cellsShown({ peer }: XnLink): readonly NrCgi[] {
  const shown = peer.journal.entries.findLast(
    (entry) => entry.direction === 'received' && isNamed('XnSetupResponse', 'XnSetupRequest')(entry),
  );
  const ies = (shown?.decoded.message?.ies ?? {}) as Partial<Ies<'XnSetupResponse'>>;
  return (ies['List-of-served-cells-NR'] ?? []).map((item) => item['served-cell-info-NR'].cellID);
}
