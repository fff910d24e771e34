import { bearerContextSetup, downlinkTunnels, tunnelsSetUp } from '../../interfaces/e1ap/bearers.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import type { Ies } from '../../interfaces/e1ap/types.ts';
import type { Tunnel } from '../../interfaces/ap/tunnel.ts';
import { encodeEcho } from '../../interfaces/gtpu/icmp.ts';
import { type BearerEnds, bearerEnds } from '../../interfaces/rrc/bearers.ts';
import { type AsKeys, asKeys } from '../../interfaces/rrc/security.ts';
import { Blocked } from '../procedure.ts';
import { type TesterUserPlane, USER_DATA, WayCount } from '../user-plane/tester.ts';
import type { CuUpDriver, E1Link } from './driver.ts';

/** Of the tester: nobody else knows what it is for. */
const KGNB = new Uint8Array(32).fill(0x5a);
const ALGORITHMS = { ciphering: 2, integrity: 2 } as const;
export const KEYS: AsKeys = asKeys(KGNB, ALGORITHMS);
export const CU_CP_UE = 77;
const SESSION = 1;
const [UE_ADDRESS, SERVER_ADDRESS] = ['10.45.0.2', '10.45.0.1'] as const;

/** Two bearers: one with short sequence numbers, one with long ones. */
export const DRBS = [
  { drb: 1, snBits: 12, flows: [{ qfi: 1, fiveQi: 9 }] },
  { drb: 2, snBits: 18, flows: [{ qfi: 2, fiveQi: 7 }] },
] as const;

export interface ContextParts {
  readonly link: E1Link;
  readonly userPlane: TesterUserPlane;
  /** Default: {@link CU_CP_UE}. */
  readonly cuCpUe?: number;
}

/** A bearer context at the product, with the tester's ends of its tunnels. */
export class TesterContext {
  readonly userPlane: TesterUserPlane;
  /** What the UE is called by the gNB-CU-CP. */
  readonly cuCpUe: number;
  readonly #driver: CuUpDriver;
  readonly #link: E1Link;
  readonly #ends = new Map<number, BearerEnds>();
  readonly #downlinks = new Map<number, Tunnel>();
  #counts: { uplink: WayCount; downlink: WayCount } | null = null;
  #uplink: Tunnel | null = null;
  cuUpUe = 0;
  /** Where the product takes packets: of the UPF, and of the gNB-DU by bearer. */
  tunnels: { readonly n3: Tunnel; readonly f1u: ReadonlyMap<number, Tunnel> } | null = null;

  constructor(driver: CuUpDriver, { link, userPlane, cuCpUe = CU_CP_UE }: ContextParts) {
    this.cuCpUe = cuCpUe;
    this.#driver = driver;
    this.#link = link;
    this.userPlane = userPlane;
    for (const { drb, snBits } of DRBS) {
      const ends = bearerEnds({ kind: `drb${snBits}`, bearer: drb, sends: 'uplink' });
      const security = { ciphering: KEYS.userPlane.ciphering, integrity: KEYS.userPlane.integrity };
      ends.sender.security = security;
      ends.receiver.security = security;
      this.#ends.set(drb, ends);
      this.#downlinks.set(
        drb,
        userPlane.open(({ packet }) => this.#arrivedDown(ends, packet)),
      );
    }
  }

