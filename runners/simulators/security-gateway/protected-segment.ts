import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_UDP_PORT } from '../../interfaces/sctp/connecting.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { captureHead, capturedPacket } from '../../interfaces/capture/write-capture.ts';
import { bound, gatewayOnLoopback, type ProductEnd, ProtectedFlow, type UdpEnd } from './protected-flow.ts';
import type { SegmentHas } from './segment-defects.ts';
import { listenForPackets } from './segment-injection.ts';

const MAX_FLOWS = 32;
/** Behind a reader that is slower than this nothing is written any more. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** As an equipment file has it under `transport.taps`. */
export type SegmentAccess = Readonly<Record<'url' | 'inject' | 'gateway', string>>;

interface SegmentParts {
  readonly front: Socket;
  readonly gateway: Socket;
  readonly has: SegmentHas;
  readonly product: ProductEnd;
}

/**
 * What lies between a product and its peer where each is in a site of its own: their security gateways, and between these a segment that
 * somebody can tap, and can put packets onto. Whoever sends to `port` speaks with `server`, SCTP in UDP, without knowing of it.
 */
export class ProtectedSegment {
  readonly #parts: SegmentParts;
  /** By the port of the client. */
  readonly #flows = new Map<number, Promise<ProtectedFlow>>();
  /** By the address of the gateway of the peer. */
  readonly #byPeer = new Map<string, ProtectedFlow>();
  readonly #taps = new Set<ServerResponse>();
  #server: UdpEnd | null;

  private constructor(parts: SegmentParts, server: UdpEnd | null) {
    this.#parts = parts;
    this.#server = server;
    parts.front.on('message', (bytes, from) => {
      void this.#send(bytes, { host: from.address, port: from.port });
    });
    parts.gateway.on('message', (bytes, from) => this.#byPeer.get(from.address)?.atProduct(bytes));
  }

  /**
   * @param host at which clients find it
   * @param options `server` is the product; without one, the product is the client and says later where the server is
   */
  static async open(
    host: string,
    { has, server = null }: { readonly has: SegmentHas; readonly server?: UdpEnd | null },
  ): Promise<ProtectedSegment> {
    const [front, gateway] = [await bound({ host, port: 0 }), await gatewayOnLoopback(has)];
    const product = server === null ? 'client' : 'server';
    return new ProtectedSegment({ front, gateway, has, product }, server);
  }

  /** Lets somebody tap it and put packets onto it. */
  async offer(): Promise<SegmentAccess> {
    const http = createServer((_, response) => {
      this.#tap(response);
    });
    const listening = once(http, 'listening');
    http.listen(0, '127.0.0.1');
    await listening;
    const { port } = http.address() as AddressInfo;
    const { address: gateway } = this.#parts.gateway.address();
    const inject = await listenForPackets({
      gateway,
      passed: (packet) => this.#passed(packet),
      datagram: (payload, from) => this.#byPeer.get(from)?.inject(payload),
    });
    return { url: `http://127.0.0.1:${port}/`, inject, gateway };
  }

  /** Of UDP. */
  get port(): number {
    return this.#parts.front.address().port;
  }

  /** The same transport, for a product that connects: the peer is the server then, and is spoken with by way of the segment. */
  carry(transport: SctpTransport): SctpTransport {
    return {
      name: transport.name,
      listen: (options) => transport.listen(options),
      connect: (options, limit) => {
        this.#lead({ host: options.host, port: options.remoteUdpPort ?? DEFAULT_UDP_PORT });
        const { address: host, port: remoteUdpPort } = this.#parts.front.address();
        return transport.connect({ ...options, host, remoteUdpPort }, limit);
      },
      [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
    };
  }

  #lead(server: UdpEnd): void {
    if (this.#server?.host === server.host && this.#server.port === server.port) return;
    this.#server = server;
    for (const client of this.#flows.keys()) this.#end(client);
  }

  async #send(bytes: Uint8Array, client: UdpEnd): Promise<void> {
    const flow = this.#flows.get(client.port) ?? this.#begin(client);
    (await flow)?.send(bytes);
  }

  #begin(client: UdpEnd): Promise<ProtectedFlow> | undefined {
    const server = this.#server;
    if (server === null) return undefined;
    const [oldest] = this.#flows.size < MAX_FLOWS ? [] : this.#flows.keys();
    if (oldest !== undefined) this.#end(oldest);
    const flow = ProtectedFlow.open({
      ...{ ...this.#parts, client, server },
      toClient: (bytes) => {
        this.#parts.front.send(bytes, client.port, client.host);
      },
      passed: (packet) => {
        this.#passed(packet);
      },
    });
    this.#flows.set(client.port, flow);
    void flow.then((begun) => this.#byPeer.set(begun.from, begun));
    return flow;
  }

  #end(client: number): void {
    const flow = this.#flows.get(client);
    this.#flows.delete(client);
    void flow?.then((ended) => {
      this.#byPeer.delete(ended.from);
      ended.close();
    });
  }

  /** Whoever asks gets a capture of what passes from then on, while it passes. */
  #tap(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/x-pcapng' });
    response.write(captureHead([{ name: 'segment' }]));
    this.#taps.add(response);
    response.on('close', () => this.#taps.delete(response));
  }

  #passed(packet: Uint8Array): void {
    if (this.#taps.size === 0) return;
    const record = capturedPacket(packet, BigInt(Date.now()) * 1_000_000n);
    for (const tap of this.#taps) {
      if (tap.writableLength > MAX_UNREAD_BYTES) tap.destroy();
      else tap.write(record);
    }
  }
}
