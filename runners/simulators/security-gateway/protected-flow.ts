import { randomBytes, randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type EspTransform, openEsp, sealEsp } from '../../interfaces/esp/esp.ts';
import { ReplayWindow } from '../../interfaces/esp/replay-window.ts';
import { type Hop, ipPacketAround } from '../../interfaces/capture/write-ip.ts';
import { onOwnLoopback } from '../../interfaces/udp/own-loopback.ts';
import type { SegmentHas } from './segment-defects.ts';

/** Somebody who sends and takes datagrams of UDP. */
export interface UdpEnd {
  readonly host: string;
  readonly port: number;
}

export interface FlowOptions {
  readonly has: SegmentHas;
  /** Gets what is for the client. */
  readonly toClient: (bytes: Uint8Array) => void;
  readonly client: UdpEnd;
  readonly server: UdpEnd;
  /** Gets every packet of IP that passes between the two gateways. */
  readonly passed: (packet: Uint8Array) => void;
}

/** @see RFC 3948 §2.1, RFC 6951 §4.1 */
const [ESP_UDP_PORT, SCTP_UDP_PORT] = [4_500, 9_899];
const TUNNEL_HEADER_BYTES = 28;
/** In the header of IP: a packet of IPv4 is what is carried. */
const IPV4_IN_IP = 4;
const FIRST_SPI = 256;

/** A client and its server, each behind a security gateway; what they say to each other passes between the gateways in a tunnel of ESP. */
export class ProtectedFlow {
  readonly #sockets: readonly Socket[];
  readonly #up: Direction;
  #isClosed = false;

  private constructor(sockets: readonly Socket[], up: Direction) {
    this.#sockets = sockets;
    this.#up = up;
  }

  static async open({ has, toClient, client, server, passed }: FlowOptions): Promise<ProtectedFlow> {
    const outerPort = has('segment-unprotected') ? SCTP_UDP_PORT : ESP_UDP_PORT;
    const [near, far] = [await onLoopback(outerPort), await onLoopback(outerPort)];
    const back = await bound({ host: server.host, port: 0 });
    const up = new Direction({ has, passed, via: [near, far], between: [client, server] });
    const down = new Direction({ has, passed, via: [far, near], between: [server, client] });
    far.on('message', (bytes) => {
      const opened = up.open(bytes);
      if (opened !== undefined) back.send(opened, server.port, server.host);
    });
    back.on('message', (bytes) => {
      down.send(bytes);
    });
    near.on('message', (bytes) => {
      const opened = down.open(bytes);
      if (opened !== undefined) toClient(opened);
    });
    return new ProtectedFlow([near, far, back], up);
  }

  /** A datagram of the client; once it is closed, nothing is sent. */
  send(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#up.send(bytes);
  }

  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets) socket.close();
  }
}

interface DirectionOptions extends Pick<FlowOptions, 'has' | 'passed'> {
  readonly via: readonly [from: Socket, to: Socket];
  readonly between: readonly [from: UdpEnd, to: UdpEnd];
}

/** From one gateway to the other: a security association of its own. */
class Direction {
  readonly #options: DirectionOptions;
  readonly #spi = randomInt(FIRST_SPI, 0xffff_ffff);
  readonly #transform: EspTransform;
  readonly #window = new ReplayWindow();
  #sequence = 0;

  constructor(options: DirectionOptions) {
    this.#options = options;
    const key = randomBytes(32);
    this.#transform = options.has('segment-readable')
      ? { kind: 'null', key }
      : { kind: 'aes-gcm', key, salt: randomBytes(4) };
  }

  send(bytes: Uint8Array): void {
    const { via, passed } = this.#options;
    const [from, to] = [via[0].address(), via[1].address()];
    const outer = this.#sealed(bytes);
    passed(
      ipPacketAround(
        outer,
        { host: from.address, udpPort: from.port },
        { host: to.address, udpPort: to.port },
      ),
    );
    via[0].send(outer, to.port, to.address);
  }

  /** `undefined` for what is not taken. */
  open(outer: Uint8Array): Uint8Array | undefined {
    const { has } = this.#options;
    if (has('segment-unprotected')) return outer;
    const opened = openEsp({ spi: this.#spi, transform: this.#transform }, outer);
    if (!opened.ok) return undefined;
    const { sequence, payload } = opened.value;
    if (!has('segment-sequence-repeated') && !this.#window.take(sequence)) return undefined;
    return payload.subarray(TUNNEL_HEADER_BYTES);
  }

  #sealed(bytes: Uint8Array): Uint8Array {
    const { has, between } = this.#options;
    if (has('segment-unprotected')) return bytes;
    if (!has('segment-sequence-repeated') || this.#sequence === 0) this.#sequence += 1;
    const [from, to] = between.map(({ host, port }) => ({ host, udpPort: port })) as [Hop, Hop];
    const payload = ipPacketAround(bytes, from, to);
    const contents = { sequence: this.#sequence, nextHeader: IPV4_IN_IP, payload };
    return sealEsp({ spi: this.#spi, transform: this.#transform }, contents);
  }
}

/** The port is always the same, so each gateway has an address of its own. */
function onLoopback(port: number): Promise<Socket> {
  return onOwnLoopback(
    (host) => bound({ host, port }),
    (error) => (error as NodeJS.ErrnoException).code === 'EADDRINUSE',
  );
}

export async function bound({ host, port }: UdpEnd): Promise<Socket> {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(port, host);
  try {
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
  // That nobody is there any more is for the ends to find out.
  socket.on('error', () => undefined);
  return socket;
}
