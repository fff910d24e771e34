import type { GtpuEntity, TunnelledPacket } from '../../interfaces/gtpu/entity.ts';
import { GTPU_PORT } from '../../interfaces/gtpu/packet.ts';
import type { TunnelEnd } from '../../interfaces/ngap/transfers.ts';

/** What is kept for a UE that has not arrived is bounded. */
const MOST_KEPT = 64;

/** What comes down while a UE is on its way: from the node that it has left to the one that it goes to. Sessions by their own tunnels. */
export class Forwarding {
  readonly #entity: GtpuEntity;
  readonly #to = new Map<number, TunnelEnd>();
  readonly #from = new Map<number, { readonly teid: number; readonly packets: TunnelledPacket[] }>();

  constructor(entity: GtpuEntity) {
    this.#entity = entity;
  }

  begin(session: number, to: TunnelEnd): void {
    this.#to.set(session, to);
  }

  sendOn(session: number, { packet, information }: TunnelledPacket): void {
    const to = this.#to.get(session);
    if (to === undefined) return;
    // As on any path: one that is lost is missed by whoever waits for it.
    this.#entity
      .send({ host: to.host, port: GTPU_PORT }, { teid: to.teid, packet, information })
      .catch(() => undefined);
  }

  open(session: number, teid: number): void {
    this.#from.set(session, { teid, packets: [] });
  }

  keep(session: number, packet: TunnelledPacket): void {
    const { packets = [] } = this.#from.get(session) ?? {};
    if (packets.length < MOST_KEPT) packets.push(packet);
  }

  /** What was kept, once. */
  kept(session: number): readonly TunnelledPacket[] {
    return this.#from.get(session)?.packets.splice(0) ?? [];
  }

  end(session: number): void {
    const { teid } = this.#from.get(session) ?? {};
    if (teid !== undefined) this.#entity.closeTunnel(teid);
    this.#from.delete(session);
    this.#to.delete(session);
  }
}
