import type { Equipment } from '../../../src/domain/equipment.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import type { Outgoing } from '../../interfaces/ngap/types.ts';
import { numberIn } from '../../interfaces/ngap/values.ts';
import type { AmfUe, NodeLink } from '../../simulators/amf/core.ts';
import { askHook, hookUrl } from '../hook.ts';
import { type Core, type Network, openDoor, openNetwork } from '../ng/core.ts';
import { ngIxit, ngNetwork, type NgNetwork } from '../ng/ixit.ts';
import { missing, unusable } from '../ng/ixit-values.ts';
import type { NgLink } from '../ng/link.ts';
import { GnbDriver } from '../ng-gnb/gnb-driver.ts';
import { beginHandover, type HandoverTo } from '../ng-gnb/handover-required.ts';
import { lateOnly } from '../ng-gnb/sessions.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { namesOf, sidesIn } from './sides.ts';

/** Kinds of observations: where the UE is to go, whether it answers a ping, and whether one came to it that was sent on its way. */
export const [WANTED, PING, PROBE] = ['handover-to', 'ping', 'probe'] as const;
const KEY = 'ng.prepare';
const CLEAN_UP = 'clean-up';

/** One of the two, connected. */
export interface Node {
  readonly driver: GnbDriver;
  readonly link: NgLink;
}

/** Two gNBs of one AMF, which the tester is, and a UE with a session at the first. */
export interface HandoverPair {
  readonly bench: Bench;
  readonly source: Node;
  readonly target: Node;
  readonly ue: AmfUe;
  /** A cell of the target. */
  readonly cell: number;
  /** One that it has not, of the same gNB. */
  readonly strangeCell: number;
  /** Has the UE handed over to that cell; false when the source does not begin in time. @throws Blocked */
  readonly begin: (cell: number) => Promise<boolean>;
  /** The HANDOVER COMMAND that the source would be sent now; null when the target has not admitted the UE. It goes by nobody's hand but the case's. */
  readonly command: () => Promise<Outgoing | null>;
  /** Whether the target says that the UE has arrived: in its messages from `from` on, until so many ms have gone by. */
  readonly arrives: (within: { readonly from: number; readonly withinMs: number }) => Promise<boolean>;
  /** Pings the UE down its session, where that goes now, and observes what came of it. */
  readonly ping: (step: string) => Promise<void>;
  /** Sends the UE one packet where its session goes now; what is returned observes whether it has been answered meanwhile. */
  readonly probe: () => () => void;
}

/** Runs a case in which a UE is to go from one product to the other. @throws Blocked when it cannot begin */
export async function driveHandover(
  bench: Bench,
  { signal }: { readonly signal: AbortSignal },
  behave: (pair: HandoverPair) => Promise<void>,
): Promise<void> {
  const sides = sidesIn(bench);
  const [of, to] = [bench.subjects[sides.source], bench.subjects[sides.target]];
  if (of === undefined || to === undefined)
    throw new HarnessError('PLAN_INVALID', 'the plan has not two subjects');
  const desk = new CommandDesk();
  await using undo = new Teardown();
  const network = undo.use(await openBetween({ bench, of, to, desk, signal }));
  const doors = await openDoors(network, { undo, of, to, names: namesOf(sides) });
  const target = new GnbDriver({ ...{ bench, product: to, signal }, ...doors.target });
  const source = new GnbDriver({ ...{ bench, product: of, signal }, ...doors.source });
  try {
    const nodes = {
      target: { driver: target, link: await target.ready() },
      source: { driver: source, link: await source.ready() },
    };
    const ue = await source.withSession();
    await behave(pairOf({ bench, ...nodes, ue, desk, signal }, to));
  } finally {
    for (const product of [of, to]) await disconnect({ bench, product, signal });
  }
}

interface Between {
  readonly bench: Bench;
  readonly of: Equipment;
  readonly to: Equipment;
  readonly desk: CommandDesk;
  readonly signal: AbortSignal;
}

/** An AMF of both: of the subscribers of the source, whose UE goes. @throws Blocked when the two are not of one network */
async function openBetween({ bench, of, to, desk, signal }: Between): Promise<Network> {
  const [ixit, other] = [ngIxit(of), ngNetwork(to)];
  if (other.plmn !== ixit.plmn) throw unusable(`${to.id}: ixit plmn is not that of ${of.id}`);
  return openNetwork({
    ...{ bench, ixit, signal, n3Host: of.interfaces['ng']?.endpoint.tester?.host ?? null },
    behaviour: { sends: (message) => desk.sends(message) },
    settings: {
      tacs: [...new Set([ixit.tac, other.tac])],
      slices: slicesOf(ixit, other),
      // However long the UE may take, nobody but the case ends its handover.
      handoverWithinMs: 2 * bench.number('triggerWithinMs') + bench.number('responseTimeMs'),
    },
  });
}

