import type { Tunnel } from '../../interfaces/ap/tunnel.ts';
import { GTPU_PORT } from '../../interfaces/gtpu/packet.ts';
import type { GtpuEntity, TunnelledPacket } from '../../interfaces/gtpu/entity.ts';
import type { PdcpSecurity } from '../../interfaces/pdcp/entity.ts';
import { type BearerEnds, bearerEnds } from '../../interfaces/rrc/bearers.ts';
import type { CuUpHas } from './defects.ts';

/** A data radio bearer: towards the gNB-DU it is PDUs of PDCP in a tunnel. */
export interface UpBearer {
  readonly drb: number;
  readonly qfis: readonly number[];
  readonly ends: BearerEnds;
  /** Of the tunnel in which the gNB-DU sends. */
  readonly teid: number;
  /** Where the gNB-DU takes what goes to the UE; null until it is known. */
  downlink: Tunnel | null;
  /** NR-U sequence number of what is sent next. */
  sequence: number;
}

export interface UpSession {
  readonly id: number;
  /** Of the tunnel in which the UPF sends. */
  readonly teid: number;
  uplink: Tunnel;
  readonly bearers: Map<number, UpBearer>;
}

export interface BearerWanted {
  readonly drb: number;
  readonly qfis: readonly number[];
  readonly snBits: 12 | 18;
  readonly security: PdcpSecurity;
}

export interface UserPlaneCounts {
  readonly uplink: number;
  readonly downlink: number;
  readonly discarded: number;
}

const NR_U_NUMBERS = 2 ** 24;
/** A gNB-DU is asked for its status with the first packet and each of so many. */
const POLL_EVERY = 8;

/** What carries the packets of users between UPFs and gNB-DUs. @see TS 38.401 clause 8.9, TS 38.425 */
export class UserPlane {
  readonly #gtpu: GtpuEntity;
  readonly #has: CuUpHas;
  #counts = { uplink: 0, downlink: 0, discarded: 0 };
  #nextTeid = 0x100;

  constructor(gtpu: GtpuEntity, has: CuUpHas) {
    this.#gtpu = gtpu;
    this.#has = has;
  }

  get counts(): UserPlaneCounts {
    return { ...this.#counts };
  }

  openSession(id: number, uplink: Tunnel): UpSession {
    const session: UpSession = { id, teid: this.#teid(), uplink, bearers: new Map() };
    this.#gtpu.openTunnel(session.teid, (packet) => this.#fromUpf(session, packet));
    return session;
  }

  openBearer(session: UpSession, { drb, qfis, snBits, security }: BearerWanted): UpBearer {
    const kind = snBits === 12 ? 'drb12' : 'drb18';
    const ends = bearerEnds({ kind, bearer: drb, sends: 'downlink' });
    ends.sender.security = security;
    ends.receiver.security = security;
    const teid = this.#has('same-teid-for-all') ? 0xff : this.#teid();
    const bearer: UpBearer = { drb, qfis, ends, teid, downlink: null, sequence: 0 };
    session.bearers.set(drb, bearer);
    this.#gtpu.openTunnel(teid, (packet) => this.#fromDu(session, bearer, packet));
    return bearer;
  }

  closeSession(session: UpSession): void {
    for (const drb of session.bearers.keys()) this.closeBearer(session, drb);
    if (!this.#has('release-keeps-tunnels')) this.#gtpu.closeTunnel(session.teid);
  }

  closeBearer(session: UpSession, drb: number): void {
    const bearer = session.bearers.get(drb);
    if (bearer === undefined || this.#has('release-keeps-tunnels')) return;
    this.#gtpu.closeTunnel(bearer.teid);
    session.bearers.delete(drb);
  }

  #fromUpf({ bearers }: UpSession, { information, packet }: TunnelledPacket): void {
    const all = [...bearers.values()];
    const bearer = all.find(({ qfis }) => qfis.includes(information?.qfi ?? -1)) ?? all[0];
    if (bearer === undefined || bearer.downlink === null) {
      this.#counts.discarded += 1;
      return;
    }
    const { sequence } = bearer;
    bearer.sequence = (sequence + 1) % NR_U_NUMBERS;
    const polls = sequence % POLL_EVERY === 0;
    const frame = { kind: 'downlinkData', sequence, polls, reportsDelivered: null } as const;
    this.#counts.downlink += 1;
    this.#send(bearer.downlink, { frame, packet: bearer.ends.sender.protect(packet) });
  }

  #fromDu({ uplink }: UpSession, { ends, qfis }: UpBearer, { packet }: TunnelledPacket): void {
    // A status of the gNB-DU alone.
    if (packet.length === 0) return;
    const received = ends.receiver.receive(packet);
    if (!received.ok || this.#has('uplink-lost')) {
      this.#counts.discarded += 1;
      return;
    }
    this.#counts.uplink += 1;
    const teid = this.#has('wrong-uplink-teid') ? uplink.teid + 1 : uplink.teid;
    const information = { way: 'uplink', qfi: qfis[0] ?? 0 } as const;
    this.#send({ ...uplink, teid }, { information, packet: received.value.sdu });
  }

  /** Nobody waits: what cannot be sent is lost, as any datagram may be. */
  #send({ host, teid }: Tunnel, packet: Omit<Parameters<GtpuEntity['send']>[1], 'teid'>): void {
    this.#gtpu.send({ host, port: GTPU_PORT }, { teid, ...packet }).catch(() => {
      this.#counts.discarded += 1;
    });
  }

  #teid(): number {
    this.#nextTeid += 1;
    return this.#nextTeid;
  }
}
