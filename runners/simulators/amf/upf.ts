import { HarnessError } from '../../../src/kernel/errors.ts';
import { GtpuEntity, type GtpuPeer } from '../../interfaces/gtpu/entity.ts';
import { decodeEcho, encodeEcho } from '../../interfaces/gtpu/icmp.ts';
import { openOnLoopback } from '../../interfaces/gtpu/loopback.ts';
import { GTPU_PORT } from '../../interfaces/gtpu/packet.ts';
import type { TunnelEnd } from '../../interfaces/ngap/transfers.ts';
import { ping } from '../ue/ping.ts';

/** The user plane of a session. */
export interface UpfSession {
  /** Where the node sends what goes up. */
  readonly end: TunnelEnd;
  /** Of the UE. */
  readonly address: string;
  readonly qfi: number;
  /** Where the node takes what goes down; `null` before it has said so. */
  down: TunnelEnd | null;
}

/** How it does what it does. */
export interface UpfBehaviour {
  /** Answers to a ping. */
  readonly answers: boolean;
  /** Whether what goes down follows a UE to another node. */
  readonly switches: boolean;
  /** Whether the node that a UE has left is told that nothing more comes. */
  readonly marksEnd: boolean;
}

const DEFAULT_FLOW = 1;
const LAST_HOST = 254;
/** Who pings a UE. */
const GATEWAY = '10.45.0.1';
/** Identifier of a ping that goes once; those of others begin with 1. */
const PROBE = 0;

/** A stand-in for a UPF: it has tunnels, and answers every ping in them. @see TS 23.501 clause 6.2.3 */
export class Upf implements AsyncDisposable {
  readonly #entity: GtpuEntity;
  readonly #host: string;
  readonly #behaviour: UpfBehaviour;
  readonly #sessions = new Map<number, UpfSession>();
  readonly #heard = new Map<number, (packet: Uint8Array) => void>();
  readonly #probed = new Map<number, () => void>();
  #last = 0;
  /** Packets of users that came up. */
  packets = 0;

  private constructor(entity: GtpuEntity, host: string, behaviour: UpfBehaviour) {
    this.#entity = entity;
    this.#host = host;
    this.#behaviour = behaviour;
  }

  /** @param host an address of ours; `null`: one of this machine that nobody else has @throws HarnessError GTPU_PORT_TAKEN */
  static async open(host: string | null, behaviour: UpfBehaviour): Promise<Upf> {
    const opened = host === null ? await openOnLoopback() : { host, entity: await GtpuEntity.open({ host }) };
    return new Upf(opened.entity, opened.host, behaviour);
  }

  /** A session with the next address of 10.45.0.0/16. */
  session(): UpfSession {
    this.#last += 1;
    const teid = this.#last;
    const [third, fourth] = [Math.floor(teid / LAST_HOST), (teid % LAST_HOST) + 1];
    const address = `10.45.${third & 0xff}.${fourth}`;
    const session: UpfSession = {
      ...{ end: { host: this.#host, teid }, address, qfi: DEFAULT_FLOW, down: null },
    };
    this.#sessions.set(teid, session);
    this.#entity.openTunnel(teid, ({ packet }) => this.#take(session, packet));
    return session;
  }

  close({ end }: UpfSession): void {
    this.#sessions.delete(end.teid);
    this.#entity.closeTunnel(end.teid);
  }

  /**
   * What goes down goes to another node from now on; the old one is told that nothing more comes.
   * @param down `null`: the session has no resources any more
   * @see TS 23.502 clause 4.9.1.3.3, TS 23.501 clause 5.8.2.9
   */
  switchPath(session: UpfSession, down: TunnelEnd | null): void {
    const before = session.down;
    if (!this.#behaviour.switches) return;
    session.down = down;
    if (before === null || !this.#behaviour.marksEnd) return;
    // As with packets of users: one that is lost is missed by whoever waits for it.
    this.#entity.endMarker(peerOf(before), before.teid).catch(() => undefined);
  }

  /** Milliseconds until the other end of a session has answered an echo request of GTP-U. */
  echo(
    { down }: UpfSession,
    limit: { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<number> {
    if (down === null) throw new HarnessError('GTPU_UNREACHABLE', 'the session has no other end yet');
    return this.#entity.echo(peerOf(down), limit);
  }

  /**
   * Milliseconds until the UE has answered a ping down its session; `null` when it has not.
   * @throws HarnessError GTPU_UNREACHABLE when the session has no other end; the reason of the signal
   */
  ping(
    session: UpfSession,
    limit: { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<number | null> {
    const { end, address, down } = session;
    if (down === null) throw new HarnessError('GTPU_UNREACHABLE', 'the session has no other end yet');
    return ping(
      {
        send: (packet) => {
          this.#post(session, packet);
          return Promise.resolve();
        },
        hear: (take) => {
          this.#heard.set(end.teid, take);
          return () => this.#heard.delete(end.teid);
        },
      },
      { from: GATEWAY, to: address, ...limit },
    );
  }

  /** Sends one ping down the session; what is returned says whether the UE has answered it meanwhile. */
  probe(session: UpfSession): () => boolean {
    const { end, address } = session;
    const probe = { identifier: PROBE, sequence: 1, data: new Uint8Array() };
    let isAnswered = false;
    this.#probed.set(end.teid, () => (isAnswered = true));
    this.#post(session, encodeEcho({ ...probe, kind: 'request', from: GATEWAY, to: address }));
    return () => isAnswered;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#entity[Symbol.asyncDispose]();
  }

  #take(session: UpfSession, packet: Uint8Array): void {
    this.packets += 1;
    this.#heard.get(session.end.teid)?.(packet);
    const echo = decodeEcho(packet);
    if (echo?.kind === 'reply' && echo.identifier === PROBE) this.#probed.get(session.end.teid)?.();
    if (echo?.kind !== 'request' || session.down === null || !this.#behaviour.answers) return;
    const { from, to } = echo;
    this.#post(session, encodeEcho({ ...echo, kind: 'reply', from: to, to: from }));
  }

  #post({ down, qfi }: UpfSession, packet: Uint8Array): void {
    if (down === null) return;
    const information = { way: 'downlink', qfi, reflective: false, pagingPolicy: null } as const;
    // Whoever waits for it finds out that it did not come.
    this.#entity.send(peerOf(down), { teid: down.teid, packet, information }).catch(() => undefined);
  }
}

function peerOf({ host }: TunnelEnd): GtpuPeer {
  return { host, port: GTPU_PORT };
}
