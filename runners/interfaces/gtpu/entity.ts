import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP, isIPv6 } from 'node:net';
import { deadline } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { ok } from '../../../src/kernel/result.ts';
import { ipBytes } from '../capture/ip-address.ts';
import { decodeElements, encodeElements, GTPU_ELEMENT } from './elements.ts';
import { decodeGtpu, encodeGtpu, GTPU_PORT, GTPU_TYPE, type GtpuPacket } from './packet.ts';
import {
  decodePduSession,
  encodePduSession,
  PDU_SESSION_CONTAINER,
  type PduSessionInformation,
} from './pdu-session.ts';
import { decodeRanContainer, encodeRanContainer, RAN_CONTAINER, type RanFrame } from './ran-container.ts';

/** Where another entity takes packets. */
export interface GtpuPeer {
  /** An address, not a name. */
  readonly host: string;
  readonly port: number;
}

/** A user's packet as it came out of a tunnel. */
export interface TunnelledPacket {
  readonly from: GtpuPeer;
  /** Ours: of the tunnel. */
  readonly teid: number;
  readonly information: PduSessionInformation | null;
  /** What the gNB-CU-UP or the gNB-DU says of the bearer with it. */
  readonly frame: RanFrame | null;
  /** Empty where something is said, and nothing carried. */
  readonly packet: Uint8Array;
}

/** What goes into a tunnel. */
export interface SentPacket {
  readonly teid: number;
  readonly packet: Uint8Array;
  readonly information?: PduSessionInformation | null;
  readonly frame?: RanFrame | null;
}

export interface GtpuEntityOptions {
  readonly host: string;
  /** Default 2152; 0: any. */
  readonly port?: number;
  /** Packets that are none, with what is wrong: told, and left. */
  readonly onFault?: (what: string, from: GtpuPeer) => void;
  /** Nothing more comes in that tunnel, also of one that is closed already. @see TS 29.281 clause 7.3.2 */
  readonly onEndMarker?: (marker: { readonly from: GtpuPeer; readonly teid: number }) => void;
  /** Of tunnels that the other end no longer knows: its TEID is sent back. @see TS 29.281 clause 7.3.1 */
  readonly onErrorIndication?: (indication: { readonly from: GtpuPeer; readonly teid: number }) => void;
}

type Take = (packet: TunnelledPacket) => void;

/**
 * One end of GTP-U: answers echo requests, sends and takes packets of users, and says ERROR INDICATION for tunnels that
 * it does not know.
 * @see TS 29.281 clauses 7.2 and 7.3
 */
