import type { Equipment } from '../../../src/domain/equipment.ts';
import type { CaseId } from '../../../src/domain/ids.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { EntryIn } from '../../interfaces/ap/peer.ts';
import type { MessageName, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import type { Amf } from '../../simulators/amf/amf.ts';
import type { AmfUe } from '../../simulators/amf/core.ts';
import { askHook, hookUrl } from '../hook.ts';
import { type Core, type CoreNeeds, openCore } from '../ng/core.ts';
import { type NgIxit, ngIxit } from '../ng/ixit.ts';
import type { NgLink } from '../ng/link.ts';
import { wholeReset } from '../ng/resets.ts';
import { isServing } from './serving.ts';
import { notOffered, preparationIn, trigger } from '../ap/preparation.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { sctpEndPoint } from '../sctp-end-point.ts';

const KEY = 'ng.prepare';
const SETUP_CASE = 'NG-001' as CaseId;
const REGISTRATION_CASE = 'NG-004' as CaseId;
const POLL_MS = 5;

/** Runs a case against the gNB in `subjects[0]`; every association is shut down at the end. */
export async function driveGnb(
  bench: Bench,
  { signal, ...otherwise }: { readonly signal: AbortSignal } & Pick<CoreNeeds, 'behaviour' | 'handovers'>,
  behave: (driver: GnbDriver) => Promise<void>,
): Promise<void> {
  const [product] = bench.subjects;
  if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
  const ixit = ngIxit(product);
  const n3Host = sctpEndPoint(product, 'ng').tester.host ?? null;
  await using core = await openCore({ bench, product, ixit, signal, n3Host, ...otherwise });
  const driver = new GnbDriver({ bench, product, signal, ixit, core });
  try {
    await behave(driver);
  } finally {
    const url = hookUrl(product, KEY);
    if (url !== null && !signal.aborted)
      await askHook({ bench, url, step: 'clean-up' }, { action: 'disconnect' }, { signal });
  }
}

interface Parts {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly ixit: NgIxit;
  readonly core: Core;
}

/** What a procedure about a gNB drives with: the tester is an AMF, with what stands in for the rest of a core. */
export class GnbDriver {
  readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  get amf(): Amf {
    return this.parts.core.amf;
  }

  get waiting(): { readonly signal: AbortSignal; readonly withinMs: number } {
    const { signal, bench } = this.parts;
    return { signal, withinMs: bench.number('responseTimeMs') };
  }

  /** How long the product may take to begin what it was made to begin. */
  get triggerMs(): number {
    return this.parts.bench.number('triggerWithinMs');
  }

  /** What is seen from now on belongs to that step. */
  enter(step: string): void {
    this.parts.core.enter(step);
  }

  /** Has the product do something; one without a hook does it of itself, or does not. @throws Blocked */
  async order(step: string, wanted: Order, inWords: string): Promise<void> {
    const { bench, product, signal } = this.parts;
    this.enter(step);
    const { kind } = preparationIn(product, KEY);
    if (kind === 'none' || kind === 'automatic') return;
    await trigger({ bench, product, key: KEY, step, order: wanted, inWords }, { signal });
  }

  /** As above, of what no product does of itself. @throws Blocked */
  async mustOrder(step: string, wanted: Order, inWords: string): Promise<void> {
    const { kind } = preparationIn(this.parts.product, KEY);
    if (kind === 'none' || kind === 'automatic')
      throw notOffered(`ixit ${KEY} says of no way to have the product do this: ${wanted.action}`);
    await this.order(step, wanted, inWords);
  }

  /** Has the product connect. Null when it does not come in time. */
  async arrival(step = 'setup'): Promise<NgLink | null> {
    const { links, at } = this.parts.core;
    await this.order(step, { action: 'connect', ...at }, `connect to the AMF at ${JSON.stringify(at)}`);
    return this.until(() => links[0], this.triggerMs);
  }

  /** The product has set up. @throws Blocked */
  async ready(): Promise<NgLink> {
    const link = await this.arrival();
    const isUp = await this.until(() => this.#setUp(), this.triggerMs);
    if (link === null || isUp === null) throw notDone('NG Setup', SETUP_CASE);
    return link;
  }

  /** Another association on which the product has set up; null when there is none in time. @throws Blocked */
  async next(step: string): Promise<NgLink | null> {
    const { links, at } = this.parts.core;
    const known = links.length;
    await this.order(step, { action: 'connect', ...at }, 'connect again');
    const isUp = ({ peer }: NgLink): boolean =>
      this.amf.links.some((each) => each.peer === peer && each.node !== null);
    return this.until(() => links.slice(known).find(isUp), this.triggerMs);
  }

  #setUp(): true | undefined {
    return this.amf.links.some(({ node }) => node !== null) ? true : undefined;
  }

  imsiOf(subscriber: number): string {
    return this.parts.ixit.subscribers[subscriber]?.imsi ?? '';
  }

  /** A UE of the product is registered; null when it is not in time. @throws Blocked */
  async tryRegister(step: string, subscriber = 0): Promise<AmfUe | null> {
    const imsi = this.imsiOf(subscriber);
    await this.order(step, { action: 'register', imsi }, 'have a UE register');
    const look = (): AmfUe | undefined =>
      this.amf.ues.find(
        (ue) => ue.imsi === imsi && ue.nas.ue.state === 'registered' && ue.connection !== null,
      );
    return this.until(look, this.triggerMs);
  }

  /** @throws Blocked */
  async registered(subscriber = 0): Promise<AmfUe> {
    const ue = await this.tryRegister('registration', subscriber);
    if (ue === null) throw notDone('registration of a UE', REGISTRATION_CASE);
    return ue;
  }

  /** And has a session; null when it has not in time. @throws Blocked */
  async trySession(ue: AmfUe, step: string): Promise<true | null> {
    const order = { action: 'session', session: 1, ...(ue.imsi === null ? {} : { imsi: ue.imsi }) };
    await this.order(step, order, 'have the UE ask for a session');
    return this.until(() => (ue.nas.sessionsUp.length > 0 ? true : undefined), this.triggerMs);
  }

  async withSession(subscriber = 0): Promise<AmfUe> {
    const ue = await this.registered(subscriber);
    if ((await this.trySession(ue, 'session')) === null)
      throw Blocked.precondition('no session of the UE came up');
    return ue;
  }

  /** The first message of that name from the product since `from`; null when none comes in time. */
  awaits(
    link: NgLink,
    name: MessageName,
    { from, withinMs = this.waiting.withinMs }: { readonly from: number; readonly withinMs?: number },
  ): Promise<EntryIn<NgapShape> | null> {
    const fits = ({ decoded }: EntryIn<NgapShape>): boolean => decoded.message?.name === name;
    return link.waitFor(fits, { signal: this.parts.signal, withinMs, from });
  }

  /** Sends, and waits for anything that can come of it. */
  async provoke(link: NgLink, step: string, octets: Uint8Array | Outgoing): Promise<void> {
    this.enter(step);
    const from = link.next;
    await (octets instanceof Uint8Array ? link.sendBytes(step, octets) : link.send(step, octets));
    await link.waitFor(({ relation }) => relation !== 'again', { ...this.waiting, from });
  }

  /** Asks whether the product still serves. UEs are gone then. */
  async probe(link: NgLink, step = 'alive'): Promise<void> {
    this.enter(step);
    for (const each of this.amf.links) this.amf.forgetUesOf(each);
    await isServing(link, { step, ...this.waiting });
  }

  /** All UEs are released. */
  async resetAll(link: NgLink, step: string): Promise<void> {
    this.enter(step);
    const from = link.next;
    await link.send(step, wholeReset());
    for (const each of this.amf.links) this.amf.forgetUesOf(each);
    await this.awaits(link, 'NGResetAcknowledge', { from });
  }

  settle(ms: number): Promise<void> {
    return pause(ms, { signal: this.parts.signal });
  }

  /** What is looked for, as soon as it is there; null when it is not in time. @throws the reason of the signal */
  async until<T>(look: () => T | undefined, withinMs: number): Promise<T | null> {
    for (const end = performance.now() + withinMs; ;) {
      const found = look();
      if (found !== undefined) return found;
      if (performance.now() >= end) return null;
      await this.settle(POLL_MS);
    }
  }
}

type Order = JsonObject & { readonly action: string };

function notDone(what: string, shownBy: CaseId): Blocked {
  return Blocked.precondition(`the ${what} that the case begins with was not done`, shownBy);
}
