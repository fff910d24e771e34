import type { Tunnel } from '../../interfaces/ap/tunnel.ts';
import type { GtpuEntity, TunnelledPacket } from '../../interfaces/gtpu/entity.ts';
import { decodeEcho, encodeEcho } from '../../interfaces/gtpu/icmp.ts';
import { GTPU_PORT } from '../../interfaces/gtpu/packet.ts';
import type { DeliveryStatus } from '../../interfaces/gtpu/ran-container.ts';
import { RrcUeSide } from '../../interfaces/rrc/ue-side.ts';
import { ping, type Ping } from '../ue/ping.ts';
import { Ue } from '../ue/ue.ts';
import type { UeAction, UeProfile } from '../ue/types.ts';
import type { DuHas } from './defects.ts';

/** A bearer of a UE at the gNB-DU. */
interface DuBearer {
  readonly teid: number;
  readonly uplink: Tunnel;
  /** The highest PDCP sequence number that went to the UE. */
  delivered: number | null;
}

export interface DuUeDeps {
  readonly duId: number;
  readonly profile: UeProfile;
  readonly gtpu: GtpuEntity;
  readonly has: DuHas;
  /** Of the tunnel that is opened next. */
  readonly newTeid: () => number;
}

type Carried = Omit<Parameters<GtpuEntity['send']>[1], 'teid'>;

const DESIRED_BUFFER_BYTES = 1_000_000;

/** A UE in the cell, and what the gNB-DU has of it: NAS, RRC and the ends of its tunnels. */
export class DuUe {
  readonly duId: number;
  readonly nas: Ue;
  readonly rrc: RrcUeSide;
  cuId: number | null = null;
  /** It was announced by a handover, and is not there yet. */
  isExpected = false;
  readonly #deps: DuUeDeps;
  readonly #bearers = new Map<number, DuBearer>();
  /** Hear what comes for the UE, by bearer. */
  readonly #hearing = new Map<number, (packet: Uint8Array) => void>();

  constructor(deps: DuUeDeps) {
    this.#deps = deps;
    this.duId = deps.duId;
    this.nas = new Ue(deps.profile);
    this.rrc = new RrcUeSide({ kgnb: () => this.nas.kgnb, randomValue: BigInt(deps.duId) });
  }

  get bearers(): readonly number[] {
    return [...this.#bearers.keys()];
  }

  get imsi(): string {
    const { plmn, msin } = this.#deps.profile;
    return `${plmn}${msin}`;
  }

  /** Whether packets of that session can go both ways. */
  isUp(session: number): boolean {
    return this.#pathOf(session) !== null;
  }

  /** As {@link ping}; `null`, too, when there is no such session. */
  async ping(session: number, wanted: Omit<Ping, 'from'>): Promise<number | null> {
    const path = this.#pathOf(session);
    if (path === null) return null;
    const { from, drb, bearer } = path;
    return ping(
      {
        send: async (packet) => {
          const ends = this.rrc.drbs.get(drb);
          if (ends !== undefined) await this.#carry(bearer, { packet: ends.sender.protect(packet) });
        },
        hear: (take) => {
          this.#hearing.set(drb, take);
          return () => this.#hearing.delete(drb);
        },
      },
      { from, ...wanted },
    );
  }

  /** Its address, and the bearer that RRC has for the session, with the tunnel behind it. */
  #pathOf(id: number): { readonly from: string; readonly drb: number; readonly bearer: DuBearer } | null {
    const from = this.nas.sessions.find((session) => session.id === id && session.state === 'up')?.address;
    const [drb] = [...this.rrc.drbs].find(([, { session }]) => session === id) ?? [];
    const bearer = drb === undefined ? undefined : this.#bearers.get(drb);
    return from === undefined || drb === undefined || bearer === undefined ? null : { from, drb, bearer };
  }

  /** What of NAS goes out, in its order. */
  static sent(actions: readonly UeAction[]): readonly Extract<UeAction, { readonly do: 'send' }>[] {
    return actions.flatMap((action) => (action.do === 'send' ? [action] : []));
  }

  /** TEID of ours for what goes to the UE. */
  openBearer(drb: number, uplink: Tunnel): number {
    const { gtpu, has, newTeid } = this.#deps;
    const teid = has('same-teid-for-all') ? 0xff : newTeid();
    const bearer: DuBearer = { teid, uplink, delivered: null };
    this.#bearers.set(drb, bearer);
    gtpu.openTunnel(teid, (packet) => this.#fromCuUp(drb, bearer, packet));
    return teid;
  }

  closeBearer(drb: number): void {
    const bearer = this.#bearers.get(drb);
    if (bearer === undefined || this.#deps.has('release-forgotten')) return;
    this.#deps.gtpu.closeTunnel(bearer.teid);
    this.#bearers.delete(drb);
  }

  closeAll(): void {
    for (const drb of this.bearers) this.closeBearer(drb);
  }

  #fromCuUp(drb: number, bearer: DuBearer, { frame, packet }: TunnelledPacket): void {
    const ends = this.rrc.drbs.get(drb);
    const received = packet.length === 0 ? null : (ends?.receiver.receive(packet) ?? null);
    if (received?.ok === true) bearer.delivered = received.value.count;
    if (frame?.kind === 'downlinkData' && frame.polls) this.#report(bearer);
    if (received?.ok !== true || ends === undefined) return;
    this.#hearing.get(drb)?.(received.value.sdu);
    const echo = decodeEcho(received.value.sdu);
    if (echo?.kind !== 'request') return;
    const reply = encodeEcho({ ...echo, kind: 'reply', from: echo.to, to: echo.from });
    this.#send(bearer, { packet: ends.sender.protect(reply) });
  }

  /** @see TS 38.425 clause 5.4.2 */
  #report(bearer: DuBearer): void {
    if (this.#deps.has('no-delivery-status')) return;
    const { delivered } = bearer;
    const frame: DeliveryStatus = {
      ...{ kind: 'deliveryStatus', desiredBufferBytes: DESIRED_BUFFER_BYTES, isFinal: false, lost: [] },
      ...{ highestDelivered: delivered, highestTransmitted: delivered },
    };
    this.#send(bearer, { frame, packet: new Uint8Array(0) });
  }

  /** Nobody waits: what cannot be sent is lost, as any datagram may be. */
  #send(bearer: DuBearer, packet: Carried): void {
    this.#carry(bearer, packet).catch(() => {});
  }

  #carry({ uplink }: DuBearer, packet: Carried): Promise<void> {
    const { gtpu, has } = this.#deps;
    const teid = has('wrong-uplink-teid') ? uplink.teid + 1 : uplink.teid;
    return gtpu.send({ host: uplink.host, port: GTPU_PORT }, { teid, ...packet });
  }
}
