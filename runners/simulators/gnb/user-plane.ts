import { GtpuEntity, type TunnelledPacket } from '../../interfaces/gtpu/entity.ts';
import { decodeEcho, encodeEcho } from '../../interfaces/gtpu/icmp.ts';
import { openOnLoopback } from '../../interfaces/gtpu/loopback.ts';
import { GTPU_PORT } from '../../interfaces/gtpu/packet.ts';
import type { TunnelEnd } from '../../interfaces/ngap/transfers.ts';
import { ping, type Ping } from '../ue/ping.ts';
import { Forwarding } from './forwarding.ts';

/** The user plane of a session, as the gNB has it. */
export interface RanSession {
  readonly id: number;
  /** Where the UPF takes what goes up. */
  readonly up: TunnelEnd;
  /** Where the gNB takes what goes down. */
  readonly down: TunnelEnd;
  readonly flows: readonly number[];
}

/** The gNB's end of N3. */
export class UserPlane implements AsyncDisposable {
  readonly #entity: GtpuEntity;
  readonly host: string;
  readonly #heard = new Map<number, (packet: TunnelledPacket) => void>();
  /** Tunnels whose UE is there. */
  readonly #attended = new Set<number>();
  readonly #forwarding: Forwarding;
  /** Tunnels of which it was said that nothing more comes in them. */
  readonly #ended: Set<number>;
  #lastTeid = 0;

  private constructor(entity: GtpuEntity, host: string, ended: Set<number>) {
    this.#entity = entity;
    this.host = host;
    this.#ended = ended;
    this.#forwarding = new Forwarding(entity);
  }

  /** @param host an address of ours; `null`: one of this machine that nobody else has @throws HarnessError GTPU_PORT_TAKEN */
  static async open(host: string | null): Promise<UserPlane> {
    const ended = new Set<number>();
    const onEndMarker = ({ teid }: { readonly teid: number }): void => void ended.add(teid);
    const opened =
      host === null
        ? await openOnLoopback({ onEndMarker })
        : { host, entity: await GtpuEntity.open({ host, onEndMarker }) };
    return new UserPlane(opened.entity, opened.host, ended);
  }

  session({ id, up, flows }: Omit<RanSession, 'down'>): RanSession {
    this.#lastTeid += 1;
    const teid = this.#lastTeid;
    const session = { id, up, flows, down: { host: this.host, teid } };
    this.#entity.openTunnel(teid, (packet) => {
      this.#heard.get(teid)?.(packet);
      if (this.#attended.has(teid)) this.#answer(session, packet);
      else this.#forwarding.sendOn(teid, packet);
    });
    return session;
  }

  /** What still comes down for a UE that has left goes there. @see TS 23.502 clause 4.9.1.3 */
  sendOn({ down }: RanSession, to: TunnelEnd): void {
    this.#forwarding.begin(down.teid, to);
  }

  /** Where the node that a UE leaves sends what still comes down; it is kept until the UE is there. */
  takeForwarded(session: RanSession): TunnelEnd {
    this.#lastTeid += 1;
    const teid = this.#lastTeid;
    this.#forwarding.open(session.down.teid, teid);
    this.#entity.openTunnel(teid, (packet) => {
      if (this.#attended.has(session.down.teid)) this.#answer(session, packet);
      else this.#forwarding.keep(session.down.teid, packet);
    });
    return { host: this.host, teid };
  }

  /** From now on the UE of the session is there, or is not: one that is answers pings. */
  attend(session: RanSession, isThere: boolean): void {
    const { teid } = session.down;
    if (isThere) this.#attended.add(teid);
    else this.#attended.delete(teid);
    if (isThere) for (const packet of this.#forwarding.kept(teid)) this.#answer(session, packet);
  }

  #answer({ up, flows }: RanSession, { packet }: TunnelledPacket): void {
    const echo = decodeEcho(packet);
    if (echo?.kind !== 'request') return;
    const { from, to } = echo;
    const reply = encodeEcho({ ...echo, kind: 'reply', from: to, to: from });
    const information = { way: 'uplink', qfi: flows[0] ?? 1 } as const;
    // Whoever waits for it finds out that it did not come.
    this.#entity
      .send({ host: up.host, port: GTPU_PORT }, { teid: up.teid, packet: reply, information })
      .catch(() => undefined);
  }

  /** Whether the UPF has said that nothing more comes for that session here. */
  hasEnded({ down }: RanSession): boolean {
    return this.#ended.has(down.teid);
  }

  close({ down }: RanSession): void {
    this.#attended.delete(down.teid);
    this.#forwarding.end(down.teid);
    this.#entity.closeTunnel(down.teid);
  }

  /** Milliseconds until the UPF has answered an echo request of GTP-U. @throws HarnessError DEADLINE */
  echo(
    { up }: RanSession,
    limit: { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<number> {
    return this.#entity.echo({ host: up.host, port: GTPU_PORT }, limit);
  }

  /** As {@link ping}. */
  ping({ up, down, flows }: RanSession, wanted: Ping): Promise<number | null> {
    const information = { way: 'uplink', qfi: flows[0] ?? 1 } as const;
    const { teid } = up;
    return ping(
      {
        send: (packet) =>
          this.#entity.send({ host: up.host, port: GTPU_PORT }, { teid, packet, information }),
        hear: (take) => {
          this.#heard.set(down.teid, ({ packet }) => take(packet));
          return () => this.#heard.delete(down.teid);
        },
      },
      wanted,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#entity[Symbol.asyncDispose]();
  }
}