function slicesOf(...networks: readonly NgNetwork[]): NgNetwork['slices'] {
  const named = networks.flatMap(({ slices }) =>
    slices.map((slice) => [JSON.stringify(slice), slice] as const),
  );
  return [...new Map(named).values()];
}

interface Opening {
  readonly undo: Teardown;
  readonly of: Equipment;
  readonly to: Equipment;
  readonly names: { readonly source: string; readonly target: string };
}

async function openDoors(network: Network, { undo, of, to, names }: Opening) {
  const doors = [
    undo.use(await openDoor(network, { product: of, called: names.source })),
    undo.use(await openDoor(network, { product: to, called: names.target })),
  ] as const;
  const enter = (step: string): void => {
    for (const door of doors) door.enter(step);
  };
  const withBoth = (core: Core): Core => ({ ...core, enter });
  return {
    source: { core: withBoth(doors[0]), ixit: ngIxit(of) },
    target: { core: withBoth(doors[1]), ixit: { ...ngNetwork(to), subscribers: [], homeKeys: [] } },
  };
}

type Meeting = Pick<HandoverPair, 'bench' | 'source' | 'target' | 'ue'> & Pick<Between, 'desk' | 'signal'>;

function pairOf({ desk, signal, ...met }: Meeting, to: Equipment): HandoverPair {
  const { bench, source, target, ue } = met;
  const { plmn, tac } = target.driver.parts.ixit;
  const gnb = gnbOf(target);
  const cell = cellOf(to);
  return {
    ...{ ...met, cell, strangeCell: strangerThan(cell, gnb.bits) },
    begin: (wanted) => {
      const where: HandoverTo = { plmn, gnb, tac, cell: wanted };
      bench.observe('handover', WANTED, { ...where });
      return beginHandover({ ...source, ue }, where);
    },
    command: async () => {
      const look = (): Outgoing | null | undefined => desk.held ?? (desk.isRefused ? null : undefined);
      return source.driver.until(look, source.driver.triggerMs);
    },
    arrives: async (within) => (await target.driver.awaits(target.link, 'HandoverNotify', within)) !== null,
    ping: async (step) => {
      const [session] = ue.userPlanes.values();
      if (session === undefined || session.down === null) return;
      source.driver.enter(step);
      const { withinMs } = source.driver.waiting;
      const { upf } = source.driver.amf;
      const echoMs = await upf.echo(session, { withinMs, signal }).catch(lateOnly);
      bench.observe(step, PING, { echoMs, pingMs: await upf.ping(session, { withinMs, signal }) });
    },
    probe: () => {
      const [session] = ue.userPlanes.values();
      const isAnswered = session === undefined ? () => false : source.driver.amf.upf.probe(session);
      return () => void bench.observe('after', PROBE, { isAnswered: isAnswered() });
    },
  };
}

function gnbOf({ driver, link }: Node): HandoverTo['gnb'] {
  const node = driver.amf.links.find(({ peer }: NodeLink) => peer === link.peer)?.node;
  const id =
    node !== undefined && node !== null && 'globalGNB-ID' in node.id ? node.id['globalGNB-ID'] : null;
  const bits = id !== null && 'gNB-ID' in id['gNB-ID'] ? id['gNB-ID']['gNB-ID'] : null;
  if (bits === null) throw Blocked.precondition(`${driver.parts.product.id} is no gNB`);
  return { id: numberIn(bits), bits: bits.length };
}

function cellOf(product: Equipment): number {
  const cell = product.ixit['ng.cell'];
  if (typeof cell === 'number' && Number.isInteger(cell) && cell >= 0 && cell < 2 ** CELL_BITS) return cell;
  throw missing(product, 'ng.cell', 'the NR cell identity of one of its cells, 36 bits');
}

const CELL_BITS = 36;

/** Of the same gNB, as far from that cell as there is room. */
function strangerThan(cell: number, gnbBits: number): number {
  const room = 2 ** (CELL_BITS - gnbBits);
  const own = cell % room;
  return cell - own + (room - 1 - own);
}

/** What goes out of the AMF, as far as the case has a hand in it. */
class CommandDesk {
  held: Outgoing | null = null;
  isRefused = false;

  sends(message: Outgoing): readonly Outgoing[] {
    this.isRefused ||= message.name === 'HandoverPreparationFailure';
    if (message.name !== 'HandoverCommand') return [message];
    this.held = message;
    return [];
  }
}

async function disconnect({
  bench,
  product,
  signal,
}: {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
}): Promise<void> {
  const url = hookUrl(product, KEY);
  if (url !== null && !signal.aborted)
    await askHook({ bench, url, step: CLEAN_UP }, { action: 'disconnect' }, { signal });
}
