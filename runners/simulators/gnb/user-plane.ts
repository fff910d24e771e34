import { randomInt } from 'node:crypto';
import { pause } from '../../../src/kernel/deadline.ts';
import { GtpuEntity, type TunnelledPacket } from '../../interfaces/gtpu/entity.ts';
import { decodeEcho, encodeEcho } from '../../interfaces/gtpu/icmp.ts';
import { openOnLoopback } from '../../interfaces/gtpu/loopback.ts';
import { GTPU_PORT } from '../../interfaces/gtpu/packet.ts';
import type { TunnelEnd } from '../../interfaces/ngap/transfers.ts';

/** The user plane of a session, as the gNB has it. */
export interface RanSession {
  readonly id: number;
  /** Where the UPF takes what goes up. */
  readonly up: TunnelEnd;
  /** Where the gNB takes what goes down. */
  readonly down: TunnelEnd;
  readonly flows: readonly number[];
}

export interface Ping {
  /** Of the UE, and whom it pings. */
  readonly from: string;
  readonly to: string;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

const PING_OCTETS = 32;
const PING_EVERY_MS = 200;
const POLL_MS = 5;

/** The gNB's end of N3. */
export class UserPlane implements AsyncDisposable {
  readonly #entity: GtpuEntity;
  readonly host: string;
  readonly #heard = new Map<number, (packet: TunnelledPacket) => void>();
  #lastTeid = 0;

  private constructor(entity: GtpuEntity, host: string) {
    this.#entity = entity;
    this.host = host;
  }

  /** @param host an address of ours; `null`: one of this machine that nobody else has @throws HarnessError GTPU_PORT_TAKEN */
  static async open(host: string | null): Promise<UserPlane> {
    const opened = host === null ? await openOnLoopback() : { host, entity: await GtpuEntity.open({ host }) };
    return new UserPlane(opened.entity, opened.host);
  }

  session({ id, up, flows }: Omit<RanSession, 'down'>): RanSession {
    this.#lastTeid += 1;
    const teid = this.#lastTeid;
    this.#entity.openTunnel(teid, (packet) => this.#heard.get(teid)?.(packet));
    return { id, up, flows, down: { host: this.host, teid } };
  }

  close({ down }: RanSession): void {
    this.#entity.closeTunnel(down.teid);
  }

  /** Milliseconds until the UPF has answered an echo request of GTP-U. @throws HarnessError DEADLINE */
  echo(
    { up }: RanSession,
    limit: { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<number> {
    return this.#entity.echo({ host: up.host, port: GTPU_PORT }, limit);
  }

  /**
   * Milliseconds until a ping through the session has come back; `null` when none has. It goes out again and again: the way down may
   * be open only a moment later than the way up.
   */
  async ping({ up, down, flows }: RanSession, { from, to, withinMs, signal }: Ping): Promise<number | null> {
    const identifier = randomInt(1, 0xffff);
    const data = new Uint8Array(PING_OCTETS).fill(0x61);
    const sentAt: number[] = [];
    const tookMs: number[] = [];
    this.#heard.set(down.teid, ({ packet }) => {
      const echo = decodeEcho(packet);
      const at = echo?.kind === 'reply' && echo.identifier === identifier ? sentAt[echo.sequence] : undefined;
      if (at !== undefined) tookMs.push(performance.now() - at);
    });
    const information = { way: 'uplink', qfi: flows[0] ?? 1 } as const;
    for (const end = performance.now() + withinMs; tookMs.length === 0 && performance.now() < end;) {
      if (performance.now() - (sentAt.at(-1) ?? 0) >= PING_EVERY_MS) {
        const packet = encodeEcho({ kind: 'request', from, to, identifier, sequence: sentAt.length, data });
        sentAt.push(performance.now());
        await this.#entity.send({ host: up.host, port: GTPU_PORT }, { teid: up.teid, packet, information });
      }
      await pause(POLL_MS, { signal });
    }
    this.#heard.delete(down.teid);
    return tookMs[0] ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#entity[Symbol.asyncDispose]();
  }
}