export class GtpuEntity implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #options: GtpuEntityOptions;
  readonly #tunnels = new Map<number, Take>();
  readonly #echoes = new Map<number, (from: GtpuPeer) => void>();
  #sequence = 0;

  private constructor(socket: Socket, options: GtpuEntityOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (bytes, from) => {
      this.#take(bytes, { host: from.address, port: from.port });
    });
    // An ICMP error of a peer that is not there is for whoever waits for its answer to find out.
    socket.on('error', () => undefined);
  }

  /** @throws HarnessError `GTPU_PORT_TAKEN` when somebody else has that port, `INPUT_INVALID` for what is no address */
  static async open(options: GtpuEntityOptions): Promise<GtpuEntity> {
    const { host, port = GTPU_PORT } = options;
    if (isIP(host) === 0) throw new HarnessError('INPUT_INVALID', `${host} is no address`);
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    try {
      await listening;
    } catch (cause) {
      socket.close();
      throw new HarnessError('GTPU_PORT_TAKEN', `UDP port ${port} of ${host} cannot be had`, { cause });
    }
    return new GtpuEntity(socket, options);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** What comes for that TEID from now on goes to `take`. */
  openTunnel(teid: number, take: Take): void {
    this.#tunnels.set(teid, take);
  }

  closeTunnel(teid: number): void {
    this.#tunnels.delete(teid);
  }

  /** Puts a user's packet into the tunnel that the peer has given that TEID. */
  async send(to: GtpuPeer, { teid, packet, information = null, frame = null }: SentPacket): Promise<void> {
    const extensions = [
      ...(information === null
        ? []
        : [{ type: PDU_SESSION_CONTAINER, content: encodePduSession(information) }]),
      ...(frame === null ? [] : [{ type: RAN_CONTAINER, content: encodeRanContainer(frame) }]),
    ];
    await this.#emit(to, {
      ...{ type: GTPU_TYPE.gPdu, teid, sequence: null, nPdu: null, extensions, payload: packet },
    });
  }

  /** No more packets come for that tunnel: after a handover. @see TS 29.281 clause 7.3.2 */
  async endMarker(to: GtpuPeer, teid: number): Promise<void> {
    await this.#emit(to, { ...SIGNAL, type: GTPU_TYPE.endMarker, teid, sequence: null });
  }

  /**
   * Milliseconds until the peer has answered an echo request.
   * @throws HarnessError `DEADLINE` when it has not within that time
   */
  async echo(
    to: GtpuPeer,
    { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<number> {
    const sequence = this.#next();
    const askedAt = performance.now();
    using limit = deadline(signal, withinMs, 'the answer to a GTP-U echo request');
    try {
      const answered = new Promise<void>((resolve, reject) => {
        this.#echoes.set(sequence, (from) => {
          if (from.host === to.host) resolve();
        });
        limit.signal.addEventListener('abort', () => reject(limit.signal.reason as Error), { once: true });
      });
      answered.catch(() => undefined);
      await this.#emit(to, { ...SIGNAL, type: GTPU_TYPE.echoRequest, sequence });
      await answered;
    } finally {
      this.#echoes.delete(sequence);
    }
    return performance.now() - askedAt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #next(): number {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return this.#sequence;
  }

  #take(bytes: Uint8Array, from: GtpuPeer): void {
    const packet = decodeGtpu(Uint8Array.from(bytes));
    if (!packet.ok) {
      this.#options.onFault?.(packet.error, from);
      return;
    }
    const { type, sequence, payload, teid } = packet.value;
    if (type === GTPU_TYPE.endMarker) this.#options.onEndMarker?.({ from, teid });
    if (type === GTPU_TYPE.echoRequest) this.#answer(from, sequence ?? 0);
    if (type === GTPU_TYPE.echoResponse) this.#echoes.get(sequence ?? -1)?.(from);
    if (type === GTPU_TYPE.errorIndication) this.#hearOfError(payload, from);
    if (type === GTPU_TYPE.gPdu) this.#deliver(packet.value, from);
  }

  #deliver({ teid, extensions, payload }: GtpuPacket, from: GtpuPeer): void {
    const take = this.#tunnels.get(teid);
    if (take === undefined) {
      this.#refuse(from, teid);
      return;
    }
    const contentOf = (wanted: number) => extensions.find(({ type }) => type === wanted)?.content;
    const [session, ran] = [contentOf(PDU_SESSION_CONTAINER), contentOf(RAN_CONTAINER)];
    const information = session === undefined ? ok(null) : decodePduSession(session);
    const frame = ran === undefined ? ok(null) : decodeRanContainer(ran);
    if (!information.ok) this.#options.onFault?.(information.error, from);
    else if (!frame.ok) this.#options.onFault?.(frame.error, from);
    else take({ from, teid, information: information.value, frame: frame.value, packet: payload });
  }

  #answer(to: GtpuPeer, sequence: number): void {
    // The restart counter is of no meaning in GTP-U and 0. @see TS 29.281 clause 8.2
    const payload = encodeElements([{ type: GTPU_ELEMENT.recovery, value: Uint8Array.of(0) }]);
    this.#post(to, { ...SIGNAL, type: GTPU_TYPE.echoResponse, sequence, payload });
  }

  #refuse(to: GtpuPeer, teid: number): void {
    const id = new Uint8Array(4);
    new DataView(id.buffer).setUint32(0, teid);
    const payload = encodeElements([
      { type: GTPU_ELEMENT.teidDataI, value: id },
      { type: GTPU_ELEMENT.peerAddress, value: ipBytes(this.#socket.address().address) },
    ]);
    this.#post(
      { ...to, port: GTPU_PORT },
      { ...SIGNAL, type: GTPU_TYPE.errorIndication, sequence: 0, payload },
    );
  }

  #hearOfError(payload: Uint8Array, from: GtpuPeer): void {
    const elements = decodeElements(payload);
    const id = elements.ok
      ? elements.value.find(({ type }) => type === GTPU_ELEMENT.teidDataI)?.value
      : undefined;
    if (id === undefined) {
      this.#options.onFault?.(elements.ok ? 'an error indication without a TEID' : elements.error, from);
      return;
    }
    const teid = new DataView(id.buffer, id.byteOffset, 4).getUint32(0);
    this.#options.onErrorIndication?.({ from, teid });
  }

  /** Nobody waits: what cannot be sent is lost, as any datagram may be. */
  #post(to: GtpuPeer, packet: GtpuPacket): void {
    this.#socket.send(encodeGtpu(packet), to.port, to.host, () => undefined);
  }

  async #emit(to: GtpuPeer, packet: GtpuPacket): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.send(encodeGtpu(packet), to.port, to.host, (error) => {
        if (error === null) resolve();
        else reject(new HarnessError('GTPU_UNREACHABLE', `GTP-U to ${to.host}: ${error.message}`));
      });
    });
  }
}

const SIGNAL = { teid: 0, nPdu: null, extensions: [], payload: new Uint8Array() };
