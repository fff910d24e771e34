import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Carrier, CarrierAddress } from './carrier.ts';
import { resolveHost } from './resolve.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

export interface UdpOptions {
  /** Address to bind, and with it the family; default 0.0.0.0. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
}

export interface UdpCarrier extends Carrier {
  readonly port: number;
}

const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;
/** What is left of an Ethernet frame after IP and UDP. */
const MTU_BYTES = { udp4: 1_472, udp6: 1_452 } as const;

/** SCTP packets in UDP datagrams, one socket for all peers. @see RFC 6951 */
export async function openUdpCarrier({ host = '0.0.0.0', port = 0 }: UdpOptions = {}): Promise<UdpCarrier> {
  const type = isIPv6(host) ? 'udp6' : 'udp4';
  const family = type === 'udp6' ? 6 : 4;
  const socket = createSocket({
    // Hosts are resolved once, not for every packet.
    lookup: (address, _options, done) => done(null, address, family),
    type,
    recvBufferSize: SOCKET_BUFFER_BYTES,
    sendBufferSize: SOCKET_BUFFER_BYTES,
  });
  await bind(socket, host, port);
  let isOpen = true;
  // Packets that cannot be sent are lost packets, which SCTP is made for.
  socket.on('error', () => {});
  return {
    transport: 'sctp:ts-udp',
    port: socket.address().port,
    mtuBytes: MTU_BYTES[type],
    send: (packet, to) => {
      if (isOpen) socket.send(packet, to.port, to.host, () => {});
    },
    receive: (handler: (packet: Uint8Array, from: CarrierAddress) => void) => {
      socket.on('message', (packet, { address, port: from }) =>
        handler(packet, { host: address, port: from }),
      );
    },
    resolve: (name) => resolveHost(name, family),
    [Symbol.asyncDispose]: async () => {
      if (!isOpen) return;
      isOpen = false;
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

async function bind(socket: Socket, host: string, port: number): Promise<void> {
  const listening = once(socket, 'listening');
  socket.bind(port, host);
  try {
    await listening;
  } catch (cause) {
    socket.close();
    throw new HarnessError('SCTP_PORT_TAKEN', `UDP port ${port} of ${host} cannot be had`, { cause });
  }
}
