import { isIPv6 } from 'node:net';
import type { Carrier, CarrierAddress } from './carrier.ts';
import { loadSocketCalls, type SocketCalls } from './socket-library.ts';
import { resolveHost } from './resolve.ts';
import { CHECKSUM_AT, HEADER_BYTES } from './packet-reader.ts';
import { writeChecksum } from './packet-writer.ts';
import { readSocketAddress, writeSocketAddress } from './socket-address.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

const [SOCK_RAW, SOCK_NONBLOCK, SOCK_CLOEXEC, IPPROTO_SCTP] = [3, 0o4000, 0o2000000, 132];
const SO_RCVBUF = 8;
const SOL_SOCKET = 1;
const BUFFER_BYTES = 4 * 1024 * 1024;
const PACKET_BYTES = 65_536;
/** How long closing may have to wait for the thread that waits for packets. */
const POLL_MS = 50;
const MTU_BYTES = { 4: 1_480, 6: 1_460 } as const;

/**
 * SCTP packets in IP, by a raw socket (Linux, CAP_NET_RAW). Every such socket of a host sees all packets of its address, and a
 * kernel that speaks SCTP itself answers them with ABORT: so one process for each address, and none where the kernel does.
 * `SCTP_TRANSPORT_UNUSABLE` where it is not permitted.
 */
export function openRawCarrier({ host }: { readonly host: string }): Carrier {
  const family = isIPv6(host) ? 6 : 4;
  const calls = loadSocketCalls();
  const fd = openSocket(calls, host, family);
  let closing: Promise<void> | undefined;
  let isOpen = true;
  return {
    transport: 'sctp:ts-raw',
    mtuBytes: MTU_BYTES[family],
    sharedAddress: host,
    send: (packet, to) => {
      const address = writeSocketAddress(to.host, 0);
      // What cannot be sent is lost, which SCTP is made for.
      if (isOpen) calls.sendTo(fd, packet, packet.length, 0, address, address.length);
    },
    receive: (handler) => {
      closing = receiveAll({ calls, fd, family, isOpen: () => isOpen }, handler);
    },
    resolve: (name) => resolveHost(name, family),
    [Symbol.asyncDispose]: async () => {
      if (!isOpen) return;
      isOpen = false;
      await closing;
      calls.close(fd);
    },
  };
}

function openSocket(calls: SocketCalls, host: string, family: 4 | 6): number {
  const fd = Number(
    calls.socket(family === 6 ? 10 : 2, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_SCTP),
  );
  if (fd < 0) {
    const why = `a raw socket for SCTP is refused (error ${calls.errno()}); it needs CAP_NET_RAW`;
    throw new HarnessError('SCTP_TRANSPORT_UNUSABLE', why);
  }
  const size = Buffer.alloc(4);
  size.writeInt32LE(BUFFER_BYTES);
  calls.setOption(fd, SOL_SOCKET, SO_RCVBUF, size, size.length);
  const address = writeSocketAddress(host, 0);
  if (calls.bind(fd, address, address.length) !== 0) {
    calls.close(fd);
    throw new HarnessError('SCTP_TRANSPORT_UNUSABLE', `${host} is no address of this machine`);
  }
  return fd;
}

interface Reading {
  readonly calls: SocketCalls;
  readonly fd: number;
  readonly family: 4 | 6;
  readonly isOpen: () => boolean;
}

async function receiveAll(
  { calls, fd, family, isOpen }: Reading,
  handler: (packet: Uint8Array, from: CarrierAddress) => void,
): Promise<void> {
  const buffer = Buffer.alloc(PACKET_BYTES);
  const from = Buffer.alloc(28);
  while (isOpen()) {
    await calls.readable(fd, POLL_MS);
    while (isOpen()) {
      const length = Number(calls.receiveFrom(fd, buffer, buffer.length, 0, from, [from.length]));
      if (length < 0) break;
      // With IPv4 the header comes too.
      const start = family === 4 ? ((buffer[0] ?? 0) & 0x0f) * 4 : 0;
      const packet = new Uint8Array(buffer.subarray(start, length));
      const host = readSocketAddress(from);
      fillChecksum(packet, host);
      handler(packet, { host, port: 0 });
    }
  }
}

/** Within a host nothing is damaged: stacks (usrsctp, and kernels as on a network card) leave the checksum out there. */
function fillChecksum(packet: Uint8Array, from: string): void {
  const isLeftOut = packet.subarray(CHECKSUM_AT, HEADER_BYTES).every((octet) => octet === 0);
  if (isLeftOut && packet.length >= HEADER_BYTES && isLoopback(from)) writeChecksum(packet);
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1';
}
