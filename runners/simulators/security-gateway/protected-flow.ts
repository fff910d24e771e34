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

/** Which of the two is the product. */
export type ProductEnd = 'client' | 'server';

export interface FlowOptions {
  readonly has: SegmentHas;
  /** That of the product, which all its flows share. */
  readonly gateway: Socket;
  readonly product: ProductEnd;
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
  readonly #options: FlowOptions;
  /** The gateway of the peer, and where the server is spoken with. */
  readonly #peerGateway: Socket;
  readonly #back: Socket;
  readonly #up: Direction;
  readonly #down: Direction;
  #isClosed = false;

  private constructor(options: FlowOptions, peerGateway: Socket, back: Socket) {
    const { has, passed, gateway, product, client, server } = options;
    this.#options = options;
    this.#peerGateway = peerGateway;
    this.#back = back;
    const [near, far] = product === 'client' ? [gateway, peerGateway] : [peerGateway, gateway];
    this.#up = new Direction({ has, passed, via: [near, far], between: [client, server] });
    this.#down = new Direction({ has, passed, via: [far, near], between: [server, client] });
    back.on('message', (bytes) => this.#down.send(bytes));
    peerGateway.on('message', (bytes) => this.#take(bytes, product === 'client' ? 'server' : 'client'));
  }

  static async open(options: FlowOptions): Promise<ProtectedFlow> {
    const peerGateway = await gatewayOnLoopback(options.has);
    return new ProtectedFlow(options, peerGateway, await bound({ host: options.server.host, port: 0 }));
  }

  /** From where its packets come to the gateway of the product. */
  get from(): string {
    return this.#peerGateway.address().address;
  }

  /** What has come from there. */
  atProduct(bytes: Uint8Array): void {
    this.#take(bytes, this.#options.product);
  }

  /** Somebody on the segment sends that to the gateway of the product, as if the peer had. */
  inject(bytes: Uint8Array): void {
    const { port, address } = this.#options.gateway.address();
    if (!this.#isClosed) this.#peerGateway.send(bytes, port, address);
  }

  /** A datagram of the client; once it is closed, nothing is sent. */
  send(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#up.send(bytes);
  }

  close(): void {
    this.#isClosed = true;
    this.#peerGateway.close();
    this.#back.close();
  }

  #take(outer: Uint8Array, by: ProductEnd): void {
    const { server, toClient } = this.#options;
    const opened = (by === 'server' ? this.#up : this.#down).open(outer);
    if (opened === undefined || this.#isClosed) return;
    if (by === 'server') this.#back.send(opened, server.port, server.host);
    else toClient(opened);
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
    const takesAll = has('segment-sequence-repeated') || has('segment-replay-accepted');
    if (!takesAll && !this.#window.take(sequence)) return undefined;
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
export function gatewayOnLoopback(has: SegmentHas): Promise<Socket> {
  const port = has('segment-unprotected') ? SCTP_UDP_PORT : ESP_UDP_PORT;
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