  /** BEARER CONTEXT SETUP REQUEST as it is meant, or with something changed. */
  request(change: Partial<Ies<'BearerContextSetupRequest'>> = {}): Ies<'BearerContextSetupRequest'> {
    const plmn = this.#driver.product.ixit['plmn'];
    this.#uplink ??= this.userPlane.open((packet) => {
      const { information } = packet;
      if (information?.way !== 'uplink') this.#counts?.uplink.wrong('no QoS flow is named towards the UPF');
      this.#counts?.uplink.arrived(packet.packet);
    });
    const session = {
      ...{ id: SESSION, slice: sliceOf(this.#driver), isIntegrityProtected: true },
      ...{ uplink: this.#uplink, drbs: DRBS },
    };
    const context = bearerContextSetup({
      ...{ cuCpUeId: this.cuCpUe, plmn: typeof plmn === 'string' ? plmn : '00101', algorithms: ALGORITHMS },
      ...{ keys: KEYS.userPlane, sessions: [session] },
    });
    return { ...context, ...change };
  }

  /** True when the product has set it up. */
  async setUp(step: string): Promise<boolean> {
    const { waiting } = this.#driver;
    const ies = this.request();
    const outcome = await this.#link.request(step, { name: 'BearerContextSetupRequest', ies }, waiting);
    if (outcome.kind !== 'successful') return false;
    const { 'gNB-CU-UP-UE-E1AP-ID': id, 'System-BearerContextSetupResponse': system } = outcome.message.ies;
    this.cuUpUe = id;
    const [session] = tunnelsSetUp(system);
    if (session === undefined) return false;
    this.tunnels = { n3: session.downlink, f1u: session.uplinks };
    return true;
  }

  /** Tells the product where the gNB-DU takes packets. */
  async modify(step: string): Promise<boolean> {
    const drbs = [...this.#downlinks].map(([drb, downlink]) => ({ drb, downlink }));
    const ies = downlinkTunnels({ cuCp: this.cuCpUe, cuUp: this.cuUpUe }, [{ id: SESSION, drbs }]);
    const request = { name: 'BearerContextModificationRequest', ies } as const;
    const outcome = await this.#link.request(step, request, this.#driver.waiting);
    return outcome.kind === 'successful';
  }

  /** All of it. @throws Blocked */
  async mustBeUp(): Promise<void> {
    if ((await this.setUp('context')) && (await this.modify('context'))) return;
    throw Blocked.precondition('the product did not set the bearer context up that the case begins with');
  }

  async release(step: string): Promise<void> {
    const ids = { 'gNB-CU-CP-UE-E1AP-ID': this.cuCpUe, 'gNB-CU-UP-UE-E1AP-ID': this.cuUpUe };
    const ies = { ...ids, Cause: { radioNetwork: 'normal-release' } } as const;
    await this.#link.request(step, { name: 'BearerContextReleaseCommand', ies }, this.#driver.waiting);
  }

  /** Packets in both directions on both bearers; what came of them is observed. */
  async exchange(step: string, { packets, withinMs }: { packets: number; withinMs: number }): Promise<void> {
    const { tunnels } = this;
    if (tunnels === null) return;
    const counts = { uplink: new WayCount('uplink'), downlink: new WayCount('downlink') };
    this.#counts = counts;
    for (let number = 0; number < packets; number += 1) {
      const { drb, flows } = DRBS[number % DRBS.length] ?? DRBS[0];
      const [down, up] = [echo('request', number), echo('reply', number)];
      counts.downlink.sent(down);
      const information = {
        way: 'downlink',
        qfi: flows[0].qfi,
        reflective: false,
        pagingPolicy: null,
      } as const;
      await this.userPlane.send(tunnels.n3, { information, packet: down });
      const [ends, f1u] = [this.#ends.get(drb), tunnels.f1u.get(drb)];
      counts.uplink.sent(up);
      if (ends !== undefined && f1u !== undefined)
        await this.userPlane.send(f1u, { packet: ends.sender.protect(up) });
    }
    await counts.uplink.settled(withinMs);
    await counts.downlink.settled(withinMs);
    for (const { data } of [counts.downlink, counts.uplink])
      this.#driver.bench.observe(step, USER_DATA, { ...data, wrong: [...data.wrong] });
  }

  #arrivedDown(ends: BearerEnds, packet: Uint8Array): void {
    if (packet.length === 0) return;
    const received = ends.receiver.receive(packet);
    if (received.ok) this.#counts?.downlink.arrived(received.value.sdu);
    else this.#counts?.downlink.wrong(received.error.text);
  }
}

function sliceOf({ product }: CuUpDriver): { readonly sst: number } {
  const { slices } = product.ixit;
  const [first] = Array.isArray(slices) ? (slices as readonly Json[]) : [];
  const sst = isJsonObject(first) ? first['sst'] : undefined;
  return { sst: typeof sst === 'number' ? sst : 1 };
}

function echo(kind: 'request' | 'reply', sequence: number): Uint8Array {
  const [from, to] = kind === 'request' ? [SERVER_ADDRESS, UE_ADDRESS] : [UE_ADDRESS, SERVER_ADDRESS];
  const data = new TextEncoder().encode(`packet ${sequence}`);
  return encodeEcho({ ...{ kind, sequence, data }, from, to, identifier: 1 });
}
