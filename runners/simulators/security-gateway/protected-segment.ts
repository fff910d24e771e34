import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_UDP_PORT } from '../../interfaces/sctp/connecting.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { captureHead, capturedPacket } from '../../interfaces/capture/write-capture.ts';
import { bound, ProtectedFlow, type UdpEnd } from './protected-flow.ts';
import type { SegmentHas } from './segment-defects.ts';

const MAX_FLOWS = 32;
/** Behind a reader that is slower than this nothing is written any more. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/**
 * What lies between a product and its peer where each is in a site of its own: their security gateways, and between these a segment that
 * somebody can tap. Whoever sends to `port` speaks with `server`, SCTP in UDP, without knowing of it.
 */
export class ProtectedSegment {
  readonly #front: Socket;
  readonly #has: SegmentHas;
  /** By the port of the client. */
  readonly #flows = new Map<number, Promise<ProtectedFlow>>();
  readonly #taps = new Set<ServerResponse>();
  #server: UdpEnd | null;
  readonly tapUrl: string;

  private constructor(
    front: Socket,
    { has, server, tapUrl }: { has: SegmentHas; server: UdpEnd | null; tapUrl: string },
  ) {
    this.#front = front;
    this.#has = has;
    this.#server = server;
    this.tapUrl = tapUrl;
    front.on('message', (bytes, from) => {
      void this.#send(bytes, { host: from.address, port: from.port });
    });
  }

  /** @param host at which clients find it */
  static async open(
    host: string,
    { has, server = null }: { readonly has: SegmentHas; readonly server?: UdpEnd | null },
  ): Promise<ProtectedSegment> {
    const http = createServer((_, response) => {
      segment.#tap(response);
    });
    const listening = once(http, 'listening');
    http.listen(0, '127.0.0.1');
    await listening;
    const { port } = http.address() as AddressInfo;
    const front = await bound({ host, port: 0 });
    const segment = new ProtectedSegment(front, { has, server, tapUrl: `http://127.0.0.1:${port}/` });
    return segment;
  }

  /** Of UDP. */
  get port(): number {
    return this.#front.address().port;
  }

  /** The same transport, for a product that connects: the peer is the server then, and is spoken with by way of the segment. */
  carry(transport: SctpTransport): SctpTransport {
    return {
      name: transport.name,
      listen: (options) => transport.listen(options),
      connect: (options, limit) => {
        this.#lead({ host: options.host, port: options.remoteUdpPort ?? DEFAULT_UDP_PORT });
        const { address: host, port: remoteUdpPort } = this.#front.address();
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
      ...{ has: this.#has, client, server },
      toClient: (bytes) => {
        this.#front.send(bytes, client.port, client.host);
      },
      passed: (packet) => {
        this.#passed(packet);
      },
    });
    this.#flows.set(client.port, flow);
    return flow;
  }

  #end(client: number): void {
    const flow = this.#flows.get(client);
    this.#flows.delete(client);
    void flow?.then((ended) => {
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
